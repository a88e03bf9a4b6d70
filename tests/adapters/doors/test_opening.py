"""Doors: which are opened, and what becomes of one that fails."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.opening import DOORS, Door, Doors, Serve
from antiphon.settings import Config
from antiphon_models.typed import pip_install
from default_config import loaded
from desk_scene import Scene


class Visits:
    """A door that waits for ever, and remembers that it was opened and shut."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def serve(self, config: Config, desk: Desk) -> None:
        self.seen.append("open")
        try:
            await asyncio.Event().wait()
        finally:
            self.seen.append("shut")


def door(find: Callable[[], Serve]) -> tuple[Door, ...]:
    return (Door("mqtt.host", "mqtt", find),)


def session(doors: tuple[Door, ...], *sets: str) -> list[dict[str, Any]]:
    """Open doors for a moment; return the errors that the loop was told of."""
    errors: list[dict[str, Any]] = []

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
        scene = Scene(loaded(*sets))
        async with Doors(scene.desk.loaded.config, doors) as opened:
            opened.open(scene.desk)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        scene.close()

    asyncio.run(play())
    return errors


def test_a_door_is_open_while_the_session_lasts() -> None:
    visits = Visits()
    assert session(door(lambda: visits.serve), "mqtt.host=broker") == []
    assert visits.seen == ["open", "shut"]


def test_a_door_that_nobody_wants_stays_shut_and_is_not_even_looked_for() -> None:
    def find() -> Serve:
        raise AssertionError("nobody wants it")

    assert session(door(find)) == []


def test_a_door_without_its_library_is_told_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def find() -> Serve:
        raise ModuleNotFoundError("No module named 'aiomqtt'", name="aiomqtt")

    assert session(door(find), "mqtt.host=broker") == []
    assert caplog.messages == [
        f"mqtt.host is set, but aiomqtt is not installed here; run `{pip_install('antiphon[mqtt]')}`"
    ]


def test_an_error_that_a_door_did_not_foresee_is_one_of_the_session() -> None:
    async def fail(config: Config, desk: Desk) -> None:
        raise ZeroDivisionError("unforeseen")

    [context] = session(door(lambda: fail), "mqtt.host=broker")
    assert str(context["exception"]) == "unforeseen"


def test_every_door_is_opened_by_a_setting_that_there_is_and_shut_by_default() -> None:
    assert [door.setting for door in DOORS if door.is_wanted(loaded().config)] == []
