"""The clock that an ensemble has in common: how well it is known, and what does not disturb it."""

import json
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.doors.mqtt.common_clock import (
    ANSWERED_PER_SECOND,
    DRIFT,
    CommonClock,
    Estimate,
    Exchange,
    Reading,
)
from antiphon.adapters.doors.mqtt.inbox import Arrived
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.requests import Panic, Trigger

EPOCH = 1.7e9
"""What wall clocks show about now."""

ROUNDING = 1e-6
"""Seconds to which a wall clock is a number."""

delays = st.floats(0.0, 0.5)
exchanges = st.lists(st.tuples(st.floats(0.01, 20.0), delays, delays), min_size=1, max_size=20)
"""For each: how long after the one before it is asked, and how long question and reply are on their way."""


def learnt(ways: Sequence[tuple[float, float, float]], ahead: float, drift: float) -> tuple[Estimate, float]:
    """Return what somebody knows after these exchanges, and when that is, by their own clock.

    The conductor's clock shows ``ahead + (1 + drift) * now`` at any moment ``now`` of theirs.
    """
    estimate, now = Estimate(), 0.0
    for wait, there, back in ways:
        asked = now + wait
        read = ahead + (1 + drift) * (asked + there)
        now = asked + there + back
        estimate.take(Exchange(asked, now, Reading(read, EPOCH + read)))
    return estimate, now


@given(exchanges, st.floats(-1e5, 1e5), st.floats(-DRIFT / 2, DRIFT / 2), st.floats(0.0, 600.0))
def test_it_is_never_more_wrong_than_it_says(
    ways: list[tuple[float, float, float]], ahead: float, drift: float, later: float
) -> None:
    """However the way there differs from the way back, and however long ago the last exchange is."""
    estimate, now = learnt(ways, ahead, drift)
    now += later
    offset, error = estimate.offset(now), estimate.error(now)
    assert offset is not None
    assert error is not None
    assert abs(now + offset - (ahead + (1 + drift) * now)) <= error + ROUNDING


@given(exchanges, st.floats(-1e5, 1e5))
def test_it_is_wrong_by_half_the_shortest_way_there_and_back_at_most(
    ways: list[tuple[float, float, float]], ahead: float
) -> None:
    estimate, now = learnt(ways, ahead, drift=0.0)
    error = estimate.error(now)
    assert error is not None
    last = ways[-8:]
    shortest = min(there + back for _, there, back in last) / 2
    age = sum(wait + there + back for wait, there, back in last)
    assert shortest - ROUNDING <= error <= shortest + DRIFT * age + ROUNDING


@given(exchanges, st.floats(-1e9, 1e9))
def test_a_wall_clock_that_is_set_does_not_move_the_monotonic_one(
    ways: list[tuple[float, float, float]], step: float
) -> None:
    steady, now = learnt(ways, ahead=5.0, drift=0.0)
    estimate, _ = learnt(ways, ahead=5.0, drift=0.0)
    estimate.take(Exchange(now, now + 0.01, Reading(now + 5.005, EPOCH + step)))
    steady.take(Exchange(now, now + 0.01, Reading(now + 5.005, EPOCH)))
    assert estimate.offset(now + 1) == steady.offset(now + 1)
    wall, former = estimate.wall(now + 1), steady.wall(now + 1)
    assert wall is not None
    assert former is not None
    assert wall - former == pytest.approx(step, abs=ROUNDING)


def test_one_reply_that_took_long_spoils_nothing() -> None:
    estimate, now = learnt([(1.0, 0.001, 0.001), (1.0, 0.0, 3.0)], ahead=7.0, drift=0.0)
    assert estimate.offset(now) == pytest.approx(7.0, abs=1e-4)


def test_a_conductor_that_has_started_anew_is_believed_at_once() -> None:
    estimate, now = learnt([(1.0, 0.001, 0.001)] * 8, ahead=1000.0, drift=0.0)
    estimate.take(Exchange(now, now + 0.004, Reading(3.0, EPOCH)))
    assert estimate.offset(now) == pytest.approx(3.0 - now, abs=0.002)


def test_nobody_knows_before_the_first_reply() -> None:
    assert (Estimate().offset(1.0), Estimate().error(1.0), Estimate().wall(1.0)) == (None, None, None)


CONDUCTOR, LEFT = CommonClock(Topics("hall"), ""), Topics("left")


def asked_and_told(left: CommonClock, at: float, theirs: Reading, back: float = 0.001) -> None:
    """Let one ask the conductor, with a way of a millisecond there."""
    question = left.question(at)
    assert question.topic == "antiphon/hall/cmd/clock"
    conductor = CommonClock(Topics("hall"), "")
    assert conductor.concerns(question.topic)
    reply = conductor.take(Arrived(question.topic, question.payload), theirs)
    assert reply is not None
    assert reply.topic in left.subscriptions
    assert left.concerns(reply.topic)
    assert left.take(Arrived(reply.topic, reply.payload), Reading(at + 0.001 + back, EPOCH)) is None


def test_moments_of_a_trigger_are_by_the_conductors_clock() -> None:
    left = CommonClock(LEFT, "hall")
    assert not left.knows_the_time(50.0)
    asked_and_told(left, 50.0, Reading(7.0, EPOCH + 1000.0))
    assert left.knows_the_time(50.0)
    ours = Reading(52.001, EPOCH + 2.0)
    trigger = left.by_our_own(Trigger(at=EPOCH + 1003.0, expires=EPOCH + 1004.0, seed=3), ours)
    assert isinstance(trigger, Trigger)
    assert trigger.at == pytest.approx(EPOCH + 3.0, abs=ROUNDING)
    assert trigger.expires == pytest.approx(EPOCH + 4.0, abs=ROUNDING)
    assert trigger.seed == 3


@pytest.mark.parametrize("request_", [Trigger(), Trigger(seed=3), Panic()])
def test_what_has_no_moment_stays_as_it_is(request_: Trigger | Panic) -> None:
    left = CommonClock(LEFT, "hall")
    asked_and_told(left, 50.0, Reading(7.0, EPOCH + 1000.0))
    assert left.by_our_own(request_, Reading(51.0, EPOCH)) == request_


@pytest.mark.parametrize("conductor", ["", "left"])
def test_who_has_no_conductor_goes_by_their_own_clock(conductor: str) -> None:
    left = CommonClock(LEFT, conductor)
    assert (left.conductor, left.subscriptions) == ("", ())
    assert left.knows_the_time(0.0)
    assert left.by_our_own(Trigger(at=EPOCH), Reading(1.0, EPOCH)) == Trigger(at=EPOCH)


@pytest.mark.parametrize(
    "change", [{"asked": 49.0}, {"asked": "now"}, {"clock": None}, {"wall": []}, {"asked": 1e400}]
)
def test_a_reply_to_something_else_is_passed_over(change: dict[str, object]) -> None:
    left = CommonClock(LEFT, "hall")
    left.question(50.0)
    reply = {"asked": 50.0, "clock": 1.0, "wall": EPOCH, **change}
    left.take(Arrived("antiphon/hall/clock/left", json.dumps(reply).encode()), Reading(50.1, EPOCH))
    assert not left.knows_the_time(50.1)


def test_the_same_reply_counts_once() -> None:
    left = CommonClock(LEFT, "hall")
    left.question(50.0)
    reply = msgspec.json.encode({"asked": 50.0, "clock": 1.0, "wall": EPOCH})
    for now in (50.1, 90.0):
        left.take(Arrived("antiphon/hall/clock/left", reply), Reading(now, EPOCH))
    trigger = left.by_our_own(Trigger(at=EPOCH), Reading(50.05, EPOCH))
    assert isinstance(trigger, Trigger)
    assert trigger.at == pytest.approx(EPOCH, abs=ROUNDING)


@given(st.binary(max_size=100))
def test_whatever_comes_gets_a_reply_or_none(payload: bytes) -> None:
    assert CONDUCTOR.take(Arrived("antiphon/hall/cmd/clock", payload), Reading(0.0, EPOCH)) is None


@pytest.mark.parametrize("by", ["", "a/b", "#", "+", "x" * 300])
def test_nobody_is_told_on_a_topic_that_is_no_name(by: str) -> None:
    question = msgspec.json.encode({"by": by, "asked": 1.0})
    assert CONDUCTOR.take(Arrived("antiphon/hall/cmd/clock", question), Reading(0.0, EPOCH)) is None


def test_a_flood_of_questions_is_not_answered_in_full() -> None:
    conductor, question = CommonClock(Topics("hall"), ""), CommonClock(LEFT, "hall").question(1.0)
    arrived = Arrived(question.topic, question.payload)
    replies = [conductor.take(arrived, Reading(1.0, EPOCH)) for _ in range(2 * ANSWERED_PER_SECOND)]
    assert sum(reply is not None for reply in replies) == ANSWERED_PER_SECOND
