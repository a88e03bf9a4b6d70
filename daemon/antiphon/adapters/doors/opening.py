"""Which doors there are, and how they are opened and shut: the one place where a door is added.

A door is a coroutine function that serves until it is cancelled. It comes to the desk with requests and
listens to its broadcast; what goes wrong with its own network it tells in the log, and tries again. This
module does not know what a door speaks.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeAlias

from msgspec import Struct

from antiphon.adapters.desk import Desk
from antiphon.adapters.footing import step_down
from antiphon.core.units import Seconds
from antiphon.settings import Config
from antiphon_models.typed import pip_install

logger = logging.getLogger(__name__)

GRACE: Seconds = 1.0
"""How long doors may take to say that the daemon is going."""

Serve: TypeAlias = Callable[[Config, Desk], Coroutine[Any, Any, None]]


class Door(Struct, frozen=True):
    """A door that can be opened.

    Attributes:
        setting: the setting that opens it, unless it is empty or false.
        extra: what of antiphon has to be installed for it.
        find: imports what serves it; fails with ImportError where a library is missing.
    """

    setting: str
    extra: str
    find: Callable[[], Serve]

    def is_wanted(self, config: Config) -> bool:
        section, name = self.setting.split(".")
        return bool(getattr(getattr(config, section), name))


def _mqtt() -> Serve:
    from antiphon.adapters.doors.mqtt.door import serve

    return serve


def _osc() -> Serve:
    from antiphon.adapters.doors.osc.door import serve

    return serve


def _web() -> Serve:
    from antiphon.adapters.doors.web.door import serve

    return serve


DOORS = (Door("mqtt.host", "mqtt", _mqtt), Door("osc.port", "osc", _osc), Door("web.port", "web", _web))


class Doors:
    """The doors of a session, open as long as the context lasts.

    Libraries are imported when it is made, so that nothing waits for that once the music has begun.

    Args:
        config: says which doors are wanted.
        doors: those that there are.
    """

    def __init__(self, config: Config, doors: Sequence[Door] = DOORS) -> None:
        self._config = config
        self._found: list[Serve] = []
        self._open: set[asyncio.Task[None]] = set()
        for door in doors:
            if door.is_wanted(config):
                self._find(door)

    @property
    def is_any(self) -> bool:
        """Whether somebody can come in."""
        return bool(self._found)

    def _find(self, door: Door) -> None:
        try:
            self._found.append(door.find())
        except ImportError as error:
            logger.error(
                "%s is set, but %s is not installed here; run `%s`",
                door.setting,
                error.name,
                pip_install(f"antiphon[{door.extra}]"),
            )

    def open(self, desk: Desk) -> None:
        """Let everybody in. An error that no door foresaw goes to the loop's exception handler."""
        loop = asyncio.get_running_loop()
        if self._found:
            # Threads inherit a real-time priority that is meant for the music.
            loop.set_default_executor(ThreadPoolExecutor(4, "door", initializer=step_down))
        for serve in self._found:
            task = loop.create_task(serve(self._config, desk))
            task.add_done_callback(_report)
            self._open.add(task)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=GRACE)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        task.get_loop().call_exception_handler({"message": "a door failed", "exception": error, "task": task})
