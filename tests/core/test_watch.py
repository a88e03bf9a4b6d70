"""Who is there: the improviser notices who comes and who has gone, under a simulated clock."""

import pytest

from antiphon.core.commands import PedalHeld, PlayerCame, PlayerLeft
from antiphon.core.events import Silenced
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.watch import PEDAL_HELD_LONG, Watch
from default_settings import settings
from score import comings_and_goings, note, pedal, scale, score
from uniform_engine import UniformEngine

CHOSEN = settings(turn={"absence": 20.0}, play={"mode": "listen"})


def played(*heard: TimedEvent, until: float) -> list[tuple[float, object]]:
    return comings_and_goings(play_through(Improviser(UniformEngine(), CHOSEN, 0.0), heard, until))


def test_somebody_comes_with_the_first_touch_and_leaves_when_nothing_was_touched_for_long() -> None:
    told = played(*scale(start=1.0), *scale(start=15.0), *note(90.0, 60), until=200.0)
    last = 15.0 + 4 * 0.25 + 0.2
    assert [type(what) for _, what in told] == [PlayerCame, PlayerLeft, PlayerCame, PlayerLeft]
    assert [at for at, _ in told] == pytest.approx([1.0, last + 20.0, 90.0, 110.2])
    assert [what.seconds for _, what in told if isinstance(what, PlayerLeft)] == pytest.approx([20.0, 20.0])


def test_who_holds_a_key_or_the_pedal_is_there() -> None:
    held = score(note(0.0, 60, length=50.0), pedal(40.0, 127), pedal(100.0, 0))
    assert [round(at, 6) for at, _ in played(*held, until=200.0)] == [0.0, 120.0]


def test_it_answers_while_nobody_is_there_and_rests_all_the_same() -> None:
    improviser = Improviser(UniformEngine(), CHOSEN, 0.0)
    list(play_through(improviser, scale(), 5.0))
    assert improviser.is_at_rest(5.0)
    assert improviser.wake_at() is not None


def test_after_a_silence_that_was_asked_for_whoever_touches_a_key_comes_anew() -> None:
    told = played(*note(0.0, 60), TimedEvent(1.0, Silenced()), *note(2.0, 60), until=3.0)
    assert [what for _, what in told] == [PlayerCame(), PlayerCame()]


def test_nobody_leaves_who_never_came() -> None:
    watch = Watch()
    assert watch.notices_at(20.0, None) is None
    assert list(watch.notice(30.0, 20.0, None)) == []


def test_a_pedal_that_withholds_an_answer_is_told_once_for_each_time() -> None:
    watch = Watch()
    assert watch.notices_at(None, 5.0) == 5.0 + PEDAL_HELD_LONG
    assert list(watch.notice(14.9, None, 5.0)) == []
    assert list(watch.notice(15.0, None, 5.0)) == [PedalHeld()]
    assert watch.notices_at(None, 5.0) is None
    assert list(watch.notice(45.0, None, 30.0)) == [PedalHeld()]
