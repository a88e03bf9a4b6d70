"""How fast an accelerator steps a model file, and whether it computes what the CPU does.

It is tried in a process of its own, ``python -m antiphon.adapters.engines.stopwatch MODEL ACCELERATOR``,
which prints a trial as JSON: a driver may crash, hang, or talk.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from antiphon.adapters.engines.accelerators import open_network
from antiphon.adapters.engines.budget import step_time
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import NetworkFile, read_network
from antiphon.adapters.engines.question import OPEN, Floats, Question, gumbel_noise
from antiphon.adapters.engines.runtime import CPU
from antiphon.adapters.engines.step_graph import SILENCE, Network, Played, State, StepGraph
from antiphon.errors import AntiphonError, ModelError
from antiphon_models import vocab

WARM_UP = 10
STEPS = 400
LONGEST = 4.0
"""Seconds after which it has seen enough of a slow one."""

PATIENCE = 90.0
"""Seconds after which a trial is given up."""


class Times(msgspec.Struct, frozen=True):
    """How long it took, in microseconds."""

    median: float
    p99: float


class Trial(msgspec.Struct, frozen=True):
    """What came of trying an accelerator.

    Attributes:
        trouble: why it could not be tried, in a sentence; empty where it could.
        exit_code: with which `antiphon run` would end for that reason.
        device: what the accelerator calls itself.
        seconds_to_open: from the file to the first step.
        steps: how many were timed.
        step: the time of each, inputs and outputs included.
        bare: the time of the bare graph in a CPU interpreter; none where the CPU cannot run the file.
        state_error: largest difference of any number of the state from the CPU's.
        drawn_otherwise: in how many of the steps it drew something else than the CPU.
        seconds_for_an_event: what `antiphon run` holds against ``engine.longest_step``.
    """

    trouble: str = ""
    exit_code: int = 0
    device: str = ""
    seconds_to_open: float = 0.0
    steps: int = 0
    step: Times | None = None
    bare: Times | None = None
    state_error: float = 0.0
    drawn_otherwise: int = 0
    seconds_for_an_event: float = 0.0


def try_out(model: Path, accelerator: str) -> Trial:
    """Step a model file on an accelerator in a process of its own."""
    # -P: what lies in the current folder is none of its business.
    command = [sys.executable, "-P", "-m", __name__, str(model), accelerator]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Trial(f"it did not answer within {PATIENCE:.0f} seconds", exit_code=1)
    *_, last = done.stdout.splitlines() or [b""]
    try:
        return msgspec.json.decode(last, type=Trial)
    except msgspec.DecodeError:
        return Trial(f"its driver ended the trial {_manner(done)}", exit_code=1)


def _manner(done: "subprocess.CompletedProcess[bytes]") -> str:
    if done.returncode < 0:
        return f"with {signal.Signals(-done.returncode).name}"
    *_, last = done.stderr.decode(errors="replace").splitlines() or ["no word"]
    return f"with exit code {done.returncode}: {last}"


def step_and_compare(model: NetworkFile, accelerator: str) -> Trial:
    """Step a model file on an accelerator and on the CPU, in turns.

    Raises:
        AntiphonError: this machine has no such accelerator, or it does not take the file.
    """
    began = time.perf_counter()
    network = open_network(model, accelerator)
    seconds_to_open = time.perf_counter() - began
    if accelerator == CPU and isinstance(network, StepGraph):
        race = Race(network, network)
    else:
        race = Race(network, _reference(model))
    race.run()
    return Trial(
        device=getattr(network, "device", ""),
        seconds_to_open=round(seconds_to_open, 3),
        steps=len(race.took),
        step=_times(race.took),
        bare=_times(race.bare_took),
        state_error=round(race.state_error, 6),
        drawn_otherwise=race.drawn_otherwise,
        seconds_for_an_event=round(step_time(LstmEngine(network, seed=1), time.perf_counter), 6),
    )


class Race:
    """A network and the one on the CPU, given the same events, each with its own state."""

    def __init__(self, network: Network, reference: StepGraph | None) -> None:
        self._network = network
        self._reference = reference
        self.took: list[float] = []
        self.bare_took: list[float] = []
        self.state_error = 0.0
        self.drawn_otherwise = 0

    def run(self) -> None:
        """Take all the steps, in seconds each."""
        state = self._network.start_state()
        reference_state = state
        end = time.perf_counter() + LONGEST
        for number, (event, sounding, question) in enumerate(_music()):
            began = time.perf_counter()
            state, drawn = self._network.step(event, sounding, state, question)
            took = time.perf_counter() - began
            if self._reference is not None:
                reference_state, expected = self._reference.step(event, sounding, reference_state, question)
                self.drawn_otherwise += drawn != expected
                self.state_error = max(self.state_error, difference(state, reference_state))
            if number < WARM_UP:
                continue
            self.took.append(took)
            if self._reference is not None:
                began = time.perf_counter()
                self._reference.invoke()
                self.bare_took.append(time.perf_counter() - began)
            if len(self.took) == STEPS or time.perf_counter() > end:
                break


def difference(one: State, other: State) -> float:
    """Return the largest difference of any number of two states."""
    pairs = ((np.frombuffer(part, np.float32) for part in parts) for parts in zip(one, other, strict=True))
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _reference(model: NetworkFile) -> StepGraph | None:
    try:
        return StepGraph(model)
    except ModelError:  # it was compiled for the accelerator, and the CPU knows nothing of that
        return None


def _music() -> Iterator[tuple[Played, Floats, Question]]:
    """Yield events and questions without end, always the same."""
    random = np.random.default_rng(1)
    sounding = SILENCE
    while True:
        held = np.flatnonzero(sounding)
        is_release = len(held) > 3
        pitch = int(random.choice(held)) if is_release else int(random.integers(30, 90))
        sounding = sounding.copy()
        sounding[pitch] = 0.0 if is_release else 1.0
        class_ = vocab.RELEASE if is_release else int(random.integers(1, vocab.VELOCITY_CLASSES))
        question = msgspec.structs.replace(OPEN, noise=gumbel_noise(random)[0])
        yield (int(random.integers(vocab.DT_BINS)), class_, pitch, 0), sounding, question


def _times(seconds: list[float]) -> Times | None:
    if not seconds:
        return None
    median, p99 = np.percentile(seconds, (50, 99))
    return Times(round(1e6 * float(median), 1), round(1e6 * float(p99), 1))


def main(model: str, accelerator: str) -> None:
    """Print what comes of trying an accelerator, as one line of JSON."""
    try:
        trial = step_and_compare(read_network(Path(model)), accelerator)
    except AntiphonError as error:
        trial = Trial(str(error), error.exit_code)
    sys.stdout.write(f"\n{msgspec.json.encode(trial).decode()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
