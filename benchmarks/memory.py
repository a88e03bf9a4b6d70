"""Memory of `antiphon run` over a real JACK server: when it listens, and when it has answered.

The baseline is the same Python with numpy, the model runtime and the same model file, which was stepped once.
Counted apart is the memory of the JACK server, which every client maps and locks: over 100 MB with the
server's own defaults, and twice that where rtmidi brings a JACK library of its own. Through ALSA there is
none.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import bare_model
from figures import Figure, Result, main_of
from jams import NO_JACK, Process, jam, running_jack_server

from antiphon.adapters.engines.models import find_network
from antiphon.bench.resources import megabytes, own_megabytes

TITLE = "memory"
GOAL = 75.0
"""Megabytes of its own."""

BARE = "numpy, runtime, model"

KINDS = {"own": "own", "proportional": "proportional", "jack": "shared with JACK"}

ANSWERS = 10
SHORT_ANSWER = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seconds=2", "play.seed=1")


def measure() -> Result:
    """Measure each process while the other runs, so that both share the same libraries."""
    if not Path("/proc/self/smaps_rollup").exists():
        return Result(TITLE, skipped="the kernel does not tell (no /proc/self/smaps_rollup)")
    if NO_JACK:
        return Result(TITLE, skipped=NO_JACK)
    bare = Process(bare_model.__file__, str(find_network("default").path))
    try:
        bare.wait_for("ready")
        baseline = resident(bare.child.pid)
        with running_jack_server(), tempfile.TemporaryDirectory() as folder:
            moments = while_it_answers(Path(folder))
    finally:
        bare.end()
    return Result(TITLE, tuple(figures(baseline, moments)))


def while_it_answers(folder: Path) -> dict[str, dict[str, float]]:
    """Return the memory of a daemon that listens, that has answered a phrase, and that has answered many."""
    with jam(folder, *SHORT_ANSWER) as session:
        moments = {"listening": resident(session.daemon.child.pid)}
        for number in range(1, ANSWERS + 1):
            session.play_phrase()
            session.daemon.wait_for("answered with")
            if number in (1, ANSWERS):
                moments["after an answer" if number == 1 else f"after {number} answers"] = resident(
                    session.daemon.child.pid
                )
    return moments


def figures(baseline: dict[str, float], moments: dict[str, dict[str, float]]) -> Iterator[Figure]:
    """Yield one line for each kind of memory and each moment."""
    for key, kind in KINDS.items():
        goal = GOAL if key == "own" else None
        yield Figure(f"{BARE}: {kind}", baseline[key], "MB")
        for moment, found in moments.items():
            yield Figure(f"antiphon, {moment}: {kind}", found[key], "MB", None, baseline[key], goal)


def resident(process: int) -> dict[str, float]:
    """Return the megabytes that a process keeps resident."""
    return {
        "own": own_megabytes(process),
        "proportional": megabytes(process, "smaps_rollup")["Pss"],
        "jack": megabytes(process, "status")["RssShmem"],
    }


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
