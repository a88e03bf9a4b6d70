"""Requests: each by its name, and what is wrong with one told in a sentence."""

import typing
from typing import Any

import msgspec
import pytest

from antiphon.errors import RequestError
from antiphon.requests import REQUESTS, Change, Panic, PhraseNote, Request, Trigger, request_of


def test_every_request_has_a_name_and_says_what_it_does() -> None:
    names = ["trigger", "set", "save", "reload", "doctor", "panic", "hold", "learn", "unlearn"]
    assert list(REQUESTS) == names
    assert set(REQUESTS.values()) == set(typing.get_args(Request))
    assert all(each.__doc__ for each in REQUESTS.values())


def test_a_request_is_made_of_what_a_door_received() -> None:
    note = {"pitch": 60, "at": 0.5}
    assert request_of("panic", {}, "a test") == Panic()
    assert request_of("set", {"settings": {"play.seconds": 4}}, "a test") == Change({"play.seconds": 4})
    assert request_of("trigger", {"phrase": [note], "seed": 7}, "a test") == Trigger(
        phrase=(PhraseNote(60, 0.5),), seed=7
    )


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("triger", {}, "there is no request 'triger' (from a test); did you mean trigger?"),
        (
            "xylophone",
            {},
            "there is no request 'xylophone' (from a test); choose one of: trigger, set, save, reload, ",
        ),
        ("trigger", {"seed": "x"}, "trigger.seed from a test: expected `int | null`, got `str`"),
        ("trigger", {"seconds": 601}, "trigger.seconds from a test: expected `float` <= 600.0"),
        (
            "trigger",
            {"phrase": [{"pitch": 128, "at": 0}]},
            "trigger.phrase[0].pitch from a test: expected `int` <= 127",
        ),
        (
            "trigger",
            {"sed": 1},
            "trigger from a test: object contains unknown field `sed`; its fields are: phrase, ",
        ),
        ("set", {}, "set from a test: object missing required field `settings`"),
        (
            "panic",
            {"now": True},
            "panic from a test: object contains unknown field `now`; its fields are: none",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(name: str, values: dict[str, Any], told: str) -> None:
    with pytest.raises(RequestError) as error:
        request_of(name, values, "a test")
    assert str(error.value).startswith(told)


def test_a_request_is_written_with_its_name() -> None:
    assert msgspec.json.decode(msgspec.json.encode(Trigger(seed=1)))["type"] == "trigger"
