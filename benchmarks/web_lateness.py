"""How late notes are while pages are open in browsers: none, one, ten, and ten of which one reads nothing.

A daemon answers over real JACK ports. What the recorder hears is held against the moments at which the notes
were due; all processes read the same clock. The conditions take turns, answer by answer, so that whatever
else runs on this machine is in the way of all alike.

The pages are a process of their own, which reads all that it is told and asks to be told what is expected as
well. On a machine of few cores it takes its share of them from everybody, as browsers on it would; those of
other machines do not.
"""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from figures import Result, main_of
from jams import NO_JACK, jam, running_jack_server, script
from overheard import MANY_NOTES, PROGRAM, Onset, Span, answered, figures, told, within

TITLE = "lateness at the recorder while pages are open"
ROUNDS = 8

WITHOUT = "no page"
GOALS = {"one page": 1.1, "ten pages": 1.25, "ten pages, one asleep": 1.25}
"""Of the 99th percentile without a page, in parts of it."""

NO_WEB = "" if find_spec("aiohttp") else "the page's server is not installed (antiphon[web])"


def measure() -> Result:
    """Let the daemon answer under each condition by turns."""
    if NO_JACK or NO_WEB:
        return Result(TITLE, skipped=NO_JACK or NO_WEB)
    with tempfile.TemporaryDirectory() as folder, running_jack_server():
        onsets = by_condition(Path(folder))
    count = min(map(len, onsets.values()))
    return Result(f"{TITLE}: {count} onsets of each at least", tuple(figures(onsets, WITHOUT, GOALS)))


def by_condition(folder: Path) -> dict[str, list[Onset]]:
    """Return all onsets, by the pages that were open meanwhile."""
    port = free_port()
    conditions = {
        WITHOUT: (0, 0),
        "one page": (1, 0),
        "ten pages": (10, 0),
        "ten pages, one asleep": (9, 1),
    }
    spans: dict[str, list[Span]] = {condition: [] for condition in conditions}
    with jam(folder, *MANY_NOTES, f"web.port={port}", program=PROGRAM) as session:
        session.daemon.wait_for("the page is at")
        for round_ in range(ROUNDS + 1):
            for condition, (awake, asleep) in conditions.items():
                with pages(port, awake), pages(port, asleep, "--asleep"):
                    span = answered(session)
                if round_:  # the first warms up
                    spans[condition].append(span)
        onsets = told(session)
    return {condition: within(onsets, of_it) for condition, of_it in spans.items()}


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


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
