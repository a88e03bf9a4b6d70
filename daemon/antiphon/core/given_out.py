"""What an answer has given out a moment ago, as long as an instrument may not have sounded it.

One with hammers strikes a note some time after it was given out. Where it is silenced before, nobody ever
hears that note, and the engine is to forget it again. It is not known here who silences it.
"""

from collections import deque

from antiphon.core.actuator import lead_of, struck_at
from antiphon.core.plan import Planned
from antiphon.core.settings import Actuator as ActuatorSettings
from antiphon.core.units import Pitch, Seconds


class GivenOut:
    """What was given out, in order, as long as an instrument may not have struck it yet.

    Args:
        settings: how long the instrument takes.
    """

    def __init__(self, settings: ActuatorSettings) -> None:
        self._settings = settings
        self._sounds_after = lead_of(settings)
        self._latest: deque[Planned] = deque()

    def add(self, event: Planned) -> None:
        """Take down what is given out, and forget what sounds by its moment."""
        if not self._sounds_after:
            return  # it sounds as it is given out
        latest = self._latest
        while latest and latest[0].due + self._sounds_after <= event.due:
            latest.popleft()
        latest.append(event)

    def clear(self) -> None:
        """Forget all of it: something else is heard now, and nothing before that can be taken back."""
        self._latest.clear()

    def parted(self, now: Seconds) -> tuple[list[Planned], list[Planned]]:
        """Return what has sounded, from the first note on that never will if it is silent from now on; and
        what never will: notes that are not struck by now, with their releases.
        """
        struck: list[Planned] = []
        never: list[Planned] = []
        silent: set[Pitch] = set()
        for event in self._latest:
            if event.is_onset and struck_at(event.due, event.velocity, self._settings) > now:
                silent.add(event.pitch)
            if event.pitch in silent:
                never.append(event)
            elif never:
                struck.append(event)
            if not event.is_onset:
                silent.discard(event.pitch)
        return struck, never
