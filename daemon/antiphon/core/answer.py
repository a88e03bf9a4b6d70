"""One answer: music that is imagined a little ahead of its time and can be taken back until it sounds.

Every planned event remembers what had been heard before it. When the player interrupts, or time runs
out, the plan is cut and the memory goes back to there, so that it only ever holds what really sounded.

It ends where its phrase closes, or else when its length is reached; no note begins then, and those that sound
are held a little longer.

An engine that has its next event not yet is waited for while the plan lasts. Then it is asked once more, with
no time left; if it has nothing even so, the music rests until it has.
"""

import math
from collections import deque
from itertools import takewhile
from typing import Literal

from antiphon.core.closing import LATELY, Onset, closing_window, held, is_closed
from antiphon.core.compass import compass_of, within, within_both
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.given_out import GivenOut
from antiphon.core.guide import Guide
from antiphon.core.keys import key_of
from antiphon.core.loudness import Fade, loudness
from antiphon.core.memory import Memory
from antiphon.core.plan import Cut, Planned
from antiphon.core.pulse import Pulse
from antiphon.core.settings import Settings
from antiphon.core.terms import Room, Terms
from antiphon.core.units import Pitch, Seconds, Velocity

CLOSING_NOTE = 1.5
"""Seconds that a note may still sound once the length is reached and no new one begins."""

SHORTEST_NOTE = 0.04
"""Seconds that a note lasts at least: shorter is a click; and no engine can play for ever in a moment."""

LONGEST_REST = 1.2
"""Seconds of silence within an answer, at most; a pause longer than this sounds like the end."""

RELEASED = Velocity(0)

NONE: frozenset[Pitch] = frozenset()


Ending = Literal["phrase ended", "length reached"]


class Answer:
    """Plans the answer, event by event, and gives out what is due.

    ``began``: when it begins, which may be later than now.
    ``room``: what the player leaves to it, kept up to date by whoever knows.
    ``pulse``: what places each event in the beat; None leaves all of them where they were imagined.
    ``onsets_played``: how many were given out.
    """

    def __init__(
        self,
        memory: Memory,
        settings: Settings,
        terms: Terms,
        began: Seconds,
        room: Room,
        pulse: Pulse | None = None,
    ) -> None:
        self.terms = terms
        self.began = began
        self.room = room
        self.ending: Ending | None = None
        self._memory = memory
        self._pulse = pulse
        self._now = began
        self._closing_at = began + terms.length
        after = terms.closes_after
        self._window = closing_window(terms.length) if after is None else terms.length - after
        self._fade: Fade | None = None
        self._plan: deque[Planned] = deque()
        # Who plays along goes on for hours, so only the latest are kept.
        self._played: deque[Onset] = deque(maxlen=LATELY)
        self._played_until = began
        self.onsets_played = 0
        self._sounding: dict[Pitch, Seconds] = dict.fromkeys(sorted(terms.inherited), began)
        self._imagined: dict[Pitch, Seconds] = {}
        self._asks_again_at = -math.inf
        self.follow(settings, terms.guide)

    def follow(self, settings: Settings, guide: Guide) -> None:
        """Play what has not sounded yet by these settings and this guide."""
        self.settings = settings
        self.guide = guide
        self._given_out = GivenOut(settings.actuator)
        self._compass = compass_of(settings.play)
        self._in_scale = self._compass if guide.scale is None else within(self._compass, guide.scale)
        key = key_of(guide.pitch_classes)
        self._home = frozenset() if key is None else key.triad
        self.take_back()

    @property
    def is_fading(self) -> bool:
        """Whether it becomes softer until it is silent."""
        return self._fade is not None

    @property
    def is_over(self) -> bool:
        return self.ending is not None and not self._plan and not self._sounding

    @property
    def imagines_at(self) -> Seconds | None:
        """When the engine is to be asked for more; None when there is nothing more to come."""
        if self.ending is not None and not self._imagined:
            return None
        return max(self._runs_out_at - self._look_ahead, self._asks_again_at)

    def wants_to_imagine(self, now: Seconds) -> bool:
        at = self.imagines_at
        return at is not None and at <= now

    def ask_again(self) -> None:
        """Wait no longer: the engine has now what it had not when it was last asked."""
        self._asks_again_at = -math.inf

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What is to sound yet, in order; all of it may be taken back."""
        return tuple(self._plan)

    @property
    def next_due(self) -> Seconds | None:
        return self._plan[0].due if self._plan else None

    def take_due(self, now: Seconds) -> list[Planned]:
        """Return what is to sound by now, in order, up to the first onset that is too late."""
        due: list[Planned] = []
        plan = self._plan
        while plan and plan[0].due <= now and not self._is_too_late(plan[0], now):
            event = plan.popleft()
            self._played_until = event.due
            self._note(self._sounding, event)
            self._given_out.add(event)
            if event.velocity:
                self._played.append(event.onset)
                self.onsets_played += 1
            due.append(event)
        return due

    def make_up_time(self, now: Seconds) -> tuple[list[Planned], Cut] | None:
        """Drop onsets that are too late together with all that was planned on top of them.

        Returns the releases that were due meanwhile, which are heard and sent however late they are,
        and what was left out; None when nothing is late. The music goes on from now.
        """
        if not (self._plan and self._is_too_late(self._plan[0], now)):
            return None
        late = now - self._plan[0].due
        overdue = [event for event in self._plan if event.due <= now]
        self.take_back()
        releases: list[Planned] = []
        for event in overdue:
            if not event.is_onset and event.pitch in self._sounding:
                self._note(self._sounding, event)
                self._note(self._imagined, event)
                self._hear(event.due, RELEASED, event.pitch)
                releases.append(event)
        return releases, Cut(sum(event.is_onset for event in overdue), late)

    def take_back(self) -> None:
        """Forget all that is planned; what sounds goes on, and the rest is imagined anew."""
        if self._plan:
            self._memory.go_back(self._plan[0].before)
            self._plan.clear()
        self._given_out.clear()
        self._imagined = dict(self._sounding)
        self.ending = None
        self.ask_again()

    def go_on_until(self, moment: Seconds) -> None:
        """Close the phrase by then, rather than when its length is reached."""
        self._closing_at = moment
        self._window = closing_window(moment - self.began)

    def fade(self, now: Seconds, seconds: Seconds) -> None:
        """Become softer from now on, and begin no note any more when that time is over."""
        if self._fade is None:
            self._fade = Fade(now, now + seconds)
            self.take_back()
            self.go_on_until(min(self._closing_at, now + seconds))

    def let_go(self, pitch: Pitch, now: Seconds) -> bool:
        """Tell whether it sounds a pitch, which it then ends, since somebody else wants the key."""
        if pitch not in self._sounding:
            return False
        self.take_back()
        self._sounding.pop(pitch)
        self._imagined.pop(pitch)
        self._hear(now, RELEASED, pitch)
        return True

    def stop(self, now: Seconds) -> None:
        """Take back all that has not sounded and end what does; the memory hears the releases.

        Asked to imagine again, it goes on from there.
        """
        self.take_back()
        for pitch in sorted(self._sounding):
            self._hear(now, RELEASED, pitch)
        self._sounding.clear()
        self._imagined.clear()

    def break_off(self, now: Seconds) -> None:
        """Stop, and forget what was given out to an instrument with hammers that has not struck it yet."""
        struck, never = self._given_out.parted(now)
        self.take_back()
        if never:
            self._memory.go_back(never[0].before)
            for event in struck:
                self._hear(event.due, event.velocity, event.pitch)
            for event in never:
                self._sounding.pop(event.pitch, None)
            self.onsets_played -= sum(event.is_onset for event in never)
        self.stop(now)

    def imagine(self, now: Seconds) -> None:
        """Plan one more event, or find that the answer is over. One step of the engine at most."""
        self._now = now
        constraints = self._constraints(now)
        if not constraints.onsets and not constraints.releases:
            self._have_nothing_to_play(now)
            return
        event = self._memory.imagine(constraints)
        if event is None:
            self._wait(now)
            return
        at = self._time_of(event)
        if event.velocity and (ending := self._ending_before(at)) is not None:
            self._close(ending)
            return
        end = self._next_end()
        if end is not None and end[0] < at:
            self._end(*end)
        else:
            self._add(at, event.velocity, event.pitch)

    def _have_nothing_to_play(self, now: Seconds) -> None:
        """End, or where it is only that the player leaves no room, wait for that."""
        if now < self._closing_at and self.terms.touched == "goes on":
            self._asks_again_at = self._closing_at
        else:
            self._close("length reached")

    @property
    def _runs_out_at(self) -> Seconds:
        """When all that is planned has been played; of an answer that is prepared, when it is to begin."""
        return max(self._memory.last_event_at, self.began)

    def _wait(self, now: Seconds) -> None:
        """Go on without the engine: as long as there is a plan with that, then with nothing but rests."""
        end = self._next_end()
        if now < self._runs_out_at:
            self._asks_again_at = self._runs_out_at
        elif end is not None and end[0] <= now:
            self._end(*end)
        else:
            changes = (self._closing_at, math.inf if end is None else end[0])
            self._asks_again_at = min(moment for moment in changes if moment > now)

    def _time_of(self, event: MusicEvent) -> Seconds:
        at = self._memory.last_event_at + event.dt / self.guide.tempo
        return max(at, self.room.earliest) if event.velocity else self._release_of(event.pitch, at)

    def _release_of(self, pitch: Pitch, at: Seconds) -> Seconds:
        """Return when a note ends whose end is imagined at a moment: not too soon, and the last ones late."""
        if pitch not in self._imagined:
            return at
        at = max(at, self._imagined[pitch] + SHORTEST_NOTE)
        return at if self.ending is None else max(at, min(held(self._onsets(), at), self._end_of(pitch)))

    def _constraints(self, now: Seconds) -> Constraints:
        play, tempo = self.settings.play, self.guide.tempo
        last = self._memory.last_event_at
        at_soonest = max(now, self._runs_out_at)
        elapsed = at_soonest - last
        is_first = self.terms.is_prompt and not (self._imagined or self.onsets_played or self._plan)
        patience = play.longest_note if self._imagined else LONGEST_REST
        sounding = frozenset(self._imagined)
        room = self.room
        taken = sounding | room.taken if room.taken else sounding
        onsets = self._in_scale if self._is_held_to_the_scale() else self._compass
        if room.pitches is not None:
            onsets = within_both(onsets, room.pitches)
        return Constraints(
            shortest_dt=elapsed * tempo,
            longest_dt=(elapsed if is_first else max(elapsed, patience)) * tempo,
            onsets=onsets if self._may_begin_a_note(at_soonest, onsets, taken) else NONE,
            taken=taken,
            releases=sounding,
            temperature=play.temperature,
            min_p=play.min_p,
            guide=self.guide,
            asked=self.terms.part,
            seed=self.terms.seed,
            within=self._runs_out_at - now,
            left=(self._closing_at - last) * tempo,
            blend=play.blend,
        )

    def _may_begin_a_note(self, at: Seconds, onsets: frozenset[Pitch], taken: frozenset[Pitch]) -> bool:
        ends = self.ending is not None or at >= self._closing_at
        return not ends and len(self._imagined) < self.settings.play.polyphony and not onsets <= taken

    def _is_held_to_the_scale(self) -> bool:
        """Whether the next note is one of those that the lock holds to the scale, spread evenly over all."""
        lock = self.guide.lock
        if lock in (0.0, 1.0):
            return lock == 1.0
        before = self.onsets_played + sum(event.is_onset for event in self._plan)
        return math.floor((before + 1) * lock) > math.floor(before * lock)

    def _ending_before(self, onset: Seconds) -> Ending | None:
        """Return how the answer ends before a note that is imagined next; None where it goes on with it."""
        if is_closed(self._onsets(), onset, self._closing_at - onset, self._window, self._home):
            return "phrase ended"
        return "length reached" if onset >= self._closing_at else None

    def _onsets(self) -> list[Onset]:
        """Return the latest onsets, played and planned."""
        return [*self._played, *(event.onset for event in self._plan if event.is_onset)]

    def _close(self, ending: Ending) -> None:
        """Begin no more notes. Those that end last are held longer, as far as they have not ended yet."""
        self.ending = ending
        releases = list(takewhile(lambda event: not event.is_onset, reversed(self._plan)))
        if not releases:
            return
        self._memory.go_back(releases[-1].before)
        self._imagined = dict(self._sounding)
        for _ in releases:
            self._plan.pop()
        for event in self._plan:
            self._note(self._imagined, event)
        for at, pitch in sorted(
            (self._release_of(event.pitch, event.due), event.pitch) for event in releases
        ):
            self._add(at, RELEASED, pitch, due=at)

    def _next_end(self) -> tuple[Seconds, Pitch] | None:
        """Return when the first of the notes will have sounded as long as it may, and which that is."""
        # What sounds is kept in the order of its onsets.
        first = next(iter(self._imagined), None)
        return None if first is None else (self._end_of(first), first)

    def _end_of(self, pitch: Pitch) -> Seconds:
        """Return when a note will have sounded as long as it may."""
        last_call = self._closing_at + CLOSING_NOTE
        return min(self._imagined[pitch] + self.settings.play.longest_note, last_call)

    def _end(self, at: Seconds, pitch: Pitch) -> None:
        """Plan the release of a note that has sounded as long as it may."""
        self._add(max(at, self._memory.last_event_at), RELEASED, pitch)

    def _add(self, at: Seconds, velocity: Velocity, pitch: Pitch, due: Seconds | None = None) -> None:
        """Plan what was imagined for a moment, to sound when the pulse says."""
        if due is None:
            due = self._due_of(at, None if velocity else self._imagined.get(pitch, at))
        loud = loudness(velocity, at, self.guide, self._fade)
        planned = Planned(due, loud, pitch, before=self._memory.past())
        self._hear(at, velocity, pitch)
        self._note(self._imagined, planned)
        self._plan.append(planned)

    def _due_of(self, at: Seconds, begun: Seconds | None) -> Seconds:
        """Return when an event sounds that was imagined for a moment, after all that comes before it.

        ``begun``: when the note began that it ends; None where it begins one.
        """
        if self._pulse is None:
            return at
        placed = self._pulse.place(at, begun, self._now)
        soonest = self._plan[-1].due if self._plan else self._played_until
        return max(placed, soonest, self.room.earliest if begun is None else begun + SHORTEST_NOTE)

    @property
    def _look_ahead(self) -> Seconds:
        """How far ahead it imagines: farther where a note may be drawn back to a beat before it."""
        back = 0.0 if self._pulse is None else self._pulse.farthest_back(self._now)
        return self.settings.latency.look_ahead + back

    def _hear(self, at: Seconds, velocity: Velocity, pitch: Pitch) -> None:
        """Let the engine hear what it has imagined, in its own tempo."""
        self._memory.hear(at, velocity, pitch, self.guide.tempo, part=self.terms.part)

    def _is_too_late(self, event: Planned, now: Seconds) -> bool:
        return now - event.due > self.settings.latency.late_onset and event.is_onset

    @staticmethod
    def _note(sounding: dict[Pitch, Seconds], event: Planned) -> None:
        if event.velocity:
            sounding[event.pitch] = event.due
        else:
            sounding.pop(event.pitch, None)
