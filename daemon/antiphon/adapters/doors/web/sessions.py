"""The recorded sessions, for a page: shown, taken along, kept and continued, all of it in a thread."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.files.recollection import Recollection
from antiphon.adapters.files.recordings import Parts, Recording, Recordings
from antiphon.adapters.pacer import clock
from antiphon.core.events import ControlMoved
from antiphon.core.performance import Note, TimedEvent, notes_heard, notes_sounding
from antiphon.core.units import Part, Seconds
from antiphon.errors import RequestError
from antiphon.requests import LONGEST_PHRASE, PhraseNote, Trigger

Result = TypeVar("Result")

LONGEST_NOTE: Seconds = 60.0
SHORTEST_NOTE: Seconds = 0.001
FARTHEST_BACK: Seconds = 600.0
"""What a note of a phrase may have; see ``antiphon.requests.PhraseNote``."""


class PartShown(Struct, frozen=True):
    """What one part did.

    Attributes:
        notes: at, length, pitch, velocity of each key that was down.
        pedal: at and value of each movement of the sustain pedal.
    """

    notes: Sequence[tuple[float, float, int, int]]
    pedal: Sequence[tuple[float, int]]


class SessionShown(Struct, frozen=True):
    """A recorded session, with all that is in it."""

    id: str
    began: datetime
    seconds: float
    is_going_on: bool
    parts: Mapping[Part, PartShown]


class Sessions:
    """The sessions of one folder, and the last minutes.

    Args:
        folder: where they are recorded.
        broadcast: tells what happens, from now on.
    """

    def __init__(self, folder: Path, broadcast: Broadcast) -> None:
        self._recordings = Recordings(folder)
        self._recollection = Recollection()
        self._one_at_a_time = asyncio.Lock()
        broadcast.listen(self._recollection.take_down)

    async def newest(self, most: int, before: str) -> list[Recording]:
        """Return so many at most, the newest first, or those before one."""
        return await self._elsewhere(lambda: self._recordings.newest(most, before))

    async def shown(self, id_: str) -> SessionShown:
        """Return a session with all that is in it.

        Raises:
            RequestError: there is none of that id, or it cannot be read.
        """
        return await self._elsewhere(lambda: _shown(*self._recordings.recording(id_)))

    async def content(self, id_: str) -> tuple[str, bytes]:
        """Return a session as a ``.mid`` file: its name and what is in it.

        Raises:
            RequestError: there is none of that id, or it cannot be read.
        """
        return await self._elsewhere(lambda: self._recordings.content(id_))

    async def keep(self, seconds: Seconds) -> str:
        """Keep the last that was played as a session of its own, and return its id.

        Raises:
            RequestError: nothing was played, or it cannot be written.
        """
        entries = self._recollection.since(clock() - seconds)
        ago = clock() - entries[0].at if entries else 0.0
        began = datetime.now() - timedelta(seconds=ago)
        return await self._elsewhere(lambda: self._recordings.keep(entries, began))

    async def continuation(self, id_: str, at: Seconds) -> Trigger:
        """Return what asks for an answer to a session, as if it had stopped at a moment.

        Raises:
            RequestError: there is none of that id, or no music before that moment.
        """
        return await self._elsewhere(lambda: continuing(self._recordings.recording(id_)[1], at))

    async def _elsewhere(self, work: Callable[[], Result]) -> Result:
        async with self._one_at_a_time:
            return await asyncio.get_running_loop().run_in_executor(None, work)


def continuing(parts: Parts, at: Seconds) -> Trigger:
    """Return a trigger whose phrase is what both parts had played by a moment.

    Raises:
        RequestError: there is no note before it.
    """
    notes = sorted(
        (note for events in parts.values() for note in notes_sounding(events) if note.onset < at),
        key=lambda note: note.onset,
    )
    if not notes:
        raise RequestError("there is no note before that moment; choose a later one")
    farthest = notes[-1].onset - FARTHEST_BACK
    lately = [note for note in notes[-LONGEST_PHRASE:] if note.onset >= farthest]
    begin = lately[0].onset
    return Trigger(phrase=tuple(_of_a_phrase(note, begin, at) for note in lately))


def _of_a_phrase(note: Note, begin: Seconds, end: Seconds) -> PhraseNote:
    length = min(max(min(note.release, end) - note.onset, SHORTEST_NOTE), LONGEST_NOTE)
    return PhraseNote(note.pitch, note.onset - begin, length, note.velocity)


def _shown(recording: Recording, parts: Parts) -> SessionShown:
    return SessionShown(
        id=recording.id,
        began=recording.began,
        seconds=recording.seconds,
        is_going_on=recording.is_going_on,
        parts={part: _part_shown(events) for part, events in parts.items()},
    )


def _part_shown(events: Sequence[TimedEvent]) -> PartShown:
    return PartShown(
        notes=[_note_shown(note) for note in notes_heard(events)],
        pedal=[(timed.at, timed.event.value) for timed in events if isinstance(timed.event, ControlMoved)],
    )


def _note_shown(note: Note) -> tuple[float, float, int, int]:
    return round(note.onset, 4), round(note.release - note.onset, 4), note.pitch, note.velocity
