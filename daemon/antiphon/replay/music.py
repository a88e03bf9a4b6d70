"""What a recording has of the steps of a session: the messages of both parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.files.journal import Entry, both_parts
from antiphon.adapters.files.recorder import entry_of
from antiphon.adapters.files.writing import write_performance
from antiphon.core.transcript import EngineEntered, Step


def entries_of(steps: Iterable[Step]) -> list[Entry]:
    """Return what a recorder would keep, in seconds since the first of it, all of it sent at once."""
    entries = [entry for news in _news(steps) if (entry := entry_of(news)) is not None]
    return [replace(entry, at=entry.at - entries[0].at) for entry in entries]


def write_music(steps: Sequence[Step], path: Path) -> None:
    """Write what a recording would have.

    Raises:
        MidiFileError: it cannot be written.
    """
    entries = entries_of(steps)
    write_performance(path, both_parts(lambda: entries))


def _news(steps: Iterable[Step]) -> Iterator[News]:
    for step in steps:
        if step.told is not None and not isinstance(step.told, EngineEntered):
            yield Heard(step.told, step.at, step.at)
        yield from (Sent(command, step.at) for command in step.said)
