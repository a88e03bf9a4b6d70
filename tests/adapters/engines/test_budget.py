"""How long an engine takes, by a clock that the test sets, and what is said about it."""

import pytest

from antiphon.adapters.engines.budget import FEWEST, STEPS, WARM_UP, Candidate, Casting, step_time
from scripted_clock import ScriptedClock
from uniform_engine import UniformEngine


def test_the_warm_up_and_the_longest_tenth_of_the_times_do_not_count() -> None:
    held_up = [0.02] * (STEPS // 10)
    clock = ScriptedClock([0.01] * WARM_UP + held_up + [0.0005] + [0.0001] * (STEPS - len(held_up) - 1))
    assert step_time(UniformEngine(), clock) == pytest.approx(0.0005)
    assert clock.asked == WARM_UP + STEPS + 1


def test_a_slow_one_is_not_timed_for_long() -> None:
    clock = ScriptedClock([0.5] * 1000)
    assert step_time(UniformEngine(), clock) == pytest.approx(0.5)
    assert clock.asked == WARM_UP + FEWEST + 1


DEFAULT, SMALL = Candidate("default", 0.0304), Candidate("small", 0.000052)


def test_one_that_keeps_to_its_budget_needs_nobody() -> None:
    casting = Casting(Candidate("default", 0.005), 0.005)
    assert casting.is_in_time
    assert str(casting) == "default takes 5.0 ms for an event, within the 5.0 ms of engine.longest_step"


def test_one_that_does_not_is_told_with_what_is_done_about_it() -> None:
    casting = Casting(DEFAULT, 0.005, SMALL)
    assert not casting.is_in_time
    assert casting.has_understudy
    assert str(casting) == (
        "default takes 30.4 ms for an event, more than the 5.0 ms of engine.longest_step: "
        "it computes in a thread of its own, and where it comes too late small stands in, which takes 52 us"
    )


def test_an_understudy_that_is_too_slow_itself_is_none() -> None:
    casting = Casting(DEFAULT, 0.005, Candidate("small", 0.007))
    assert not casting.has_understudy
    assert str(casting).endswith("where it comes too late there is a rest, as small takes 7.0 ms itself")


def test_where_nobody_is_named_nobody_stands_in() -> None:
    casting = Casting(DEFAULT, 0.005)
    assert not casting.has_understudy
    assert str(casting).endswith("there is a rest, as engine.understudy names nobody else")
