"""A daemon whose every onset is told with the moments at which it was due, sent, and at the recorder.

For benchmarks that hold its lateness under one condition against that under another.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from figures import Figure, percentile
from jams import Jam, script

PROGRAM = [script("overheard_daemon")]
"""The daemon that can be overheard, for ``jams.jam``."""

MANY_NOTES = (
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.3",
    "play.seconds=10",
    "play.seed=4",
    "guide.density=16",
)

Span = tuple[float, float]
"""When a phrase was played, and when its answer was over; monotonic seconds."""


@dataclass(frozen=True, slots=True)
class Onset:
    """When a note was due, when the daemon sent it, and when it was at the recorder; monotonic seconds."""

    due: float
    sent: float
    arrived: float


def answered(session: Jam) -> Span:
    """Have a phrase answered."""
    begin = session.play_phrase()
    session.daemon.wait_for("answered with")
    return begin, session.until_quiet(0.3)[-1].at


def told(session: Jam) -> list[Onset]:
    """End the daemon, and return every onset of it that was sent."""
    session.daemon.child.terminate()
    due = json.loads(session.daemon.wait_for('{"onsets"'))
    arrived = [message for message in session.messages if message.is_onset]
    assert [message.data[1] for message in arrived] == [pitch for _, pitch in due["onsets"]]
    return [
        Onset(at, sent, message.at)
        for (at, _), sent, message in zip(due["onsets"], due["sent"], arrived, strict=True)
    ]


def within(onsets: Iterable[Onset], spans: Sequence[Span]) -> list[Onset]:
    """Return those onsets that were due within any of some spans."""
    return [onset for onset in onsets if any(begin <= onset.due <= end for begin, end in spans)]


def figures(
    onsets: Mapping[str, Sequence[Onset]], baseline: str, goals: Mapping[str, float]
) -> Iterator[Figure]:
    """Yield the 99th percentiles of the lateness, at the recorder and as the daemon sent them.

    Args:
        onsets: by condition.
        baseline: the condition that the others are held against.
        goals: of each other condition at the recorder, in parts of the baseline.
    """
    moments: Mapping[str, Callable[[Onset], float]] = {
        "arrived": lambda onset: onset.arrived,
        "sent": lambda onset: onset.sent,
    }
    for what, moment in moments.items():
        late = {
            condition: [1e6 * (moment(onset) - onset.due) for onset in heard]
            for condition, heard in onsets.items()
        }
        alone = percentile(late[baseline], 99)
        yield Figure(f"{what}, p99, {baseline}", alone, "us", max(late[baseline]))
        for condition, goal in goals.items():
            wanted = goal * alone if what == "arrived" else None
            p99 = percentile(late[condition], 99)
            yield Figure(f"{what}, p99, {condition}", p99, "us", max(late[condition]), alone, wanted)
