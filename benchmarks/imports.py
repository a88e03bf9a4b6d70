"""What `antiphon run` imports until it listens: milliseconds for each package, and the heaviest modules.

As ``python -X importtime`` tells it, a module's own time without that of what it imports; median of nine
starts, all of it compiled before. The baseline is numpy and the model runtime, which nothing can be played
without.
"""

import compileall
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from figures import Figure, Result, main_of

import antiphon
import antiphon_models

TITLE = "imports"
RUNS = 9
PACKAGES = 12
MODULES = 12
MICROSECOND = 1e-3  # in milliseconds
PREFIX = "import time:"

BARE = """
import numpy
try:
    from ai_edge_litert import interpreter
except ImportError:
    from tflite_runtime import interpreter  # 32-bit systems have only this one
"""
RUN = """
from antiphon.cli import main
main(["run", "--set", "midi.api=none", "--no-record"])
import rtmidi, jack
"""


def measure() -> Result:
    """Let both import in turn, several times, so that whatever else runs slows both alike."""
    compile_all()
    bare, run = list[Counter[str]](), list[Counter[str]]()
    for _ in range(RUNS):
        bare.append(own_times(BARE))
        run.append(own_times(RUN))
    baseline = median(each.total() for each in bare)
    return Result(TITLE, tuple(figures(run, baseline)))


def compile_all() -> None:
    """Compile what would else be compiled anew at each start where Python may not write."""
    for package in (antiphon, antiphon_models):
        compileall.compile_dir(Path(package.__file__ or "").parent, quiet=1)


def own_times(program: str) -> Counter[str]:
    """Return the milliseconds of each module, without those of what it imports."""
    command = [sys.executable, "-X", "importtime", "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    times = Counter[str]()
    for line in told.splitlines():
        if line.startswith(PREFIX):
            own, _, name = line.removeprefix(PREFIX).split("|")
            # The first line has words for numbers.
            times[name.strip()] += int(own) * MICROSECOND if own.strip().isdigit() else 0.0
    return times


def figures(runs: list[Counter[str]], baseline: float) -> Iterator[Figure]:
    """Yield the whole, the heaviest packages and the heaviest modules."""
    yield Figure("numpy and runtime", baseline, "ms")
    yield figure("antiphon run", [each.total() for each in runs], baseline)
    packages = [by_package(each) for each in runs]
    for name in heaviest(packages, PACKAGES):
        yield figure(f"package {name}", [each[name] for each in packages], baseline)
    for name in heaviest(runs, MODULES):
        yield figure(name, [each[name] for each in runs], baseline)


def figure(name: str, times: list[float], baseline: float) -> Figure:
    return Figure(name, median(times), "ms", max(times), baseline)


def by_package(times: Counter[str]) -> Counter[str]:
    """Return the milliseconds of all modules of each package, a module of the standard library being one."""
    packages = Counter[str]()
    for name, own in times.items():
        packages[name.partition(".")[0]] += own
    return packages


def heaviest(runs: Iterable[Counter[str]], number: int) -> list[str]:
    return [name for name, _ in sum(runs, Counter[str]()).most_common(number)]


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
