"""The engine that writes tunes, with a network that likes all characters alike."""

from typing import Any

import pytest

from antiphon.adapters.engines.tunes.engine import CharLstmEngine
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.units import Pitch, Velocity
from uniform_scribe import UniformCharNetwork

KEYS = frozenset(map(Pitch, range(36, 97)))
PHRASE = [
    MusicEvent(dt, Velocity(velocity), Pitch(pitch))
    for dt, velocity, pitch in [
        (0.0, 80, 62),
        (0.2, 0, 62),
        (0.0, 70, 66),
        (0.2, 0, 66),
        (0.0, 90, 69),
        (0.4, 0, 69),
    ]
]


def asked(**changes: Any) -> Constraints:
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 1.2,
        "onsets": KEYS,
        "releases": frozenset(),
        "temperature": 1.0,
        "min_p": 0.02,
    }
    return Constraints(**(usual | changes))


def that_heard(phrase: list[MusicEvent], seed: int = 1) -> CharLstmEngine:
    engine = CharLstmEngine(UniformCharNetwork(), seed)
    for event in phrase:
        engine.prime(event)
    return engine


def played_on(engine: CharLstmEngine, events: int = 60, **changes: Any) -> list[MusicEvent]:
    sounding: set[Pitch] = set()
    played = []
    for _ in range(events):
        now = frozenset(sounding)
        event = engine.sample(asked(taken=now, releases=now, **changes))
        assert event.pitch in (KEYS - now if event.velocity else now)
        assert 0.0 <= event.dt <= 1.2
        engine.prime(event)
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
        played.append(event)
    return played


@pytest.mark.parametrize("phrase", [[], PHRASE])
def test_it_plays_on_and_every_note_is_released(phrase: list[MusicEvent]) -> None:
    played = played_on(that_heard(phrase))
    assert sum(event.velocity > 0 for event in played) >= 25


def test_asking_changes_nothing_and_going_back_brings_the_same() -> None:
    engine = that_heard(PHRASE)
    start = engine.snapshot()
    first = played_on(engine, seed=5)
    engine.restore(start)
    assert played_on(engine, seed=5) == first
    assert played_on(that_heard(PHRASE, seed=2), seed=5) == first


def test_at_temperature_0_the_same_is_answered_in_the_same_way() -> None:
    assert played_on(that_heard(PHRASE, 1), temperature=0.0) == played_on(
        that_heard(PHRASE, 2), temperature=0.0
    )


def test_the_player_overthrows_what_was_foreseen() -> None:
    engine = that_heard(PHRASE)
    played_on(engine, 7)
    engine.prime(MusicEvent(0.1, Velocity(90), Pitch(40)))
    assert engine.snapshot().plan.tune is None
    assert engine.snapshot().plan.coming.events == ()


def test_notes_keep_to_what_may_begin() -> None:
    white = frozenset(Pitch(pitch) for pitch in range(60, 84) if pitch % 12 in (0, 2, 4, 5, 7, 9, 11))
    engine, sounding = that_heard(PHRASE), frozenset[Pitch]()
    for _ in range(40):
        event = engine.sample(asked(onsets=white, taken=sounding, releases=sounding))
        assert event.velocity == 0 or event.pitch in white
        engine.prime(event)
        sounding = sounding | {event.pitch} if event.velocity else sounding - {event.pitch}


def test_where_only_a_release_may_come_one_comes() -> None:
    only = frozenset({Pitch(69)})
    event = that_heard(PHRASE[:5]).sample(asked(onsets=frozenset(), releases=only, shortest_dt=0.3))
    assert (event.velocity, event.pitch) == (0, 69)
    assert event.dt >= 0.3
