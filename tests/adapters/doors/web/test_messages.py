"""What a page may say, whatever it says."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.doors.web.messages import (
    LARGEST_MESSAGE,
    Ask,
    AskTheTime,
    Continue,
    Incoming,
    Keep,
    Pedal,
    Press,
    Release,
    Turn,
    Watch,
    frame_of,
    opened,
)
from antiphon.errors import RequestError

MESSAGES: list[tuple[dict[str, Any], Incoming]] = [
    ({"type": "press", "pitch": 60, "velocity": 90}, Press(60, 90)),
    ({"type": "press", "pitch": 60}, Press(60, 80)),
    ({"type": "release", "pitch": 60}, Release(60)),
    ({"type": "pedal", "value": 127}, Pedal(127)),
    ({"type": "request", "id": 7, "name": "panic"}, Ask(7, "panic", {})),
    ({"type": "clock", "id": 3}, AskTheTime(3)),
    ({"type": "watch", "expect": True}, Watch(True)),
    ({"type": "continue", "id": 9, "session": "abc", "at": 12.0}, Continue(9, "abc", 12.0)),
    ({"type": "keep", "id": 4}, Keep(4, 120.0)),
]


@pytest.mark.parametrize(("said", "meant"), MESSAGES)
def test_every_message_is_understood(said: dict[str, Any], meant: Incoming) -> None:
    assert opened(json.dumps(said)) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"type":"play"}',
        '{"type":"press"}',
        '{"type":"press","pitch":128}',
        '{"type":"press","pitch":60,"velocity":0}',
        '{"type":"press","pitch":60.5}',
        '{"type":"press","pitch":60,"colour":1}',
        '{"type":"clock","id":-1}',
        '{"type":"request","id":1,"name":"' + "x" * 61 + '"}',
        '{"type":"continue","id":1,"session":"' + "x" * 33 + '","at":1}',
        '{"type":"keep","id":1,"seconds":601}',
        '{"type":"keep","id":1,"seconds":NaN}',
        "[" * 5000,
        '{"type":"request","id":1,"name":"set","values":' + '{"a":' * 5000,
        "\ud800",
    ],
)
def test_what_is_none_is_told_in_a_sentence(said: str) -> None:
    with pytest.raises(RequestError) as error:
        opened(said)
    assert len(str(error.value)) < 300


def test_only_a_request_may_be_long() -> None:
    padding = " " * LARGEST_MESSAGE
    assert opened('{"type":"request","id":1,"name":"panic"}' + padding) == Ask(1, "panic", {})
    with pytest.raises(RequestError, match="longer than"):
        opened('{"type":"release","pitch":60}' + padding)


@given(
    st.text()
    | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)).map(json.dumps)
)
def test_whatever_comes_is_a_message_or_refused(said: str) -> None:
    try:
        opened(said)
    except RequestError:
        return
    raise AssertionError(f"{said!r} was understood")


def test_what_is_told_says_what_it_is() -> None:
    assert msgspec.json.decode(frame_of(Turn("you"))) == {"type": "turn", "whose": "you"}
