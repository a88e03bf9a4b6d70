"""What `antiphon run` takes of a core while nobody plays, over a real JACK server.

Nearly all of it is JACK's own: each of its clients is woken in each of its cycles, 47 times a second with the
1024 frames that jackd takes if nobody says otherwise, and 750 times with 64. The baseline is another process
that has the same two ports of rtmidi open and waits, watched at the same time. Through ALSA there are no
cycles.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import bare_ports
from figures import Figure, Result, main_of
from jams import NO_JACK, Process, jam, running_jack_server

from antiphon.bench.resources import cpu_seconds
from antiphon.core.units import Seconds

TITLE = "idle"
GOAL = 0.5
"""Percent of a core, with the cycles that jackd has if nobody says otherwise."""

USUAL_FRAMES, FEWEST_FRAMES = 1024, 64
WATCHED: Seconds = 20.0
AFTER_THE_START: Seconds = 2.0


def measure() -> Result:
    """Watch a daemon and the baseline side by side, on a server of long cycles and on one of short ones."""
    if NO_JACK:
        return Result(TITLE, skipped=NO_JACK)
    return Result(
        TITLE, tuple(figure for frames in (USUAL_FRAMES, FEWEST_FRAMES) for figure in idling(frames))
    )


def idling(frames: int) -> Iterator[Figure]:
    """Yield what both take on a server with so many frames in a cycle."""
    with running_jack_server(frames), tempfile.TemporaryDirectory() as folder, jam(Path(folder)) as session:
        bare = Process(bare_ports.__file__)
        try:
            bare.wait_for("ready")
            time.sleep(AFTER_THE_START)
            baseline, taken = percent_of_a_core(bare, session.daemon)
        finally:
            bare.end()
    yield Figure(f"two ports, {frames} frames", baseline, "%")
    goal = GOAL if frames == USUAL_FRAMES else None
    yield Figure(f"antiphon, {frames} frames", taken, "%", None, baseline, goal)


def percent_of_a_core(*processes: Process) -> list[float]:
    """Return what each takes, user and system, while it is watched."""
    before = [cpu_seconds(process.child.pid) for process in processes]
    time.sleep(WATCHED)
    after = [cpu_seconds(process.child.pid) for process in processes]
    return [100 * (late - early) / WATCHED for early, late in zip(before, after, strict=True)]


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
