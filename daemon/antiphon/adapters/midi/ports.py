"""The pair of MIDI ports that a daemon plays through: what the rest of it knows of MIDI.

Knows neither music nor settings but for those of its ports.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack

from antiphon.adapters.broadcast import Listener, PortFound, PortLost
from antiphon.adapters.midi.connection import Connection, Direction, set_callback, virtual_name
from antiphon.adapters.midi.hand_off import Deliver, HandOff
from antiphon.adapters.midi.libraries import MidiSystem
from antiphon.adapters.midi.port_lock import PortLock
from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.system import full_system_name, open_cables, open_system
from antiphon.adapters.midi.wire import bytes_of, silencing_messages
from antiphon.core.commands import Music
from antiphon.core.events import InputLost, OutputLost
from antiphon.core.units import Seconds
from antiphon.errors import PortError
from antiphon.schema import Midi

logger = logging.getLogger(__name__)


class MidiPorts:
    """An input and an output, kept open. Everything is called on the thread of the event loop.

    Call :meth:`tend` about once a second. When the end has come, :meth:`drain` and :meth:`close`.

    Args:
        settings: which ports, on which channels.
        clock: monotonic seconds.
        deliver: called with each event and when it happened: what is heard, and once InputLost or OutputLost
            for each port that vanished.
        tell: called afterwards with each port that vanished or is back, for whoever watches.

    Raises:
        NoMidiSystem: there is none here.
        PortError: a port is not there, cannot be opened, or is played by another daemon.
    """

    def __init__(
        self, settings: Midi, clock: Callable[[], Seconds], deliver: Deliver, tell: Listener
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._deliver = deliver
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._hand_off = HandOff(self._loop, clock, deliver, settings.in_channel)
        self._lost: set[Direction] = set()
        self._is_closed = False
        self._system: MidiSystem
        self._system, self._cables = open_system(settings.api, self._look_soon)
        with ExitStack() as undo:
            undo.callback(lambda: self._cables.close())
            self._output = self._open_output(undo)
            self._input = self._open_input()
            undo.pop_all()
        logger.info('listening on "%s", playing on "%s"', self.input_name, self.output_name)

    def _open_output(self, undo: ExitStack) -> Connection:
        peer = choose(self._settings.out, self._cables.names("out"), "out")
        self._lock = PortLock.take(full_system_name(self._system), peer or virtual_name("out"))
        undo.callback(self._lock.release)
        output = self._cables.plug("out", peer)
        undo.callback(lambda: self._cables.unplug_output(output))
        return output

    def _open_input(self) -> Connection:
        connection = self._cables.plug("in", choose(self._settings.in_, self._cables.names("in"), "in"))
        set_callback(connection.client, self._hand_off.receive)
        return connection

    @property
    def input_name(self) -> str:
        """The port that is heard."""
        return self._input.name

    @property
    def output_name(self) -> str:
        """The port that is played."""
        return self._output.name

    @property
    def lost(self) -> frozenset[Direction]:
        """Which of `in` and `out` are missing at the moment."""
        return frozenset(self._lost)

    def send(self, command: Music) -> None:
        """Send a command at once. Never waits; what cannot be sent is reported as a lost output."""
        self._send_bytes(bytes_of(command, self._settings.out_channel))

    def _send_bytes(self, message: bytes) -> None:
        if "out" in self._lost or self._is_closed:
            return
        if not self._cables.may_send(len(message)):
            self._lose_both()
            return
        try:
            self._output.client.send_message(message)
        except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
            logger.debug("rtmidi cannot send: %s", error)
            self._lose(self._output)

    def tend(self) -> None:
        """Notice what has vanished, and open it again once it is back. Takes 1 ms if nothing happened."""
        if self._is_closed or self._still_there():
            return
        try:
            self._reopen()
        except PortError as error:
            logger.debug("%s", error)

    def _still_there(self) -> bool:
        if not self._both_are_lost and not self._cables.system_lives():
            self._lose_both()
        self._look()
        return not self._lost

    def _look_soon(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        if self._is_closed:
            return
        if self._cables.system_is_gone():
            self._lose_both()
            return
        for connection in (self._input, self._output):
            if connection.direction not in self._lost and not self._cables.is_plugged(connection):
                self._lose(connection)

    def _lose_both(self) -> None:
        if not self._both_are_lost:
            logger.warning("the MIDI system %s has stopped; waiting for it to come back", self._system)
        self._mark_lost("in")
        self._mark_lost("out")

    def _lose(self, connection: Connection) -> None:
        logger.warning('the MIDI port "%s" has vanished; waiting for it to come back', connection.name)
        self._mark_lost(connection.direction)

    @property
    def _both_are_lost(self) -> bool:
        return len(self._lost) == 2

    def _mark_lost(self, direction: Direction) -> None:
        if direction not in self._lost:
            self._lost.add(direction)
            # Not at once: whoever is sending does not expect to be told something in the middle of it.
            loss = InputLost() if direction == "in" else OutputLost()
            self._loop.call_soon(self._deliver, loss, self._clock())
            name = self.input_name if direction == "in" else self.output_name
            self._loop.call_soon(self._tell, PortLost(direction, name))

    def _reopen(self) -> None:
        """Open again what is back; raise PortError where something is still missing."""
        if self._cables.system_is_gone():
            self._start_over()
        elif self._both_are_lost and not self._cables.system_lives():
            raise PortError("the MIDI system does not respond; restart its server")
        try:
            if "out" in self._lost:
                self._reopen_output()
        finally:
            if "in" in self._lost:
                self._reopen_input()

    def _reopen_output(self) -> None:
        self._output = self._replugged(self._output, self._settings.out)
        self._found(self._output)
        self.silence()

    def _reopen_input(self) -> None:
        former, self._input = self._input, self._replugged(self._input, self._settings.in_)
        if self._input.client is not former.client:
            set_callback(self._input.client, self._hand_off.receive)
        self._found(self._input)

    def _start_over(self) -> None:
        # What was open on the dead server is not closed: that takes long, or for ever.
        self._cables = open_cables(self._system, self._look_soon)

    def _replugged(self, former: Connection, pattern: str) -> Connection:
        if former.peer is None:
            return self._cables.replug(former, None)
        names = self._cables.names(former.direction)
        peer = former.peer if former.peer in names else choose(pattern, names, former.direction)
        if peer is None:
            raise PortError(f'the MIDI port "{former.peer}" is still missing; plug it in again')
        return self._cables.replug(former, peer)

    def _found(self, connection: Connection) -> None:
        self._lost.discard(connection.direction)
        logger.info('the MIDI port "%s" is back', connection.name)
        self._tell(PortFound(connection.direction, connection.name))

    def silence(self) -> None:
        """Lift the pedal and end every note on the channel that is played, whoever began it."""
        for message in silencing_messages(self._settings.out_channel):
            self._send_bytes(message)

    def drain(self) -> None:
        """Wait until what was sent has left: a few milliseconds, a quarter of a second at most.

        rtmidi drops what is sent just before a port is closed, and that would be the releases.
        """
        if "out" not in self._lost and not self._is_closed:
            self._cables.settle()

    def close(self) -> None:
        """Let go of the ports and of the right to play on them. May be called again."""
        if self._is_closed:
            return
        self._is_closed = True
        self._hand_off.close()
        self._cables.unplug_input(self._input)
        self._cables.unplug_output(self._output)
        self._cables.close()
        self._lock.release()
