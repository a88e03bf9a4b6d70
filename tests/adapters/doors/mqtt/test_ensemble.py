"""Answers handed round: what is handed on, what is taken up, and that no chain goes on for ever."""

import json
from collections import deque

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.doors.mqtt.ensemble import Ensemble
from antiphon.adapters.doors.mqtt.inbox import Arrived
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.core.commands import (
    CueDropped,
    Occurrence,
    PlayNote,
    Publish,
    Reason,
    ReleaseNote,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import Triggered
from antiphon.core.units import Pitch, Velocity
from antiphon.requests import Trigger, request_of
from default_config import loaded

C4, E4 = Pitch(60), Pitch(64)


def member(id_: str, answers: str = "", hops: int = 4, *, notes: bool = True) -> Ensemble:
    """Return one of an ensemble, who answers those named."""
    mqtt = loaded(f"mqtt.answers='{answers}'", f"mqtt.hops={hops}", f"mqtt.notes={str(notes).lower()}").config
    return Ensemble(Topics(id_), mqtt.mqtt)


def published(occurrence: Occurrence, at: float = 0.0) -> Sent:
    return Sent(Publish(at, occurrence), at)


def an_answer(reason: Reason = "length reached") -> list[News]:
    """Return the news of an answer of two notes."""
    return [
        published(TurnTaken(3, 1.0), at=1.0),
        Sent(PlayNote(1.0, C4, Velocity(80)), 1.001),
        Sent(PlayNote(1.1, C4, Velocity(70), part="you"), 1.1),
        Sent(PlayNote(1.25, E4, Velocity(90)), 1.25),
        Sent(ReleaseNote(1.5, C4), 1.5),
        published(TurnGivenBack(reason, 2, 1.0), at=2.0),
    ]


TRIGGERED = Heard(Triggered(), 0.5, 0.5)


def handed_on(ensemble: Ensemble, *news: News) -> list[Message]:
    told = [ensemble.hear(each) for each in news]
    return [message for message in told if message is not None]


def arriving(message: Message) -> Arrived:
    return Arrived(message.topic, message.payload)


def test_an_answer_is_handed_on_as_a_trigger_can_bring_it_to_somebody_else() -> None:
    [message] = handed_on(member("left"), *an_answer())
    assert message.topic == "antiphon/left/event/answer"
    values = json.loads(message.payload)
    assert values == {
        "notes": [
            {"pitch": 60, "at": 0.0, "length": 0.5, "velocity": 80},
            {"pitch": 64, "at": 0.25, "length": 0.75, "velocity": 90},
        ],
        "reason": "length reached",
        "hops": 0,
    }
    assert isinstance(request_of("trigger", {"phrase": values["notes"]}, "a test"), Trigger)


def test_the_next_answer_begins_anew() -> None:
    first, second = handed_on(member("left"), *an_answer(), *an_answer())
    assert first == second


def test_notes_are_handed_on_only_where_somebody_wants_them() -> None:
    assert handed_on(member("left", notes=False), *an_answer()) == []
    assert len(handed_on(member("left", "right", notes=False), *an_answer())) == 1


def test_only_those_are_followed_who_are_named() -> None:
    assert member("right").subscriptions == ()
    assert member("right", "left  hall").subscriptions == (
        "antiphon/hall/event/answer",
        "antiphon/left/event/answer",
    )
    [message] = handed_on(member("left"), *an_answer())
    assert member("right", "left").taken_up(arriving(message)) is not None
    assert member("right", "*").taken_up(arriving(message)) is not None
    assert member("right", "hall").taken_up(arriving(message)) is None
    assert member("left", "left *").taken_up(arriving(message)) is None


@pytest.mark.parametrize("reason", ["interrupted", "silenced", "output lost"])
def test_what_somebody_broke_off_is_not_answered(reason: Reason) -> None:
    [message] = handed_on(member("left"), *an_answer(reason))
    assert member("right", "left").taken_up(arriving(message)) is None


def test_an_answer_without_notes_is_not_answered() -> None:
    [message] = handed_on(member("left"), published(TurnGivenBack("length reached", 0, 1.0)))
    assert member("right", "left").taken_up(arriving(message)) is None


def test_what_the_broker_has_kept_is_not_answered() -> None:
    [message] = handed_on(member("left"), *an_answer())
    kept = msgspec.structs.replace(arriving(message), retained=True)
    assert member("right", "left").taken_up(kept) is None


@given(st.binary(max_size=200))
def test_whatever_comes_is_an_answer_or_is_passed_over(payload: bytes) -> None:
    assert member("right", "left").taken_up(Arrived("antiphon/left/event/answer", payload)) is None


def answered_in_turn(right: Ensemble, message: Message, *meanwhile: News) -> list[int]:
    """Return the hops of what one hands on who has taken up an answer."""
    answered = right.taken_up(arriving(message))
    assert answered is not None
    with right.answering(answered):
        right.hear(TRIGGERED)
    return [json.loads(each.payload)["hops"] for each in handed_on(right, *meanwhile, *an_answer())]


def test_an_answer_to_an_answer_is_a_hop_further() -> None:
    [message] = handed_on(member("left"), *an_answer())
    right = member("right", "left")
    assert answered_in_turn(right, message) == [1]
    assert [json.loads(each.payload)["hops"] for each in handed_on(right, *an_answer())] == [0]


@pytest.mark.parametrize("meanwhile", [published(CueDropped()), TRIGGERED])
def test_what_comes_between_begins_a_chain_of_its_own(meanwhile: News) -> None:
    [message] = handed_on(member("left"), *an_answer())
    assert answered_in_turn(member("right", "left"), message, meanwhile) == [0]


def test_who_is_about_to_begin_takes_nothing_up() -> None:
    [message] = handed_on(member("left"), *an_answer())
    right = member("right", "left")
    right.hear(TRIGGERED)
    assert right.taken_up(arriving(message)) is None
    right.hear(published(TurnTaken(0, 0.0)))
    assert right.taken_up(arriving(message)) is not None


def test_nobody_answers_beyond_so_many_hops() -> None:
    [message] = handed_on(member("left"), *an_answer())
    assert member("right", "left", hops=1).taken_up(arriving(message)) is not None
    assert member("right", "left", hops=0).taken_up(arriving(message)) is None


IDS = ("a", "b", "c", "d")

ensembles = st.fixed_dictionaries(
    {id_: st.tuples(st.sets(st.sampled_from([*IDS, "*"]), max_size=4), st.integers(0, 4)) for id_ in IDS}
)


@given(ensembles, st.sampled_from(IDS), st.lists(st.booleans(), max_size=30))
def test_every_chain_ends(members: dict[str, tuple[set[str], int]], first: str, busy: list[bool]) -> None:
    """Whoever answers whom: nobody answers for ever, and nothing is further away than anybody goes."""
    ensembles = {id_: member(id_, " ".join(whom), hops) for id_, (whom, hops) in members.items()}
    most_hops = max(hops for _, hops in members.values())
    told = deque(handed_on(ensembles[first], *an_answer()))
    answers, is_busy = 0, iter(busy)
    while told:
        message = told.popleft()
        for ensemble in ensembles.values():
            answered = ensemble.taken_up(arriving(message))
            if answered is None or next(is_busy, False):
                continue
            with ensemble.answering(answered):
                ensemble.hear(TRIGGERED)
            answers += 1
            assert answers <= sum(len(IDS) ** hops for hops in range(1, most_hops + 1))
            told += handed_on(ensemble, *an_answer())
            assert json.loads(told[-1].payload)["hops"] <= most_hops
