"""How late notes are while pages are open in browsers: none, one, ten, and ten of which one reads nothing.

A daemon answers over real JACK ports. What the recorder hears is held against the moments at which the notes
were due; all processes read the same clock. The conditions take turns, answer by answer, so that whatever
else runs on this machine is in the way of all alike.

The pages are a process of their own, which reads all that it is told and asks to be told what is expected as
well. On a machine of few cores it takes its share of them from everybody, as browsers on it would; those of
other machines do not.
"""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from figures import Figure, Result, main_of, percentile
from jams import NO_JACK, Jam, jam, running_jack_server, script

TITLE = "lateness at the recorder while pages are open"
ROUNDS = 8

WITHOUT = "no page"
GOALS = {"one page": 1.1, "ten pages": 1.25, "ten pages, one asleep": 1.25}
"""Of the 99th percentile without a page, in parts of it."""

MANY_NOTES = (
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.3",
    "play.seconds=10",
    "play.seed=4",
    "guide.density=16",
)

NO_WEB = "" if find_spec("aiohttp") else "the page's server is not installed (antiphon[web])"


@dataclass(frozen=True, slots=True)
class Onset:
    """When a note was due, when the daemon sent it, and when it was at the recorder; monotonic seconds."""

    due: float
    sent: float
    arrived: float


def measure() -> Result:
    """Let the daemon answer under each condition by turns."""
    if NO_JACK or NO_WEB:
        return Result(TITLE, skipped=NO_JACK or NO_WEB)
    with tempfile.TemporaryDirectory() as folder, running_jack_server():
        onsets = by_condition(Path(folder))
    count = min(map(len, onsets.values()))
    return Result(f"{TITLE}: {count} onsets of each at least", tuple(figures(onsets)))


def figures(onsets: dict[str, list[Onset]]) -> Iterator[Figure]:
    """Yield the 99th percentiles, at the recorder and as the daemon sent them."""
    for what, moment in (("arrived", lambda onset: onset.arrived), ("sent", lambda onset: onset.sent)):
        late = {
            condition: [1e6 * (moment(onset) - onset.due) for onset in heard]
            for condition, heard in onsets.items()
        }
        alone = percentile(late[WITHOUT], 99)
        yield Figure(f"{what}, p99, {WITHOUT}", alone, "us", max(late[WITHOUT]))
        for condition, goal in GOALS.items():
            values = late[condition]
            wanted = goal * alone if what == "arrived" else None
            p99 = percentile(values, 99)
            yield Figure(f"{what}, p99, {condition}", p99, "us", max(values), alone, wanted)


def by_condition(folder: Path) -> dict[str, list[Onset]]:
    """Return all onsets, by the pages that were open meanwhile."""
    port = free_port()
    conditions = {
        WITHOUT: (0, 0),
        "one page": (1, 0),
        "ten pages": (10, 0),
        "ten pages, one asleep": (9, 1),
    }
    spans: dict[str, list[tuple[float, float]]] = {condition: [] for condition in conditions}
    program = [script("overheard_daemon")]
    with jam(folder, *MANY_NOTES, f"web.port={port}", program=program) as session:
        session.daemon.wait_for("the page is at")
        for round_ in range(ROUNDS + 1):
            for condition, (awake, asleep) in conditions.items():
                with pages(port, awake), pages(port, asleep, "--asleep"):
                    span = answered(session)
                if round_:  # the first warms up
                    spans[condition].append(span)
        onsets = told(session)
    return {
        condition: [onset for onset in onsets if any(begin <= onset.due <= end for begin, end in of_it)]
        for condition, of_it in spans.items()
    }


def free_port() -> int:
    """Return a port of the loopback that nobody has."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def pages(port: int, count: int, *how: str) -> Iterator[None]:
    """Keep so many pages open."""
    if not count:
        yield
        return
    command = [sys.executable, script("open_pages"), str(port), str(count), *how]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as opened:
        try:
            assert opened.stdout is not None
            opened.stdout.readline()
            yield
        finally:
            opened.kill()


def answered(session: Jam) -> tuple[float, float]:
    """Have a phrase answered; return when it was played and when the answer was over."""
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


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
