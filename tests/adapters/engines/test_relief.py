"""An engine that breaks is relieved between two events, by one that has heard the same."""

import pytest
from msgspec.structs import replace

from antiphon.adapters.engines.relief import LATELY, RelievedEngine
from antiphon.core.engine import Constraints, Expectation, MusicEvent, Timing
from antiphon.core.units import Pitch, Velocity
from exhausted_engine import ExhaustedEngine
from expectant_engine import ExpectantEngine
from timing_engine import LATE, TimingEngine
from uniform_engine import UniformEngine

ASKED = Constraints(0.0, 1.0, frozenset(map(Pitch, range(40, 80))), frozenset(), 1.0, 0.0)


def event(pitch: int) -> MusicEvent:
    return MusicEvent(0.1, Velocity(80), Pitch(pitch), is_players=True)


def heard_of(events: list[MusicEvent]) -> tuple[MusicEvent, ...]:
    return tuple(replace(each, is_players=False) for each in events)


class Scene:
    """A principal that can be broken, and who relieves it."""

    def __init__(self) -> None:
        self.principal, self.other = ExhaustedEngine(), UniformEngine()
        self.opened = 0
        self.engine = RelievedEngine(self.principal, "default", self.open)

    def open(self) -> tuple[str, UniformEngine]:
        self.opened += 1
        return "markov", self.other


def test_nobody_is_opened_while_all_goes_well() -> None:
    scene = Scene()
    scene.engine.prime(event(60))
    assert scene.engine.sample(ASKED).pitch in ASKED.onsets
    assert scene.opened == 0
    assert scene.principal.heard == (event(60),)


def test_one_that_breaks_while_it_draws_is_relieved_in_the_same_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    scene.engine.prime(event(60))
    scene.principal.breaks_down()
    assert scene.engine.sample(ASKED).pitch in ASKED.onsets
    scene.engine.prime(event(62))
    assert scene.other.heard == (*heard_of([event(60)]), event(62))
    assert scene.opened == 1
    assert [record.getMessage() for record in caplog.records] == [
        "default has broken down and markov plays on: the engine has broken down"
    ]


def test_one_that_breaks_while_it_listens_misses_nothing() -> None:
    scene = Scene()
    scene.engine.prime(event(60))
    scene.principal.breaks_down()
    scene.engine.prime(event(62))
    assert scene.other.heard == heard_of([event(60), event(62)])


def test_to_go_back_to_before_it_broke_is_to_have_heard_what_was_heard_then() -> None:
    scene = Scene()
    scene.engine.prime(event(60))
    before = scene.engine.snapshot()
    scene.engine.prime(event(62))
    scene.principal.breaks_down()
    scene.engine.sample(ASKED)
    after = scene.engine.snapshot()
    scene.engine.restore(before)
    assert scene.other.heard == heard_of([event(60)])
    scene.engine.restore(after)
    assert scene.other.heard == heard_of([event(60), event(62)])


def test_whoever_relieves_it_is_told_the_latest_only() -> None:
    scene = Scene()
    for number in range(LATELY + 20):
        scene.engine.prime(event(40 + number % 40))
    scene.principal.breaks_down()
    scene.engine.sample(ASKED)
    assert len(scene.other.heard) == LATELY


def test_where_nobody_can_relieve_it_what_it_raised_is_raised() -> None:
    principal = ExhaustedEngine()
    principal.breaks_down()
    engine = RelievedEngine(principal, "default", lambda: None)
    with pytest.raises(RuntimeError, match="broken down"):
        engine.sample(ASKED)


def test_what_relieves_it_is_not_relieved_itself() -> None:
    broken = ExhaustedEngine()
    broken.breaks_down()
    principal = ExhaustedEngine()
    principal.breaks_down()
    with pytest.raises(RuntimeError):
        RelievedEngine(principal, "default", lambda: ("other", broken)).sample(ASKED)


def test_it_expects_what_whoever_plays_expects() -> None:
    expected = {Pitch(60): 0.5}
    assert RelievedEngine(ExpectantEngine(expected), "default", lambda: None).expectation() == expected
    assert RelievedEngine(UniformEngine(), "default", lambda: None).expectation() is None


def test_one_that_breaks_when_it_is_asked_what_it_expects_is_relieved() -> None:
    class Breaking(ExpectantEngine):
        def expectation(self) -> Expectation:
            raise RuntimeError("the engine has broken down")

    other = UniformEngine()
    engine = RelievedEngine(Breaking({}), "default", lambda: ("markov", other))
    engine.prime(event(60))
    assert engine.expectation() is None
    engine.prime(event(62))
    assert other.heard == (*heard_of([event(60)]), event(62))


def test_it_says_when_whoever_plays_expects_the_next_event() -> None:
    assert RelievedEngine(TimingEngine(LATE), "default", lambda: None).timing() == LATE
    assert RelievedEngine(UniformEngine(), "default", lambda: None).timing() is None


def test_one_that_breaks_when_it_is_asked_when_is_relieved() -> None:
    class Breaking(TimingEngine):
        def timing(self) -> Timing:
            raise RuntimeError("the engine has broken down")

    other = UniformEngine()
    engine = RelievedEngine(Breaking(LATE), "default", lambda: ("markov", other))
    engine.prime(event(60))
    assert engine.timing() is None
    assert other.heard == heard_of([event(60)])
