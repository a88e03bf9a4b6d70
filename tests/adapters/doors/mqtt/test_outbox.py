"""What goes out by MQTT."""

import json

import msgspec
import pytest

from antiphon.adapters.broadcast import Examined, Heard, News, PortFound, PortLost, Sent, SettingsFollowed
from antiphon.adapters.doors.mqtt.outbox import Outbox
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.core.commands import (
    CueDropped,
    Occurrence,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from antiphon.findings import Finding

TOPICS = Topics("hall")


def told(*news: News, notes: bool = False) -> list[tuple[str, object]]:
    """Return what is published about news: the event, and what it says."""
    outbox = Outbox(TOPICS, notes)
    messages = [message for each in news for message in outbox.messages(each)]
    assert not any(message.retained for message in messages)
    return [
        (message.topic.removeprefix("antiphon/hall/event/"), json.loads(message.payload))
        for message in messages
    ]


def published(occurrence: Occurrence, at: float = 0.0) -> Sent:
    return Sent(Publish(at, occurrence), at)


def test_a_turn_is_told_with_the_phrase_that_was_heard_and_with_what_became_of_it() -> None:
    news = [published(TurnTaken(5, 1.23456)), published(TurnGivenBack("interrupted", 7, 2.0))]
    assert told(*news) == [
        ("phrase", {"notes": 5, "seconds": 1.235}),
        ("turn", {"turn": "taken"}),
        ("turn", {"turn": "given back", "reason": "interrupted", "notes": 7, "seconds": 2.0}),
    ]


def test_a_turn_without_a_phrase_tells_of_none() -> None:
    assert told(published(TurnTaken(0, 0.0))) == [("turn", {"turn": "taken"})]


WARM = Finding("heat", "could be better", "75 °C", "give it air", figures={"celsius": 75.0})
GONE = Finding("MIDI", "missing", "no keyboard", exit_code=3)


@pytest.mark.parametrize(
    ("news", "event", "values"),
    [
        (published(PlayerCame()), "player", {"active": True}),
        (published(PlayerLeft(61.0)), "player", {"active": False, "seconds": 61.0}),
        (published(CueDropped()), "turn", {"turn": "not taken", "reason": "somebody plays"}),
        (PortLost("in", "Keystation"), "port", {"direction": "in", "name": "Keystation", "lost": True}),
        (PortFound("out", "FLUID"), "port", {"direction": "out", "name": "FLUID", "lost": False}),
        (
            SettingsFollowed({"play.seconds": 3.0}, (), "the page"),
            "settings",
            {"changes": {"play.seconds": 3.0}, "waiting": [], "source": "the page"},
        ),
        (
            Examined((WARM, GONE)),
            "doctor",
            {"can_play": False, "exit_code": 3, "findings": json.loads(msgspec.json.encode([WARM, GONE]))},
        ),
    ],
)
def test_what_happens_is_told(news: News, event: str, values: object) -> None:
    assert told(news) == [(event, values)]


C4, E4 = Pitch(60), Pitch(64)

AN_ANSWER: list[News] = [
    Heard(KeyPressed(C4, Velocity(70)), 0.0, 0.0),
    Heard(KeyReleased(C4), 0.2, 0.2),
    Heard(ControlMoved(64, 127), 0.3, 0.3),
    Sent(PlayNote(1.0, C4, Velocity(80)), 1.001),
    Sent(PlayNote(1.1, C4, Velocity(70), part="you"), 1.1),
    Sent(PlayNote(1.25, E4, Velocity(90)), 1.25),
    Sent(ReleaseNote(1.5, C4), 1.5),
    published(TurnGivenBack("length reached", 2, 1.0), at=2.0),
]


def test_notes_are_told_only_where_that_is_wanted() -> None:
    assert [event for event, _ in told(*AN_ANSWER)] == ["turn"]
    assert [values for event, values in told(*AN_ANSWER, notes=True) if event == "note"] == [
        {"part": "you", "pitch": 60, "velocity": 70},
        {"part": "you", "pitch": 60, "velocity": 0},
        {"part": "it", "pitch": 60, "velocity": 80},
        {"part": "it", "pitch": 64, "velocity": 90},
        {"part": "it", "pitch": 60, "velocity": 0},
    ]


def test_what_is_only_for_the_log_is_not_told() -> None:
    assert told(published(PedalHeld()), notes=True) == []


def test_an_outcome_goes_to_whoever_asked_or_else_to_everybody() -> None:
    outbox = Outbox(TOPICS, with_notes=False)
    outcome = outbox.outcome("trigger", "it is late", "a1", "my/answers", b"\x01")
    assert (outcome.topic, outcome.correlation) == ("my/answers", b"\x01")
    assert json.loads(outcome.payload) == {
        "command": "trigger",
        "ok": False,
        "error": "it is late",
        "id": "a1",
    }
    assert outbox.outcome("panic").topic == "antiphon/hall/event/command"
    assert msgspec.json.decode(outbox.outcome("panic").payload) == {"command": "panic", "ok": True}
