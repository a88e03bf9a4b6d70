"""The phrases that a trigger may name: the ``.mid`` files of one folder, read when the daemon starts.

They are read beforehand, for to read one takes longer than the music can wait; by their names alone, so no
other file can be asked for.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from antiphon.adapters.files.reading import read_performance
from antiphon.core.cue import phrase_of
from antiphon.core.engine import MusicEvent
from antiphon.errors import MidiFileError, RequestError

MOST_EVENTS = 2048
"""Onsets and releases of a phrase that count, the last ones: so many are heard in a quarter of a second."""

logger = logging.getLogger(__name__)


class PhraseBook:
    """Phrases by the names of their files, with or without the ``.mid``."""

    def __init__(self, phrases: Mapping[str, tuple[MusicEvent, ...]]) -> None:
        self._phrases = phrases

    @classmethod
    def read(cls, folder: Path) -> "PhraseBook":
        """Read all there are; a file that is no music is told in the log and left out."""
        phrases: dict[str, tuple[MusicEvent, ...]] = {}
        for path in sorted(folder.expanduser().glob("*.mid")):
            try:
                phrases[path.stem] = ending_of(phrase_of(read_performance(path)))
            except MidiFileError as error:
                logger.warning("a trigger cannot name this phrase: %s", error)
        return cls(phrases)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._phrases)

    def phrase(self, name: str) -> tuple[MusicEvent, ...]:
        """Return a phrase.

        Raises:
            RequestError: there is none of that name.
        """
        try:
            return self._phrases[name.removesuffix(".mid")]
        except KeyError:
            there = ", ".join(self._phrases) or "none at all"
            raise RequestError(f"there is no phrase {name[:60]!r}; there are: {there}") from None


def ending_of(phrase: tuple[MusicEvent, ...]) -> tuple[MusicEvent, ...]:
    """Return the last of a long phrase, from an onset on, without the releases of what began before."""
    if len(phrase) <= MOST_EVENTS:
        return phrase
    sounding: set[int] = set()
    kept: list[MusicEvent] = []
    for event in phrase[-MOST_EVENTS:]:
        if event.velocity:
            sounding.add(event.pitch)
        elif event.pitch not in sounding:
            continue
        kept.append(event)
    return tuple(kept)
