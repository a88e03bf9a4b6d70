"""The daemon: what is started, in which order, and how it ends.

Everything runs on one event loop. Whatever happens, a signal or an error, what sounds is released, the
ports are drained, and the recording is closed, in that order.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import msgspec

from antiphon.adapters import garbage, log_book
from antiphon.adapters.engines.opening import engine_in_time, seed_of
from antiphon.adapters.files.recorder import Recorder
from antiphon.adapters.footing import real_time, tell_what_is_missing
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.adapters.midi.ports import MidiPorts
from antiphon.adapters.midi.system import find_system
from antiphon.adapters.pacer import Pacer, Tell, clock, nobody
from antiphon.adapters.punctuality import Punctuality
from antiphon.adapters.state import State
from antiphon.config import Loaded
from antiphon.core.commands import Command, Publish
from antiphon.core.events import EngineReady, Event, SettingsChanged
from antiphon.core.improviser import Improviser
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError
from antiphon.schema import Config, schema

logger = logging.getLogger(__name__)

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
    asyncio.run(Daemon(loaded.config, load).play())


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
    """One session: an improviser between two ports, with a recorder looking on.

    Args:
        config: all settings.
        load: reads them anew, when SIGHUP asks for it.
        onlooker: told of each command after it was sent, and when that was.
    """

    def __init__(
        self,
        config: Config,
        load: Callable[[], Loaded],
        onlooker: Tell = nobody,
    ) -> None:
        self._config = config
        self._at_the_start = config
        self._load = load
        self._onlooker = onlooker
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None

    async def play(self) -> None:
        """Start everything, play until told to stop, and stop everything in reverse."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_failure)
        self._listen_to_signals(loop)
        with ExitStack() as open_things:
            self._recorder = self._open_recorder()
            if self._recorder is not None:
                open_things.callback(self._recorder.close)
            engine = open_things.enter_context(
                engine_in_time(self._config, seed_of(self._config), clock, self._ask_again)
            )
            self._improviser = Improviser(engine, self._config.settings, clock())
            # Before the ports, so that rtmidi's thread, which hears the keyboard, stands there as well.
            footing = open_things.enter_context(real_time(self._config.system.priority))
            self._ports = MidiPorts(self._config.midi, clock, self._hear)
            open_things.callback(self._ports.close)
            open_things.callback(self._ports.drain)
            self._pacer = Pacer(self._improviser, self._play, self._keep)
            open_things.callback(self._release)
            open_things.enter_context(garbage.set_aside())
            tell_what_is_missing(footing)
            await self._look_after_ports()
        stop_listening_to_signals(loop)
        log_book.write_punctuality(self.punctuality.delays())
        if self._failure is not None:
            raise self._failure

    @property
    def punctuality(self) -> Punctuality:
        """How late everything was since the start."""
        return self._pacer.punctuality

    def state(self) -> State:
        """Return what it is doing now, while it plays."""
        model = self._at_the_start.model
        return State(
            mode=self._config.play.mode,
            engine=self._at_the_start.engine.kind,
            model=model.file or model.name,
            input=self._ports.input_name,
            output=self._ports.output_name,
            lost=tuple(sorted(self._ports.lost)),
            player_active=self._improviser.player_is_active(clock()),
            answering=self._improviser.is_answering,
            sounding=tuple(sorted(self._improviser.sounding)),
            delays=self.punctuality.delays(),
        )

    async def _look_after_ports(self) -> None:
        while not self._stopping.is_set():
            self._ports.tend()
            if self._improviser.is_at_rest:
                garbage.collect()
            try:
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                continue

    def _release(self) -> None:
        """Release what sounds; should the improviser itself be what failed, silence the whole channel."""
        try:
            self._pacer.close()
        except BaseException:
            self._ports.silence()
            raise

    def _hear(self, event: Event, at: Seconds) -> None:
        self._pacer.receive(event, at)
        if self._recorder is not None:
            self._recorder.heard(event, at)

    def _ask_again(self) -> None:
        self._pacer.receive(EngineReady(), clock())

    def _play(self, command: Command) -> None:
        if not isinstance(command, Publish):
            self._ports.send(command)

    def _keep(self, command: Command, at: Seconds) -> None:
        """Write down what was sent, and what there is to tell; the music has left by then."""
        if isinstance(command, Publish):
            log_book.write(command.occurrence)
        elif self._recorder is not None:
            self._recorder.played(command, at)
        self._onlooker(command, at)

    def _open_recorder(self) -> Recorder | None:
        record = self._config.record
        if not record.enabled:
            return None
        folder = Path(record.folder).expanduser() if record.folder else DEFAULT_FOLDER.expanduser()
        return Recorder(folder, record.megabytes, datetime.now)

    def _listen_to_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        loop.add_signal_handler(signal.SIGUSR1, lambda: log_book.write_state(self.state()))

    def _reload(self) -> None:
        try:
            config = self._load().config
        except AntiphonError as error:
            logger.error("the configuration stays as it was: %s", error)
            return
        changed = changes(self._config, config)
        self._pacer.receive(SettingsChanged(config.settings), clock())
        logger.info("configuration read again: %s", ", ".join(changed) or "nothing has changed")
        if waiting := [name for name in changed if not schema()[name].live]:
            logger.warning("restart to follow the changes in: %s", ", ".join(waiting))
        self._config = config

    def _on_failure(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """End the session for an error in any callback; asyncio would only log it and play on half broken."""
        error = context.get("exception")
        self._failure = error if isinstance(error, BaseException) else RuntimeError(str(context["message"]))
        self._stopping.set()


def changes(before: Config, after: Config) -> list[str]:
    """Return the names of the settings that differ, such as ``play.temperature``."""
    one, other = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return [
        setting.dotted
        for setting in schema().values()
        if one[setting.section][setting.name] != other[setting.section][setting.name]
    ]


def stop_listening_to_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Let no further signal turn a clean end, which is all but reached, into a death."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
