"""The daemon: one session on one event loop, from the start until a signal or an error ends it."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, TypeAlias

from antiphon.adapters import garbage, log_book
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.desk import Desk
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.adapters.midi.system import find_system
from antiphon.config import Loaded
from antiphon.errors import AntiphonError
from antiphon.requests import Reload
from antiphon.session import Session, session

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)

SECONDS_BETWEEN_LOOKS = 1.0
"""How often the ports are looked after."""

SECONDS_TO_LEAVE = 1.0
"""How long doors may take to say goodbye, when everything is released."""

Door: TypeAlias = Callable[[Desk], Coroutine[Any, Any, None]]
"""Lets people steer and watch by the desk, until it is cancelled; if it ends by itself, the session does."""


def run(loaded: Loaded, load: Callable[[], Loaded]) -> None:
    """Play until a signal or an error ends it.

    Args:
        loaded: the configuration.
        load: reads it anew, when SIGHUP asks for it.

    Raises:
        AntiphonError: a port, the model or the recording folder is not as the configuration says.
    """
    asyncio.run(play(loaded, load, Broadcast()))


def jam(loaded: Loaded) -> None:
    """Play with whatever MIDI there is, and where there is none, play a demonstration."""
    try:
        find_system(loaded.config.midi.api)
    except NoMidiSystem as reason:
        from antiphon.demonstration import demonstrate  # whoever has MIDI need not wait for it

        demonstrate(loaded.config, str(reason))
    else:
        run(loaded, lambda: loaded)


async def play(
    loaded: Loaded, load: Callable[[], Loaded], broadcast: Broadcast, doors: Sequence[Door] = ()
) -> None:
    """Start everything, play until told to stop, and stop everything in reverse.

    Args:
        loaded: the configuration.
        load: reads it anew, when that is asked for.
        broadcast: where everything that happens is told.
        doors: opened once it plays.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.set_exception_handler(partial(end_in_failure, ended))
    # They come through the loop, and it has its turn only when the session is open.
    listen_to_signals(loop, ended, lambda: opened.desk)
    tasks: set[asyncio.Task[None]] = set()
    try:
        with session(loaded, load, broadcast) as opened:
            tasks = {loop.create_task(door(opened.desk)) for door in doors}
            tasks.add(loop.create_task(look_after(opened)))
            done, _ = await asyncio.wait({ended, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
    finally:
        if tasks:
            stop_listening_to_signals(loop)
            await leave(tasks)


async def look_after(session: Session) -> None:
    """Notice ports that come and go, and search for garbage while nobody plays."""
    while True:
        session.ports.tend()
        if session.improviser.is_at_rest:
            garbage.collect()
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def leave(tasks: set[asyncio.Task[None]]) -> None:
    """Have everybody end what they do; who takes too long is left behind."""
    for task in tasks:
        task.cancel()
    done, late = await asyncio.wait(tasks, timeout=SECONDS_TO_LEAVE)
    if late:
        logger.warning("%d of the doors did not close in time", len(late))
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.debug("ended with %r", error)


def end_in_failure(
    ended: asyncio.Future[None], loop: asyncio.AbstractEventLoop, context: dict[str, object]
) -> None:
    """End the session for an error in any callback; asyncio would only log it and play on half broken."""
    error = context.get("exception")
    if not ended.done():
        ended.set_exception(error if isinstance(error, Exception) else RuntimeError(str(context["message"])))


def listen_to_signals(
    loop: asyncio.AbstractEventLoop, ended: asyncio.Future[None], desk: Callable[[], Desk]
) -> None:
    """End at SIGINT and SIGTERM, read the configuration again at SIGHUP, log the state at SIGUSR1."""

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, lambda: reload(desk()))
    loop.add_signal_handler(signal.SIGUSR1, lambda: log_book.write_state(desk().state()))


def reload(desk: Desk) -> None:
    try:
        desk.carry_out(Reload(), "SIGHUP")
    except AntiphonError as error:
        for mistake in str(error).splitlines():
            logger.error("the configuration stays as it was: %s", mistake)


def stop_listening_to_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Let no further signal turn a clean end, which is all but reached, into a death."""
    for number in SIGNALS:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
