"""Everything that is looked at, in order; whatever one check meets, the others are made.

A check yields findings. To add one, write it and name it in :func:`checks`; where it would disturb the music
of a daemon that plays, name in :func:`checks_beside` what is asked of that daemon instead.
"""

import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

from antiphon import __version__, listing
from antiphon.adapters.check_up import Standing
from antiphon.adapters.engines.kinds import is_guest, maker_of, model_of
from antiphon.adapters.engines.models import find_model
from antiphon.adapters.engines.opening import stand_ins_of
from antiphon.adapters.engines.runtime import runtime_version
from antiphon.adapters.midi.system import list_all_ports
from antiphon.config import Loaded, defaults
from antiphon.doctor.accelerators import check_accelerators
from antiphon.doctor.board import check_board
from antiphon.doctor.doors import check_broker
from antiphon.doctor.footing import check_footing, of_the_footing
from antiphon.doctor.osc import check_osc
from antiphon.doctor.standing import of_the_engine, of_the_osc_door, of_the_ports
from antiphon.errors import AntiphonError, ModelError, PortError, in_one_line
from antiphon.findings import Finding
from antiphon.settings import Config
from antiphon_models.card import Card
from antiphon_models.typed import pip_install

LIBRARIES = ("python-rtmidi", "JACK-Client", "pyserial", "mido", "numpy", "aiomqtt", "python-osc")
"""What its version is told of, where it is installed; that of the runtime has a finding of its own."""

Check: TypeAlias = Callable[[Config], Iterator[Finding]]


def examine(load_settings: Callable[[], Loaded], standing: Standing | None = None) -> Iterator[Finding]:
    """Look at everything, and yield what is found as it is found.

    Args:
        load_settings: reads the configuration; where that has mistakes, the rest is examined as by default.
        standing: of the daemon that plays in this process, where one does; its music is not disturbed.
    """
    config = defaults().config
    try:
        config = load_settings().config
    except AntiphonError as error:
        for mistake in str(error).splitlines():
            yield Finding("settings", "missing", mistake, exit_code=error.exit_code)
    for name, check in (checks() if standing is None else checks_beside(standing)).items():
        yield from carried_out(name, check, config)


def checks() -> dict[str, Check]:
    """Return all checks, by the name of what is said if one fails."""
    return {
        "antiphon": check_versions,
        "Python": check_python,
        "runtime": check_runtime,
        "MIDI": check_midi,
        "model": check_model,
        "CPU": check_accelerators,
        "priority": check_footing,
        "board": check_board,
        "MQTT": check_broker,
        "OSC": check_osc,
    }


def checks_beside(standing: Standing) -> dict[str, Check]:
    """Return the checks that disturb no music, with the daemon's own word in place of the others."""
    return checks() | {
        "MIDI": lambda _: iter((of_the_ports(standing),)),
        "CPU": lambda _: iter((of_the_engine(standing),)),
        "priority": lambda _: of_the_footing(standing.footing),
        "OSC": partial(check_osc, look=partial(of_the_osc_door, standing.doors)),
    }


def carried_out(name: str, check: Check, config: Config) -> Iterator[Finding]:
    """Yield what a check finds, or that it could not be made."""
    try:
        yield from check(config)
    except AntiphonError as error:
        yield Finding(name, "missing", str(error), exit_code=error.exit_code)
    except Exception as error:  # noqa: BLE001  one check that fails must not keep the others from being made
        trouble = f"this could not be checked: {type(error).__name__}: {in_one_line(error)}"
        yield Finding(name, "could be better", trouble)


def check_versions(_: Config) -> Iterator[Finding]:
    libraries = {}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            libraries[name] = version(name)
    listed = ", ".join(f"{name} {number}" for name, number in libraries.items())
    yield Finding(
        "antiphon", "good", f"{__version__}; {listed}", figures={"version": __version__} | libraries
    )


def check_python(_: Config) -> Iterator[Finding]:
    bits = 64 if sys.maxsize > 2**32 else 32
    value = f"{platform.python_version()}, {bits} bits, on {platform.system()} {platform.machine()}"
    yield Finding("Python", "good", value)


def check_runtime(_: Config) -> Iterator[Finding]:
    version = runtime_version()
    if version.startswith("tflite-runtime") and sys.maxsize > 2**32:
        remedy = f"run `{pip_install('ai-edge-litert')}`, its maintained successor"
        yield Finding("runtime", "could be better", version, remedy)
    else:
        yield Finding("runtime", "good", version)


def check_midi(config: Config) -> Iterator[Finding]:
    midi = config.midi
    system, there = list_all_ports(midi)
    sides = (
        ("hears", listing.side("inputs", midi.in_, there.inputs, "in")),
        ("answers on", listing.side("outputs", midi.out, there.outputs, "out")),
    )
    for _, side in sides:
        if side["problem"]:
            yield Finding("MIDI", "missing", side["problem"], exit_code=PortError.exit_code)
            return
    taken = [f"{verb} {side['taken'] or 'a port of its own'}" for verb, side in sides]
    value = f"{system.upper()}; {', '.join(taken)}"
    if all(side["taken"] for _, side in sides):
        yield Finding("MIDI", "good", value)
    else:
        remedy = "plug in a keyboard and an instrument, or connect other programs to the ports of its own"
        yield Finding("MIDI", "could be better", value, remedy)


def check_model(config: Config) -> Iterator[Finding]:
    try:
        if is_guest(config):
            maker_of(config).make(0)
            yield Finding("model", "not needed", f"the engine {config.engine.kind} is of {model_of(config)}")
            return
        model = find_model(model_of(config), Card)
    except ModelError as error:
        stand_in = next(stand_ins_of(config), None)
        if stand_in is None:
            raise
        remedy = f"named in a file, `antiphon run` plays {model_of(stand_in)} until it is there"
        yield Finding("model", "could be better", str(error), remedy)
        return
    card, size = model.card, model.path.stat().st_size
    value = (
        f"{card.name}: {card.figure}, {card.parameters / 1e6:.1f} M parameters, "
        f"{card.quantisation}, {size / 1e6:.1f} MB"
    )
    figures = {
        "engine": card.engine,
        "held_out": card.figure,
        "parameters": card.parameters,
        "quantisation": card.quantisation,
        "bytes": size,
    }
    yield Finding("model", "good", value, figures=figures)
