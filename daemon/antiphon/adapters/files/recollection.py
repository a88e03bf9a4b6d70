"""The last minutes of music, held in memory so that they can be kept when somebody liked them."""

from collections import deque

from antiphon.adapters.broadcast import News
from antiphon.adapters.files.journal import Entry
from antiphon.adapters.files.recorder import entry_of
from antiphon.core.units import Seconds

LONGEST: Seconds = 600.0

MOST_ENTRIES = 20_000
"""Ten minutes of the densest music there is; two megabytes."""


class Recollection:
    """A listener that remembers what both parts did lately."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)

    def take_down(self, news: News) -> None:
        """Remember what a recording would keep."""
        if (entry := entry_of(news)) is not None:
            self._entries.append(entry)
            while entry.at - self._entries[0].at > LONGEST:
                self._entries.popleft()

    def since(self, moment: Seconds) -> list[Entry]:
        """Return what has happened since a moment, in order."""
        return [entry for entry in self._entries if entry.at >= moment]
