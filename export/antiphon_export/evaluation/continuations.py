"""Pieces continued by a model: the first events of a piece are the question, and what it plays next the
answer.

The answer is drawn by the daemon's own engine under the daemon's own constraints, guided by its own
impression of the question, so what is judged is what a player would hear. It is drawn at two levels. *Drawn
on*: the engine goes on where the question breaks off, notes sounding, for as many events as the piece itself
is compared over. *Answered*: the whole improviser hears the keys go up and answers for as long as it likes,
as `antiphon respond` does.

What makes an answer a good one is said in ``antiphon_export.evaluation.judgement``.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.opening import open_engine
from antiphon.adapters.engines.step_graph import Network
from antiphon.core import guidance
from antiphon.core.answer import LONGEST_REST
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.compass import compass_of
from antiphon.core.engine import Constraints, MusicEvent, PromptEngine
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.guide import Guide, Impression
from antiphon.core.performance import Note, TimedEvent, notes_heard
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from antiphon.respond import continuation
from antiphon.settings import Config
from antiphon_export.evaluation.likeness import Passage, passage
from antiphon_models.notes.pieces import Piece

QUESTION = 240
"""Events of a piece that are heard."""

ANSWER = 160
"""Events that are drawn, and events of the piece that they are compared with."""

PIECES = 29
"""How many pieces are continued, where there are as many."""


def spread(pieces: Sequence[Piece], wanted: int = PIECES) -> list[Piece]:
    """Return pieces that are long enough, evenly spread over the list, the same ones each time."""
    enough = [index for index, piece in enumerate(pieces) if len(piece) >= QUESTION + ANSWER]
    count = min(wanted, len(enough))
    return [pieces[enough[each * len(enough) // count]] for each in range(count)]


def drawn_on(
    network: Network, settings: Settings, question: Sequence[MusicEvent], seeds: Sequence[int]
) -> Iterator[list[MusicEvent]]:
    """Yield for each seed the ``ANSWER`` events that the engine draws after a question."""
    primed = LstmEngine(network, seed=0)
    for event in question:
        primed.prime(event)
    guide = guide_after(question, settings)
    for seed in seeds:
        engine = LstmEngine(network, seed)
        engine.restore(primed.snapshot())
        yield list(islice(_drawn(engine, settings, guide, held_after(question)), ANSWER))


def answered(config: Config, question: Sequence[MusicEvent], seed: int) -> Passage:
    """Return what the improviser answers to a question.

    Raises:
        ModelError: the model that the configuration names is missing or damaged.
    """
    commands = continuation(open_engine(config, seed), config.settings, performance_of(question))
    played = [each for each in commands if isinstance(each, (PlayNote, ReleaseNote)) and each.part == "it"]
    dt = np.diff([each.due for each in played], prepend=played[0].due if played else 0.0)
    velocity = np.array([each.velocity if isinstance(each, PlayNote) else 0 for each in played])
    return passage(dt, velocity, np.array([each.pitch for each in played], np.int32))


def events_of(piece: Piece) -> list[MusicEvent]:
    """Return the events of a piece as an engine hears them, nobody told apart."""
    fields = zip(piece.dt.tolist(), piece.velocity.tolist(), piece.pitch.tolist(), strict=True)
    return [MusicEvent(dt, Velocity(velocity), Pitch(pitch)) for dt, velocity, pitch in fields]


def as_passage(events: Sequence[MusicEvent]) -> Passage:
    """Return the onsets among events."""
    return passage(
        np.array([event.dt for event in events]),
        np.array([event.velocity for event in events]),
        np.array([event.pitch for event in events], np.int32),
    )


def as_notes(events: Sequence[MusicEvent], began: float = 0.0) -> list[Note]:
    """Return the notes that events amount to, ``began`` being the moment before the first."""
    return notes_heard(performance_of(events, began))


def held_after(events: Sequence[MusicEvent]) -> set[Pitch]:
    """Return the pitches that sound after events."""
    held: set[Pitch] = set()
    for event in events:
        if event.velocity:
            held.add(event.pitch)
        else:
            held.discard(event.pitch)
    return held


def guide_after(events: Sequence[MusicEvent], settings: Settings) -> Guide:
    """Return what the daemon would ask for after hearing events as one phrase."""
    impression, now = Impression(), 0.0
    for event in events:
        now += event.dt
        if event.velocity:
            impression.hear(event.pitch, event.velocity, now)
    return guidance.guide_after(impression, settings)


def performance_of(events: Sequence[MusicEvent], began: float = 0.0) -> list[TimedEvent]:
    """Return events as they come from a keyboard; what still sounds is let go at the last of them."""
    performance: list[TimedEvent] = []
    now = began
    for event in events:
        now += event.dt
        key = KeyPressed(event.pitch, event.velocity) if event.velocity else KeyReleased(event.pitch)
        performance.append(TimedEvent(now, key))
    return performance + [TimedEvent(now, KeyReleased(pitch)) for pitch in sorted(held_after(events))]


def _drawn(engine: PromptEngine, settings: Settings, guide: Guide, held: set[Pitch]) -> Iterator[MusicEvent]:
    """Yield what the engine goes on to play, without end."""
    play = settings.play
    in_range = compass_of(play)
    struck = dict.fromkeys(held, 0.0)
    now = 0.0
    while True:
        too_long = min(struck.values(), default=now) + play.longest_note
        event = engine.sample(
            Constraints(
                shortest_dt=0.0,
                longest_dt=play.longest_note if struck else LONGEST_REST,
                onsets=frozenset() if len(struck) >= play.polyphony else in_range,
                taken=frozenset(struck),
                releases=frozenset(struck),
                temperature=play.temperature,
                min_p=play.min_p,
                guide=guide,
            )
        )
        if struck and now + event.dt > too_long:
            first = min(struck, key=lambda pitch: (struck[pitch], pitch))
            event = MusicEvent(max(0.0, too_long - now), Velocity(0), first)
        now += event.dt
        if event.velocity:
            struck[event.pitch] = now
        else:
            struck.pop(event.pitch)
        engine.prime(event)
        yield event
