"""What comes in by MQTT: what it is taken for, and that nothing else ever gets through."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.doors.mqtt.inbox import MOST_BYTES, PER_SECOND, Arrived, Asked, Inbox, Refused
from antiphon.requests import Change, Panic, PhraseNote, Reload, Request, Save, Trigger


def opened(command: str, payload: bytes | str = b"") -> Asked | Refused | None:
    """Open one message in an inbox of its own."""
    sent = payload.encode() if isinstance(payload, str) else payload
    return Inbox().open(Arrived(f"antiphon/hall/cmd/{command}", sent), now=0.0)


@pytest.mark.parametrize(
    ("command", "payload", "request_"),
    [
        ("trigger", "", Trigger()),
        ("trigger", " {} ", Trigger()),
        ("trigger", '{"seconds": 8, "seed": 3}', Trigger(seconds=8.0, seed=3)),
        ("trigger", '{"phrase": [{"pitch": 60, "at": 0}]}', Trigger(phrase=(PhraseNote(60, 0.0),))),
        ("panic", "", Panic()),
        ("save", "{}", Save()),
        ("reload", "", Reload()),
        ("mode", "listen", Change({"play.mode": "listen"})),
        ("mode", '"listen"', Change({"play.mode": "listen"})),
        ("mode", '{"value": "listen", "id": 7}', Change({"play.mode": "listen"})),
        ("engine", "lstm", Change({"engine.kind": "lstm"})),
        ("set", '{"play.temperature": 0.8}', Change({"play.temperature": 0.8})),
        ("set/play/temperature", "0.8", Change({"play.temperature": 0.8})),
        ("set/play/temperature", " 1\n", Change({"play.temperature": 1})),
        ("set/play/thru", "true", Change({"play.thru": True})),
        ("set/guide/key", "F# minor", Change({"guide.key": "F# minor"})),
        ("set/midi/in", "1", Change({"midi.in": "1"})),
        ("set/midi/in", '"1"', Change({"midi.in": "1"})),
        ("set/no/such/thing", "null", Change({"no.such.thing": None})),
    ],
)
def test_a_command_is_one_request(command: str, payload: str, request_: Request) -> None:
    asked = opened(command, payload)
    assert isinstance(asked, Asked)
    assert asked.request == request_


@pytest.mark.parametrize(
    ("command", "payload", "told"),
    [
        ("trigger", b"x" * (MOST_BYTES + 1), "a payload of 131073 bytes is too long; 131072 is the most"),
        ("trigger", b'{"file": "\xff"}', "byte 11 of the payload is not UTF-8"),
        ("set/play/mode", b"\xffanswer", "byte 1 of the payload is not UTF-8"),
        ("trigger", b"[" * 100_000, "the payload is not JSON: maximum recursion depth"),
        ("trigger", b'{"seconds": 1e999}', "the payload is not JSON: number out of range"),
        ("trigger", b'{"seconds": ', "the payload is not JSON"),
        ("trigger", b"[1]", "the payload is a list, but must be a JSON object, or nothing"),
        ("trigger", b'{"second": 1}', "unknown field `second`; its fields are: phrase, file"),
        ("trigger", b'{"seconds": "long"}', "trigger.seconds from MQTT"),
        ("trigger", b'{"seconds": 601}', "trigger.seconds from MQTT"),
        ("triger", b"", "there is no request 'triger' (from MQTT); did you mean trigger?"),
        ("panic", b'{"now": true}', "unknown field"),
        ("mode", b'{"mode": "listen"}', "takes one value"),
        ("mode", b"x" * 2000, "the payload is not JSON"),
        ("trigger", b'{"id": []}', "id is a list, but must be a text or a number"),
        ("trigger", b'{"id": "%s"}' % (b"x" * 200), "but must be a text or a number, of 128 letters at most"),
        ("x" * 500, b"", "there is no request"),
    ],
)
def test_what_is_no_request_is_refused_in_a_line(command: str, payload: bytes, told: str) -> None:
    refused = opened(command, payload)
    assert isinstance(refused, Refused)
    assert told in refused.error
    assert len(refused.error) < 500
    assert "\n" not in refused.error


@given(st.text(max_size=40), st.binary(max_size=400))
def test_whatever_comes_is_a_request_or_is_refused(command: str, payload: bytes) -> None:
    assert isinstance(opened(f"x{command}", payload), Asked | Refused)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(["trigger", "mode", "set", "set/play/seconds", "panic"]), json_values)
def test_whatever_json_comes_is_a_request_or_is_refused(command: str, value: object) -> None:
    assert isinstance(opened(command, json.dumps(value)), Asked | Refused)


def test_what_the_broker_has_kept_from_earlier_is_passed_over() -> None:
    kept = Arrived("antiphon/hall/cmd/trigger", b"", retained=True)
    assert Inbox().open(kept, now=0.0) is None


def test_what_is_no_command_is_passed_over() -> None:
    assert Inbox().open(Arrived("antiphon/hall/state", b""), now=0.0) is None


@pytest.mark.parametrize(
    "arrived",
    [
        Arrived("antiphon/hall/cmd/trigger", b'{"id": "a1"}'),
        Arrived("antiphon/hall/cmd/trigger", b'{"id": 12}'),
        Arrived("antiphon/hall/cmd/set", b'{"play.seconds": 3, "id": "b"}'),
        Arrived("antiphon/hall/cmd/trigger", b"", correlation=b"\x07"),
    ],
)
def test_what_is_sent_again_counts_once_until_it_is_long_ago(arrived: Arrived) -> None:
    inbox = Inbox()
    assert isinstance(inbox.open(arrived, now=0.0), Asked)
    assert inbox.open(arrived, now=30.0) is None
    assert inbox.open(arrived, now=59.0) is None
    assert isinstance(inbox.open(arrived, now=61.0), Asked)


def test_one_command_to_several_groups_counts_once() -> None:
    inbox = Inbox()
    assert isinstance(inbox.open(Arrived("antiphon/all/cmd/trigger", b'{"id": 1}'), now=0.0), Asked)
    assert inbox.open(Arrived("antiphon/group/wind/cmd/trigger", b'{"id": 1}'), now=0.0) is None


def test_commands_without_an_id_each_count() -> None:
    inbox = Inbox()
    answers = [inbox.open(Arrived("antiphon/hall/cmd/panic", b""), now=0.0) for _ in range(3)]
    assert answers == [Asked("panic", Panic())] * 3


def test_other_commands_of_one_sender_with_one_correlation_each_count() -> None:
    inbox = Inbox()
    for payload in (b"0.4", b"0.5"):
        arrived = Arrived("antiphon/hall/cmd/set/play/temperature", payload, correlation=b"same")
        assert isinstance(inbox.open(arrived, now=0.0), Asked)


def test_of_a_flood_so_many_are_followed_and_one_line_tells_of_the_rest() -> None:
    inbox = Inbox()
    arrived = Arrived("antiphon/hall/cmd/panic", b"")
    answers = [inbox.open(arrived, now=number / 1000) for number in range(1000)]
    assert sum(isinstance(each, Asked) for each in answers) == pytest.approx(2 * PER_SECOND, abs=2)
    assert [each.error for each in answers if isinstance(each, Refused)] == [
        "there are more than 50 commands a second; some are dropped"
    ]


def test_after_a_flood_the_next_one_is_told_of_again() -> None:
    inbox = Inbox()
    arrived = Arrived("antiphon/hall/cmd/panic", b"")
    for second in (0.0, 10.0):
        answers = [inbox.open(arrived, now=second) for _ in range(PER_SECOND + 2)]
        assert [type(each) for each in answers[-2:]] == [Refused, type(None)]
