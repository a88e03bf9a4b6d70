"""The daemon: what is started, in which order, and how it ends.

Everything runs on one event loop. Whatever happens, a signal or an error, what sounds is released, the
ports are drained, and the recording is closed, in that order.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from antiphon.adapters import garbage, log_book
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.opening import Doors
from antiphon.adapters.engines.opening import engine_in_time, seed_of
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.files.recorder import Recorder
from antiphon.adapters.footing import real_time, tell_what_is_missing
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.adapters.midi.ports import MidiPorts
from antiphon.adapters.midi.system import find_system
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import Loaded
from antiphon.core.events import Event
from antiphon.core.improviser import Improviser
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError
from antiphon.requests import Reload
from antiphon.schema import Record

logger = logging.getLogger(__name__)

PHRASES = "~/.local/share/antiphon/phrases"

DEFAULT_FOLDER = Path("~/.local/share/antiphon/sessions")

SECONDS_BETWEEN_LOOKS = 1.0
"""How often the ports are looked after."""


def run(loaded: Loaded, load: Callable[[], Loaded]) -> None:
    """Play until a signal or an error ends it.

    Args:
        loaded: the configuration.
        load: reads it anew, when SIGHUP asks for it.

    Raises:
        AntiphonError: a port, the model or the recording folder is not as the configuration says.
    """
    asyncio.run(Daemon(loaded, load).play())


def jam(loaded: Loaded) -> None:
    """Play with whatever MIDI there is, and where there is none, play a demonstration."""
    try:
        find_system(loaded.config.midi.api)
    except NoMidiSystem as reason:
        from antiphon.demonstration import demonstrate  # whoever has MIDI need not wait for it

        demonstrate(loaded.config, str(reason))
    else:
        run(loaded, lambda: loaded)


class Daemon:
    """One session: an improviser between two ports, and whoever wants to know what happens.

    Args:
        loaded: the configuration.
        load: reads it anew, when that is asked for.

    Attributes:
        broadcast: where everything that happens is told; listen before it plays.
        punctuality: how late everything was since the start.
    """

    def __init__(self, loaded: Loaded, load: Callable[[], Loaded]) -> None:
        self.broadcast = Broadcast()
        self.punctuality = Punctuality()
        self._loaded = loaded
        self._load = load
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None

    async def play(self) -> None:
        """Start everything, play until told to stop, and stop everything in reverse."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_failure)
        self._listen_to_signals(loop)
        config, tell = self._loaded.config, self.broadcast

        def deliver(event: Event, at: Seconds) -> None:
            # Ports and a slow engine bring events to the pacer, which can only be made of them.
            pacer.receive(event, at)

        # Doors are shut last, when nothing sounds any more: they have to wait for the network.
        async with Doors(config) as doors, AsyncExitStack() as open_things:
            tell.listen(self.punctuality.take_down)
            tell.listen(log_book.write)
            if config.record.enabled:
                recorder = open_recorder(config.record)
                open_things.callback(recorder.close)
                tell.listen(recorder.keep)
            phrases = PhraseBook.read(Path(config.trigger.folder or PHRASES))
            engine = open_things.enter_context(engine_in_time(config, seed_of(config), clock, deliver))
            improviser = Improviser(engine, config.settings, clock())
            # Before the ports, so that rtmidi's thread, which hears the keyboard, stands there as well.
            footing = open_things.enter_context(real_time(config.system.priority))
            ports = MidiPorts(config.midi, clock, deliver, tell.tell)
            open_things.callback(ports.close)
            open_things.callback(ports.drain)
            pacer = Pacer(improviser, ports.send, tell.tell)
            open_things.callback(release_all, pacer, ports)
            self.desk = Desk(
                self._loaded, self._load, tell, improviser, pacer, ports, self.punctuality, phrases
            )
            open_things.enter_context(garbage.set_aside())
            tell_what_is_missing(footing)
            doors.open(self.desk)
            await self._look_after(ports, improviser)
        stop_listening_to_signals(loop)
        log_book.write_punctuality(self.punctuality.delays())
        if self._failure is not None:
            raise self._failure

    def _listen_to_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop at SIGINT and SIGTERM, read the configuration again at SIGHUP, log the state at SIGUSR1."""
        # They come through the loop, and it has its turn only when the desk is there.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: reload(self.desk))
        loop.add_signal_handler(signal.SIGUSR1, lambda: log_book.write_state(self.desk.state()))

    async def _look_after(self, ports: MidiPorts, improviser: Improviser) -> None:
        while not self._stopping.is_set():
            ports.tend()
            if improviser.is_at_rest:
                garbage.collect()
            try:
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                continue

    def _on_failure(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """End the session for an error in any callback; asyncio would only log it and play on half broken."""
        error = context.get("exception")
        self._failure = error if isinstance(error, BaseException) else RuntimeError(str(context["message"]))
        self._stopping.set()


def open_recorder(record: Record) -> Recorder:
    folder = Path(record.folder) if record.folder else DEFAULT_FOLDER
    return Recorder(folder.expanduser(), record.megabytes, datetime.now)


def release_all(pacer: Pacer, ports: MidiPorts) -> None:
    """Release what sounds; should the improviser itself be what failed, silence the whole channel."""
    try:
        pacer.close()
    except BaseException:
        ports.silence()
        raise


def reload(desk: Desk) -> None:
    try:
        desk.carry_out(Reload(), "SIGHUP")
    except AntiphonError as error:
        for mistake in str(error).splitlines():
            logger.error("the configuration stays as it was: %s", mistake)


def stop_listening_to_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Let no further signal turn a clean end, which is all but reached, into a death."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
