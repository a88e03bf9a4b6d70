"""An engine of your own: it plays your phrase upside down, each interval the other way round.

With a ``pyproject.toml`` beside this file, ``pip install .`` brings it into the environment of Antiphon:

    [project]
    name = "antiphon-mirror"
    version = "0.1.0"
    dependencies = ["antiphon"]

    [project.entry-points."antiphon.engines"]
    mirror = "own_engine:Mirror"

``antiphon models`` lists it from then on, and ``antiphon run --engine mirror`` plays it.
"""

from collections.abc import Set

from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity


class Mirror:
    """Implements :class:`antiphon.core.engine.PromptEngine`; the seed is not needed, for it draws nothing."""

    def __init__(self, seed: int) -> None:
        self._phrase: tuple[MusicEvent, ...] = ()
        self._played = 0

    def prime(self, event: MusicEvent) -> None:
        """Hear an event: the player's make up a phrase, and one of its own leads on to the next of them."""
        if not event.is_players:
            self._played += 1
        elif self._played:
            self._phrase, self._played = (event,), 0
        else:
            self._phrase = (*self._phrase, event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return the next event of the phrase upside down, or the nearest to it that is allowed."""
        phrase = self._phrase or (MusicEvent(0.0, Velocity(64), Pitch(60)),)
        event = phrase[self._played % len(phrase)]
        dt = min(max(event.dt, constraints.shortest_dt), constraints.longest_dt)
        pitch = Pitch(2 * phrase[0].pitch - event.pitch)
        onsets = constraints.onsets - constraints.taken
        if (event.velocity and onsets) or not constraints.releases:
            return MusicEvent(dt, event.velocity or Velocity(64), nearest(pitch, onsets))
        return MusicEvent(dt, Velocity(0), nearest(pitch, constraints.releases))

    def snapshot(self) -> Snapshot:
        """Return all that was heard, as a value."""
        return self._phrase, self._played

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to what had been heard then."""
        self._phrase, self._played = snapshot


def nearest(pitch: Pitch, allowed: Set[Pitch]) -> Pitch:
    return min(allowed, key=lambda each: (abs(each - pitch), each))
