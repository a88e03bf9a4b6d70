"""Whatever happened, told again the same follows."""

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from antiphon.core.engine import Engine, MusicEvent
from antiphon.core.replaying import ReadingEngine, replay
from antiphon.core.transcript import Beginning, EngineIdentity, Entry, Step
from antiphon.core.units import Pitch, Velocity
from logged_sessions import session_in
from simulated_room import Happening, Room, SlowEngine, happenings
from timing_engine import SOON, TimingEngine


def slow(identity: EngineIdentity | None, seed: int) -> Engine:
    return SlowEngine(seed)


def reading(identity: EngineIdentity | None, seed: int) -> Engine:
    return ReadingEngine()


@given(happenings(), st.integers(0, 1000))
@hypothesis_settings(max_examples=150, deadline=None)
def test_whatever_happens_the_same_follows_with_the_same_engine_or_what_it_drew(
    happenings: list[Happening], seed: int
) -> None:
    entries: list[Entry] = []
    Room(seed, entries.append).live_through(happenings)
    beginning, steps = session_in(entries)
    for open_engine in (slow, reading):
        assert all(now == was for was, now in replay(beginning, steps, open_engine))


def test_another_engine_gives_something_else() -> None:
    entries: list[Entry] = []
    Room(1, entries.append).play_a_phrase()
    beginning, steps = session_in(entries)
    others = [now.drawn for _, now in replay(beginning, steps, lambda *_: SlowEngine(2))]
    assert others != [step.drawn for step in steps]


def test_what_was_drawn_is_read_in_its_order_and_more_than_that_is_nothing() -> None:
    engine = ReadingEngine()
    event = MusicEvent(0.1, Velocity(80), Pitch(60))
    engine.written.extend([event, None])
    slow_engine = SlowEngine(1)
    Room(1, engine=slow_engine).play_a_phrase()
    engine.prime(event)
    engine.restore(engine.snapshot())
    asked = slow_engine.asked[-1]
    assert [engine.sample(asked) for _ in range(3)] == [event, None, None]


def test_what_was_drawn_otherwise_is_seen_in_the_step_in_which_it_was() -> None:
    entries: list[Entry] = []
    Room(1, entries.append).play_a_phrase()
    beginning, steps = session_in(entries)
    assert isinstance(beginning, Beginning)
    index = next(index for index, step in enumerate(steps) if step.drawn)
    lacking = [*steps]
    lacking[index] = msgspec.structs.replace(steps[index], drawn=())
    first = next(index for index, (was, now) in enumerate(replay(beginning, lacking, reading)) if was != now)
    assert first == index
    assert isinstance(steps[index], Step)


def test_what_the_engine_expected_of_a_silence_may_be_asked_for_in_a_later_step_than_it_was() -> None:
    entries: list[Entry] = []
    engine = TimingEngine(SOON, [(0.3, 80, 60), (0.3, 0, 60), (3.0, 80, 62)])
    Room(1, entries.append, engine=engine).play_a_phrase()
    beginning, steps = session_in(entries)
    asked_with_the_touch = [
        msgspec.structs.replace(step, expected=following.expected if step.told is not None else ())
        for step, following in pairwise([*steps, steps[-1]])
    ]
    assert asked_with_the_touch != list(steps)
    again = replay(beginning, asked_with_the_touch, reading)
    assert [now.said for _, now in again] == [step.said for step in steps]
