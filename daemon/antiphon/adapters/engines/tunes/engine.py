"""The engine that writes tunes: it takes down what is played as ABC, and plays what a network writes below.

It imagines a bar or so at once. While the player plays it only keeps what it heard; asked for the first time
it writes that down, lets the network read it, and has it go on. As long as what is heard is what it foresaw,
the page stays; another note, and the next question begins a fresh one.
"""

from collections.abc import Iterable
from fractions import Fraction
from statistics import fmean

import msgspec
import numpy as np

from antiphon.adapters.engines.foreseen import NOTHING, Foreseen, ForeseenNote, foreseen
from antiphon.adapters.engines.tunes.beat import USUAL_QUAVER, Beat
from antiphon.adapters.engines.tunes.char_graph import CharNetwork
from antiphon.adapters.engines.tunes.reader import Reader
from antiphon.adapters.engines.tunes.score import Sound
from antiphon.adapters.engines.tunes.scribe import COOLER, Manner, Page, Scribe, header, ticks_of
from antiphon.adapters.engines.tunes.sections import Sections
from antiphon.adapters.engines.tunes.transcription import USUAL_VELOCITY, Transcription, transcribed
from antiphon.adapters.engines.tunes.writing import TICKS, Writing
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Seconds, Velocity

REMEMBERED = 128
"""Events that are kept to be written down, the last ones."""

USUAL_KEY, USUAL_METRE = "G", "4/4"
"""Of a tune that begins out of nothing."""

MOST_CHARACTERS = 160
"""That are written at once, so that one question is a bounded piece of work; a bar seldom has forty."""

MOST_BARS_OF_SILENCE = 4
"""After so many that hold nothing that may be played, something else is played."""

SOFTER_CHORDS = 0.78
STRESSED = 6
"""Velocity that the first note of a bar is louder by."""

HOLD = 0.94
"""Share of its length that a note is held, so that the next of the same pitch can begin."""


class Tune(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A tune that is being played: where the page ends, and what its characters mean in sound."""

    page: Page
    reader: Reader
    quaver: Seconds
    shift: int
    velocity: float
    played_to: Fraction
    """Quavers of the tune up to which its notes have been foreseen."""


class Plan(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What is to come: the tune as far as it is written, and of its notes those that have not sounded."""

    tune: Tune | None = None
    coming: Foreseen = NOTHING


class Heard(msgspec.Struct, frozen=True, eq=False, gc=False):
    """All that has been heard; never changed, so a snapshot is a reference.

    ``plan`` is what was to come when the last event was heard. ``asked`` is what came of it by asking since,
    and ``how`` it was asked: whoever asks in another manner is not bound to it.
    """

    events: tuple[MusicEvent, ...] = ()
    count: int = 0
    plan: Plan = Plan()
    asked: Plan = Plan()
    how: tuple[float, float, int | None] | None = None


class CharLstmEngine:
    """Implements :class:`antiphon.core.engine.PromptEngine`.

    Args:
        network: of characters, that writes tunes.
        seed: of everything that is drawn at a temperature above 0.
    """

    def __init__(self, network: CharNetwork, seed: int) -> None:
        self._scribe = Scribe(network)
        self._random = np.random.default_rng(seed)
        self._heard = Heard()

    def prime(self, event: MusicEvent) -> None:
        heard = self._heard
        plan = heard.asked
        coming = plan.coming.after(event)
        is_another = event.velocity > 0 and (not plan.coming.events or coming is NOTHING)
        plan = Plan(None if is_another else plan.tune, coming)
        self._heard = Heard((*heard.events[1 - REMEMBERED :], event), heard.count + 1, plan, plan)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return the next event that was foreseen; where there is none, write further."""
        heard, how = self._heard, (constraints.temperature, constraints.min_p, constraints.seed)
        plan = heard.asked if heard.how == how else heard.plan
        event = plan.coming.next_allowed(constraints)
        for _ in range(MOST_BARS_OF_SILENCE):
            if event is not None or not constraints.onsets - constraints.taken:
                break
            plan = self._written_on(plan, constraints)
            event = plan.coming.next_allowed(constraints)
        self._heard = Heard(heard.events, heard.count, heard.plan, plan, how)
        return event or anything(constraints)

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        self._random = np.random.default_rng(seed)

    def _written_on(self, plan: Plan, constraints: Constraints) -> Plan:
        """Foresee a bar more, of the tune that is played or of one that goes on from what was heard."""
        tune, coming = plan.tune, plan.coming
        if tune is None:
            tune, spare = self._begun(self._heard.events)
            coming = Foreseen(rest=spare)
        manner = Manner(constraints.temperature * COOLER, constraints.min_p)
        noise = self._scribe.noise(self._dice(tune, constraints))
        page, reader, sounds = tune.page, tune.reader, list[Sound]()
        end = _next_bar(tune)
        for _ in range(MOST_CHARACTERS):
            page, character = self._scribe.next(page, manner, noise())
            reader, more = reader.read(character)
            sounds += more
            if reader.score.at >= end and not reader.score.newest and not reader.score.tied:
                break
        after = msgspec.structs.replace(tune, page=page, reader=reader, played_to=reader.score.at)
        return Plan(after, _joined(coming, tune, sounds, reader.score.at, constraints))

    def _dice(self, tune: Tune, constraints: Constraints) -> np.random.Generator:
        """Return what is drawn from: the same for the same music where that is asked for."""
        if constraints.temperature and constraints.seed is None:
            return self._random
        return np.random.default_rng((constraints.seed or 0, self._heard.count, int(tune.played_to * TICKS)))

    def _begun(self, events: tuple[MusicEvent, ...]) -> tuple[Tune, Seconds]:
        """Return a tune that begins with what was heard, and the seconds until its next bar."""
        phrase = transcribed(events)
        if phrase is None:
            text, beat = header(USUAL_METRE, USUAL_KEY), Beat(USUAL_QUAVER, USUAL_METRE, 0)
            phrase = Transcription(text, beat, USUAL_KEY, 0, USUAL_VELOCITY, 0.0)
        in_bar = ticks_of(phrase.beat.metre)
        writing = Writing(in_bar, Sections(begins=False, bars=2, goes_on=True), upbeat=0)
        reader, _ = Reader().read(phrase.text)
        page = self._scribe.begun(phrase.text, writing)
        beats = phrase.beat.quaver * (3 if phrase.beat.metre == "6/8" else 2)
        spare = max(phrase.spare, 0.0) % beats
        return Tune(page, reader, phrase.beat.quaver, phrase.shift, phrase.velocity, reader.score.at), spare


def _next_bar(tune: Tune) -> Fraction:
    """Return the quavers at which the next bar ends, or this one where it has just begun."""
    in_bar = tune.reader.score.quavers_in_bar
    return tune.played_to + in_bar - tune.reader.score.in_bar % in_bar


def _joined(
    coming: Foreseen, tune: Tune, sounds: Iterable[Sound], until: Fraction, constraints: Constraints
) -> Foreseen:
    """Return what is foreseen with some more notes of a tune behind it."""

    def seconds(at: Fraction) -> Seconds:
        return max(0.0, float(at - tune.played_to)) * tune.quaver

    lasts = seconds(until)
    notes = []
    loudness = constraints.guide.loudness or tune.velocity
    ends: dict[Pitch, Seconds] = {}
    for sound in sorted(sounds, key=lambda each: (each.begins, each.is_chord)):
        pitch = _within(sound.pitch + tune.shift, constraints)
        begins = seconds(sound.begins)
        if pitch is None or ends.get(pitch, -1.0) > begins:
            continue
        length = seconds(sound.ends) - begins
        ends[pitch] = min(begins + length * HOLD, lasts)
        if ends[pitch] > begins:
            notes.append(ForeseenNote(pitch, _loudness(sound, loudness, tune), begins, ends[pitch]))
    more = foreseen(notes, lasts)
    if not more.events:
        return Foreseen(coming.events, coming.rest + more.rest)
    first, *others = more.events
    first = msgspec.structs.replace(first, dt=first.dt + coming.rest)
    return Foreseen((*coming.events, first, *others), more.rest)


def _loudness(sound: Sound, loudness: float, tune: Tune) -> Velocity:
    louder = STRESSED if sound.begins % tune.reader.score.quavers_in_bar == 0 else 0
    told = (loudness + louder) * (SOFTER_CHORDS if sound.is_chord else 1.0)
    return Velocity(min(127, max(1, round(told))))


def _within(pitch: int, constraints: Constraints) -> Pitch | None:
    """Return a pitch, moved by octaves and then by steps to the nearest of those that may begin."""
    onsets = constraints.onsets
    if pitch in onsets:
        return Pitch(pitch)
    same = [each for each in onsets if each % 12 == pitch % 12]
    near = same or [each for each in onsets if abs(each - pitch) <= 2] or onsets
    return min(near, key=lambda each: (abs(each - pitch), each), default=None)


def anything(constraints: Constraints) -> MusicEvent:
    """Return an event that is allowed, where what was foreseen holds none: a release rather than a note."""
    if constraints.releases:
        return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases), constraints.asked)
    possible = constraints.onsets - constraints.taken
    middle = fmean(possible)
    pitch = min(possible, key=lambda each: (abs(each - middle), each))
    return MusicEvent(constraints.shortest_dt, Velocity(USUAL_VELOCITY), pitch, constraints.asked)
