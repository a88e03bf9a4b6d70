"""What the network can run on here, and how fast each steps it."""

import ctypes.util
import dataclasses
from collections.abc import Iterator

import msgspec

from antiphon.adapters.engines.budget import Candidate, Casting, step_time
from antiphon.adapters.engines.kinds import maker_of, model_of
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.opening import understudy_of
from antiphon.adapters.engines.runtime import CPU, GPU, OR_THE_CPU
from antiphon.adapters.engines.stopwatch import Trial, try_out
from antiphon.adapters.pacer import clock
from antiphon.errors import ConfigurationError, ModelError
from antiphon.findings import Finding
from antiphon.settings import Config

SLOW = 1000.0
"""Microseconds. What is due waits while a step is taken, so a step should be over in the time that a note
takes through a MIDI cable anyway.
"""

UNLIKE = 0.3
"""Difference of a state from the CPU's, on a scale from -1 to 1, that roundings do not explain."""


def check_accelerators(config: Config) -> Iterator[Finding]:
    """Try the CPU, the GPU, and the delegate that is asked for or that this machine has.

    Of the one that is asked for, say too whether it keeps to its budget, and what is done if not.
    """
    if config.engine.kind != "lstm":
        yield of_the_budget(config, timed(config))
        return
    try:
        shipped = find_network(model_of(config))
    except ModelError:  # why, the check of the model tells
        yield Finding("CPU", "could be better", "not tried, as there is no model to try it with")
        return
    model, asked = shipped.path, config.engine.accelerator
    trials = {CPU: try_out(model, CPU)}
    yield of_the_cpu(trials[CPU], asked)
    for other in (GPU, *_delegates(asked)):
        trials[other] = try_out(model, other)
        yield of_another(other, trials[other], trials[CPU], asked)
    if not trials[asked].trouble:
        yield of_the_budget(config, Candidate(shipped.card.name, trials[asked].seconds_for_an_event))


def of_the_budget(config: Config, principal: Candidate) -> Finding:
    """Return what is said about the time that an event takes; an understudy is tried where one is needed."""
    try:
        understudy = understudy_of(config)
    except ConfigurationError as error:
        return Finding("budget", "missing", str(error), exit_code=error.exit_code)
    casting = Casting(principal, config.engine.longest_step)
    if not casting.is_in_time and understudy is not None:
        casting = dataclasses.replace(casting, understudy=timed(understudy))
    remedy = (
        "" if casting.is_in_time else "choose a smaller one of `antiphon models`, or a faster accelerator"
    )
    figures = dataclasses.asdict(casting)
    return Finding("budget", "could be better" if remedy else "good", str(casting), remedy, figures=figures)


def timed(config: Config) -> Candidate:
    """Return the engine of a configuration by its name, with the time that an event takes."""
    maker = maker_of(config)
    return Candidate(maker.name, step_time(maker.make(0), clock))


def of_the_cpu(trial: Trial, asked: str) -> Finding:
    """Return what is said about the CPU."""
    if trial.trouble or not trial.step or not trial.bare:
        return _trouble("CPU", trial, asked == CPU)
    bare = f"{trial.bare.median:.0f} us"
    value = f"one core takes {_time(trial)} for a step of the network, of which the bare graph {bare}"
    figures = _figures(trial)
    if trial.step.median > SLOW:
        remedy = "choose a smaller one of `antiphon models`, or see what else this machine is doing"
        return Finding("CPU", "could be better", value, remedy, figures=figures)
    return Finding("CPU", "good", value, figures=figures)


def of_another(accelerator: str, trial: Trial, cpu: Trial, asked: str) -> Finding:
    """Return what is said about the GPU or a delegate, in the light of what the CPU does."""
    name = "GPU" if accelerator == GPU else "delegate"
    if trial.trouble or not trial.step:
        return _trouble(name, trial, asked == accelerator)
    device = trial.device or accelerator
    value, remedy = f"{device} takes {_time(trial)} for a step", ""
    if trial.bare:
        value += f", {trial.step.median / trial.bare.median:,.1f} times the bare graph on one core"
    if trial.state_error > UNLIKE:
        value += "; and it computes something else than the CPU"
        remedy = 'do not use it: set engine.accelerator = "cpu", and look for a newer driver'
    elif asked == accelerator and cpu.step and cpu.step.median < trial.step.median:
        remedy = 'the CPU is faster: set engine.accelerator = "cpu"'
    elif asked != accelerator and cpu.step and trial.step.median < cpu.step.median:
        value += f'; to use it, set engine.accelerator = "{accelerator}"'
    return Finding(name, "could be better" if remedy else "good", value, remedy, figures=_figures(trial))


def _trouble(name: str, trial: Trial, is_asked: bool) -> Finding:
    """Return what is said about what could not be tried; it matters where it was asked for."""
    if is_asked:
        return Finding(name, "missing", trial.trouble, exit_code=trial.exit_code)
    is_absent = trial.exit_code == ConfigurationError.exit_code
    value = trial.trouble.removesuffix(f", {OR_THE_CPU}")
    return Finding(name, "not needed" if is_absent else "could be better", value)


def _time(trial: Trial) -> str:
    assert trial.step is not None
    return f"{trial.step.median:.0f} us (p99 {trial.step.p99:.0f})"


def _figures(trial: Trial) -> dict[str, object]:
    left_out = ("trouble", "exit_code")
    return {name: value for name, value in msgspec.to_builtins(trial).items() if name not in left_out}


def _delegates(asked: str) -> list[str]:
    """Return the delegate that is asked for, and that of an Edge TPU where it is installed."""
    installed = ctypes.util.find_library("edgetpu")
    named = [asked] if asked not in (CPU, GPU) else []
    return named + ([installed] if installed and not named else [])
