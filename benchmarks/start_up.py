"""From the start of `antiphon run` to its line "listening on", over a real JACK server.

Three clients of JACK are opened on the way, and to open one takes two of the server's cycles: of 1.3 ms with
64 frames, of 21 ms with the 1024 that jackd takes if nobody says otherwise. The baseline is the same Python
importing numpy and the model runtime and loading the same model file. All of it was compiled before.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from statistics import median

import bare_model
from figures import Figure, Result, main_of
from imports import compile_all
from jams import NO_JACK, Process, running_jack_server

from antiphon.adapters.engines.models import find_network

TITLE = "start-up"
RUNS = 7
FEWEST_FRAMES, USUAL_FRAMES = 64, 1024
GOAL = 500.0
"""Milliseconds."""


def measure() -> Result:
    """Start each of them in turn, several times, so that whatever else runs slows all alike."""
    if NO_JACK:
        return Result(TITLE, skipped=NO_JACK)
    compile_all()
    return Result(
        TITLE, tuple(figure for frames in (FEWEST_FRAMES, USUAL_FRAMES) for figure in starts(frames))
    )


def starts(frames: int) -> Iterator[Figure]:
    """Yield how long each takes on a server with so many frames in a cycle."""
    model = str(find_network("default").path)
    python, bare, antiphon = list[float](), list[float](), list[float]()
    with running_jack_server(frames), tempfile.TemporaryDirectory() as folder:
        run = ("-m", "antiphon.cli", "run", "--set", "midi.api=jack", "--set", f"record.folder='{folder}'")
        for _ in range(RUNS):
            python.append(milliseconds_until("ready", "-c", "print('ready', flush=True); input()"))
            bare.append(milliseconds_until("ready", bare_model.__file__, model))
            antiphon.append(milliseconds_until("listening on", *run))
    baseline = median(bare)
    if frames == FEWEST_FRAMES:
        yield Figure("python", median(python), "ms", max(python), baseline)
    yield Figure("python, numpy, runtime, model", baseline, "ms", max(bare))
    yield Figure(f"antiphon run, {frames} frames", median(antiphon), "ms", max(antiphon), baseline, GOAL)


def milliseconds_until(words: str, *command: str) -> float:
    """Start a Python process and return how long it took until it said these words."""
    # The log goes to standard error, which is read as well so that "listening on" is seen.
    began = time.monotonic()
    process = Process(*command, stderr=subprocess.STDOUT)
    try:
        process.wait_for(words)
        return 1000 * (time.monotonic() - began)
    finally:
        process.end()


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
