"""The daemon: one session on one event loop, from the start until a signal or an error ends it."""

import asyncio
import errno
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence

from antiphon.adapters import garbage, log_book
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.check_up import Examine, unexamined
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.opening import DOORS, Door, Doors
from antiphon.adapters.log_thread import written_by_a_thread
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.adapters.midi.system import needed_system
from antiphon.adapters.pacer import clock
from antiphon.adapters.service_manager import ServiceManager
from antiphon.config import Loaded
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, reason_of
from antiphon.log import on_behalf_of
from antiphon.requests import Reload
from antiphon.session import Session, session

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)

SECONDS_BETWEEN_LOOKS = 1.0
"""How often the ports are looked after."""

BETWEEN_SHORTAGES: Seconds = 60.0
"""How often it is told that nobody can connect; asyncio says so many times a second."""


def run(loaded: Loaded, load: Callable[[], Loaded], examine: Examine = unexamined) -> None:
    """Play until a signal or an error ends it.

    Args:
        loaded: the configuration.
        load: reads it anew, when SIGHUP asks for it.
        examine: looks at the machine, when a door asks for that.

    Raises:
        AntiphonError: a port, the model or the recording folder is not as the configuration says.
    """
    asyncio.run(play(loaded, load, Broadcast(), examine=examine))


def jam(loaded: Loaded, examine: Examine = unexamined) -> None:
    """Play with whatever MIDI there is; where there is none, on the page, or else play a demonstration."""
    try:
        needed_system(loaded.config.midi)
    except NoMidiSystem as reason:
        jam_without_midi(loaded, str(reason), sys.stdout.isatty(), examine)
    else:
        run(loaded, lambda: loaded, examine)


def jam_without_midi(loaded: Loaded, reason: str, is_watched: bool, examine: Examine = unexamined) -> None:
    """Play on the page, where it was asked for or somebody is there to play; else play a demonstration.

    Args:
        loaded: the configuration.
        reason: why there is no MIDI.
        is_watched: whether somebody sits at a terminal; a demonstration ends by itself, a page does not.
        examine: as in :func:`run`.
    """
    # Whoever has MIDI need not wait for any of this.
    from antiphon.adapters.doors.web.showing import SHOWN, on_the_page, there_is_a_page

    if loaded.config.web.port or (is_watched and there_is_a_page()):
        logger.info("%s; until then there is the page", reason)
        loaded = on_the_page(loaded)
        doors = [door for door in DOORS if door.setting != SHOWN.setting]
        asyncio.run(play(loaded, lambda: loaded, Broadcast(), [*doors, SHOWN], examine))
    else:
        from antiphon.demonstration import demonstrate

        demonstrate(loaded.config, reason)


async def play(
    loaded: Loaded,
    load: Callable[[], Loaded],
    broadcast: Broadcast,
    doors: Sequence[Door] = DOORS,
    examine: Examine = unexamined,
) -> None:
    """Start everything, play until told to stop, and stop everything in reverse.

    Args:
        loaded: the configuration.
        load: reads it anew, when that is asked for.
        broadcast: where everything that happens is told.
        doors: those that there are; the configuration says which are opened.
        examine: looks at the machine, when a door asks for that.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.set_exception_handler(Failures(ended))
    # They come through the loop, and it has its turn only when the session is open.
    manager = ServiceManager.find(os.environ)
    listen_to_signals(loop, ended, manager, lambda: opened.desk)
    with written_by_a_thread():
        # Doors are shut last, when nothing sounds any more: they have to wait for the network.
        async with Doors(loaded.config, doors) as entrance:
            with session(loaded, load, broadcast, not entrance.is_any, examine) as opened:
                if manager.is_there:
                    # Who was killed in mid-answer may have left notes, where its panic was killed as well.
                    for partner in opened.partners:
                        partner.ports.silence()
                entrance.open(opened.desk)
                with manager.kept_informed(opened.desk):
                    await look_after(opened, ended)
            stop_listening_to_signals(loop)
        ended.result()
        logger.info("stopped")


async def look_after(session: Session, ended: asyncio.Future[None]) -> None:
    """Look after the ports and the hours, and search for garbage while nobody plays, until it has ended."""
    while not ended.done():
        for partner in session.partners:
            with on_behalf_of(partner.name):
                partner.ports.tend()
                partner.almanac.look(partner.desk.loaded.config.attract.hours)
        if session.is_at_rest(clock()):
            garbage.collect()
        await asyncio.wait({ended}, timeout=SECONDS_BETWEEN_LOOKS)


class Failures:
    """Ends the session for an error in any callback; asyncio would only log it and play on half broken.

    That nobody more can connect, for want of files that may be open, is none: asyncio tries again by itself.
    """

    def __init__(self, ended: asyncio.Future[None]) -> None:
        self._ended = ended
        self._told_again_at: Seconds = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if "socket" in context and isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self._tell_shortage(error)
        elif not self._ended.done():
            failure = error if isinstance(error, Exception) else RuntimeError(str(context["message"]))
            self._ended.set_exception(failure)

    def _tell_shortage(self, error: OSError) -> None:
        if clock() >= self._told_again_at:
            self._told_again_at = clock() + BETWEEN_SHORTAGES
            logger.warning("nobody more can connect for the moment, the music goes on: %s", reason_of(error))


def listen_to_signals(
    loop: asyncio.AbstractEventLoop,
    ended: asyncio.Future[None],
    manager: ServiceManager,
    desk: Callable[[], Desk],
) -> None:
    """End at SIGINT and SIGTERM, read the configuration again at SIGHUP, log the state at SIGUSR1.

    A terminal sends SIGHUP, too, when it is closed; who sits at none any more is ended by that.
    """
    at_a_terminal = sits_at_a_terminal()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    def hang_up() -> None:
        if at_a_terminal and not sits_at_a_terminal():
            end()
        else:
            reload(desk(), manager)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, hang_up)
    loop.add_signal_handler(signal.SIGUSR1, lambda: write_states(desk()))


def sits_at_a_terminal() -> bool:
    """Tell whether somebody sees or steers this at a terminal; one that was closed is none."""
    return any(os.isatty(file) for file in (0, 1, 2))


def write_states(desk: Desk) -> None:
    """Log what the main partner does, and then each of the others."""
    log_book.write_state(desk.state())
    for name, partner in desk.partners.items():
        with on_behalf_of(name):
            log_book.write_state(partner.state())


def reload(desk: Desk, manager: ServiceManager) -> None:
    try:
        with manager.told_of_reload():
            desk.carry_out(Reload(), "SIGHUP")
    except AntiphonError as error:
        for mistake in str(error).splitlines():
            logger.error("the configuration stays as it was: %s", mistake)


def stop_listening_to_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Let no further signal turn a clean end, which is all but reached, into a death."""
    for number in SIGNALS:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
