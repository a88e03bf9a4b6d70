"""Music that was imagined in one piece and is given out event by event: a frozen value, part of a snapshot.

For engines that imagine more than one event at once. Nothing here knows where the music comes from.
"""

from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.units import Pitch, Seconds, Velocity

RELEASED = Velocity(0)


class ForeseenNote(Struct, frozen=True, gc=False):
    """A note to come, in seconds from now.

    ``begins`` is None where it sounds already, ``ends`` where it goes on beyond what is foreseen.
    """

    pitch: Pitch
    velocity: Velocity
    begins: Seconds | None
    ends: Seconds | None


class Foreseen(Struct, frozen=True, gc=False):
    """Events to come, each ``dt`` after the one before it, the first after the last event that was heard.

    ``rest``: seconds that it goes on after the last of them.
    """

    events: tuple[MusicEvent, ...] = ()
    rest: Seconds = 0.0

    @property
    def lasts(self) -> Seconds:
        """Return for how long anything is foreseen."""
        return sum(event.dt for event in self.events) + self.rest

    def next_allowed(self, constraints: Constraints) -> MusicEvent | None:
        """Return the first event that is allowed, as near to its time as may be; None where none is left."""
        elapsed = 0.0
        for event in self.events:
            elapsed += event.dt
            if is_allowed(event, constraints):
                dt = min(max(elapsed, constraints.shortest_dt), constraints.longest_dt)
                return MusicEvent(dt, event.velocity, event.pitch, constraints.asked)
        return None

    def after(self, event: MusicEvent) -> "Foreseen":
        """Return what is foreseen still when an event was heard.

        If it was the next one, at whatever time, the rest follows it as before; so it does one further on
        that did not come too soon, for what was passed over had not been allowed. Any other onset overthrows
        everything. A release lets time pass and no more: a note may end by its own law.
        """
        elapsed = 0.0
        for index, expected in enumerate(self.events):
            elapsed += expected.dt
            if index and elapsed > event.dt:
                break
            if expected.pitch == event.pitch and bool(expected.velocity) == bool(event.velocity):
                return Foreseen(self.events[index + 1 :], self.rest)
        return NOTHING if event.velocity else self.later(event.dt)

    def later(self, seconds: Seconds) -> "Foreseen":
        """Return the same some time later; what should have come meanwhile comes at once."""
        events: list[MusicEvent] = []
        for event in self.events:
            waited = min(event.dt, seconds)
            seconds -= waited
            events.append(replace(event, dt=event.dt - waited) if waited else event)
        return Foreseen(tuple(events), max(self.rest - seconds, 0.0))


NOTHING = Foreseen()


def foreseen(notes: Iterable[ForeseenNote], lasts: Seconds) -> Foreseen:
    """Return notes as events: at one time the releases first, then upwards in pitch.

    Args:
        notes: in any order, all of whose moments lie within ``lasts``.
        lasts: seconds from now for which nothing else is foreseen.
    """
    moments = sorted(
        (at, velocity > 0, note.pitch, velocity)
        for note in notes
        for at, velocity in ((note.begins, note.velocity), (note.ends, RELEASED))
        if at is not None
    )
    times = [0.0, *(at for at, *_ in moments)]
    events = [
        MusicEvent(at - before, velocity, pitch)
        for (before, at), (_, _, pitch, velocity) in zip(pairwise(times), moments, strict=True)
    ]
    return Foreseen(tuple(events), max(lasts - times[-1], 0.0))


def is_allowed(event: MusicEvent, constraints: Constraints) -> bool:
    """Whether an event may come next, but for its time."""
    if event.velocity:
        return event.pitch in constraints.onsets and event.pitch not in constraints.taken
    return event.pitch in constraints.releases
