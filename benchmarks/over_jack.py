"""How even an answer arrives over JACK: player, daemon and recorder, three processes on real ports.

The daemon plays the shipped model, answer after answer. What the recorder hears is held against the deadlines
of the commands: an onlooker of the daemon writes down when each onset was due, and all processes read the
same clock. An inter-onset error is by how much two onsets that follow each other arrive closer together, or
further apart, than they were due; those that were due at once do not count.

JACK delivers in cycles. What is sent at any moment of a cycle arrives at its end, so that even of a perfect
player the errors are up to a whole cycle, and one in a hundred is above nine tenths of it.
"""

import json
import tempfile
from itertools import pairwise
from pathlib import Path

from figures import Figure, Result, main_of, percentile
from jams import FRAMES_PER_CYCLE, NO_JACK, SAMPLE_RATE, jam, running_jack_server, script

TITLE = "inter-onset errors over JACK"
ANSWERS = 5
CYCLE = 1e6 * FRAMES_PER_CYCLE / SAMPLE_RATE
"""Microseconds."""

GOAL = CYCLE + 300.0
"""Microseconds, for the 99th percentile."""

MANY_NOTES = (
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.3",
    "play.seconds=10",
    "play.seed=4",
    "guide.density=16",
)

Onset = tuple[float, int]
"""Monotonic seconds, and the pitch."""


def measure() -> Result:
    """Let it answer a phrase several times, and compare."""
    if NO_JACK:
        return Result(TITLE, skipped=NO_JACK)
    with running_jack_server(), tempfile.TemporaryDirectory() as folder:
        due, arrived, left_out = due_and_arrived(Path(folder))
    assert [pitch for _, pitch in due] == [pitch for _, pitch in arrived]
    way = [1e6 * (there - here) for (here, _), (there, _) in zip(due, arrived, strict=True)]
    errors = [
        abs(second - first)
        for (first, second), (earlier, later) in zip(pairwise(way), pairwise(due), strict=True)
        if later[0] > earlier[0]
    ]
    p50, p99 = percentile(errors, 50), percentile(errors, 99)
    return Result(
        f"{TITLE}: {len(errors)} of {len(due)} onsets, {left_out} left out",
        (
            Figure("a cycle of JACK", CYCLE, "us"),
            Figure("inter-onset error, median", p50, "us", max(errors), CYCLE),
            Figure("inter-onset error, p99", p99, "us", max(errors), CYCLE, GOAL),
            Figure("due to arrived, median", percentile(way, 50), "us", max(way), CYCLE),
            Figure("due to arrived, p99", percentile(way, 99), "us", max(way), CYCLE),
        ),
    )


def due_and_arrived(folder: Path) -> tuple[list[Onset], list[Onset], int]:
    """Return the onsets as they were due and as they arrived, and how many were too late to be sent."""
    with jam(folder, *MANY_NOTES, program=[script("overheard_daemon")]) as session:
        for _ in range(ANSWERS):
            session.play_phrase()
            session.daemon.wait_for("answered with")
        session.until_quiet(0.3)
        session.daemon.child.terminate()
        told = json.loads(session.daemon.wait_for('{"onsets"'))
    arrived = [(message.at, message.data[1]) for message in session.messages if message.is_onset]
    return told["onsets"], arrived, told["left_out"]


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
