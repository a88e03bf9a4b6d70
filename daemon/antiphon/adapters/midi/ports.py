"""The pair of MIDI ports that a daemon plays through: what the rest of it knows of MIDI.

Knows neither music nor settings but for those of its ports.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from antiphon.adapters.broadcast import Listener, PortFound, PortLost
from antiphon.adapters.midi.connection import Cables, Connection, Direction, virtual_name
from antiphon.adapters.midi.hand_off import Deliver, HandOff, Take
from antiphon.adapters.midi.instruments import Instruments, Right
from antiphon.adapters.midi.port_names import ANY, choose
from antiphon.adapters.midi.system import full_system_name, open_both, open_system
from antiphon.adapters.midi.wire import bytes_of, silencing_messages
from antiphon.core.commands import Music
from antiphon.core.events import InputLost, OutputLost
from antiphon.core.units import Seconds
from antiphon.errors import PortError
from antiphon.settings import Midi

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
        take: shown each message that comes in, before it is heard as music.
        partner: whose ports they are; empty for the main partner.
        instruments: those that the partners of this daemon play.

    Raises:
        NoMidiSystem: there is none here.
        PortError: a port is not there, cannot be opened, or is played by another daemon.
    """

    def __init__(
        self,
        settings: Midi,
        clock: Callable[[], Seconds],
        deliver: Deliver,
        tell: Listener,
        take: Take = lambda message: False,
        partner: str = "",
        instruments: Instruments | None = None,
    ) -> None:
        self._partner = partner
        self._instruments = instruments or Instruments()
        self._settings = settings
        self._clock = clock
        self._deliver = deliver
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        keys = range(settings.lowest_key, settings.highest_key + 1)
        self._hand_off = HandOff(self._loop, clock, deliver, settings.in_channel, take=take, keys=keys)
        self._lost: set[Direction] = set()
        self._not_yet_there: set[Direction] = set()
        self._is_closed = False
        self._right: Right | None = None
        self._locked_port: str | None = None
        self._cables: dict[Direction, Cables] = open_both(settings, self._look_soon)
        with ExitStack() as undo:
            undo.callback(self._close_cables)
            self._output = self._open_output(undo)
            self._input = self._open_input(undo)
            undo.pop_all()
        logger.info('listening on "%s", playing on "%s"', self.input_name, self.output_name)
        if self._right is not None and self._right.was_abandoned:
            logger.warning("who played there before was killed; what may still sound is silenced")
            self.silence()
        for cables in self._systems:
            cables.follow(self._loop, self._look_around)
        self._say_how_to_connect()

    def _say_how_to_connect(self) -> None:
        wanted = []
        if self._input.peer is None:
            wanted.append(f'your keyboard to "{self.input_name}"')
        if self._output.peer is None:
            wanted.append(f'"{self.output_name}" to your synthesizer')
        if wanted:
            [system] = {self._cables[side.direction].system for side in self._sides if side.peer is None}
            tools = "aconnect or aconnectgui" if system == "alsa" else "jack_connect or qjackctl"
            nouns = {"in": "a keyboard", "out": "a synthesizer"}
            may_come = " or ".join(nouns[side.direction] for side in self._sides if self._takes_any(side))
            later = f"; {may_come} that is plugged in later is taken by itself" if may_come else ""
            logger.info("connect %s, for example with %s%s", " and ".join(wanted), tools, later)

    def _takes_any(self, own: Connection) -> bool:
        """Whether a port of ours takes the first real one that comes: any would do, and none was there."""
        pattern = self._settings.in_ if own.direction == "in" else self._settings.out
        return own.peer is None and pattern == ANY

    @property
    def _sides(self) -> tuple[Connection, Connection]:
        return self._input, self._output

    def _open_output(self, undo: ExitStack) -> Connection:
        output = self._plugged("out", self._settings.out, undo)
        undo.callback(lambda: self._cables["out"].unplug_output(output))
        return output

    def _open_input(self, undo: ExitStack) -> Connection:
        connection = self._plugged("in", self._settings.in_, undo)
        self._cables["in"].hear(connection, self._hand_off.receive, self._hand_off.miss)
        return connection

    def _plugged(self, direction: Direction, pattern: str, undo: ExitStack) -> Connection:
        """Open a port; where it is missing and may be, one that waits for it."""
        cables = self._cables[direction]
        try:
            peer = choose(pattern, cables.names(direction), direction)
        except PortError as error:
            if not self._settings.wait:
                raise
            logger.warning('the MIDI port "%s" is missing; waiting until it is plugged in', pattern)
            logger.debug("%s", error)
            self._lost.add(direction)
            self._not_yet_there.add(direction)
            return replace(cables.plug(direction, None, self._partner), peer=pattern)
        if direction == "out":
            self._take_lock(peer)
            undo.callback(self._release_lock)
        return cables.plug(direction, peer, self._partner)

    def _take_lock(self, peer: str | None) -> None:
        """Make sure that nobody else of us plays there, and that others may where this one played before."""
        port, system = (
            peer or virtual_name("out", self._partner),
            full_system_name(self._cables["out"].system),
        )
        player = f"partner {self._partner}" if self._partner else "the main partner"
        taken = self._instruments.take(system, port, self._settings.out_channel, player)
        self._release_lock()
        self._locked_port, self._right = port, taken

    def _release_lock(self) -> None:
        if self._right is not None:
            self._right.release()

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
        if not self._cables["out"].may_send(len(message)):
            self._lose_all_on(self._cables["out"])
            return
        try:
            self._output.client.send_message(message)
        except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
            logger.debug("rtmidi cannot send: %s", error)
            self._lose(self._output)

    def tend(self) -> None:
        """Notice what has vanished, and open it again once it is back. Takes 1 ms if nothing happened."""
        if self._is_closed:
            return
        for cables in self._systems:
            if not self._all_is_lost_on(cables) and not cables.system_lives():
                self._lose_all_on(cables)
        self._look_around()

    def _look_around(self) -> None:
        """Notice which port has vanished, and open again what is back."""
        if self._is_closed:
            return
        self._look()
        self._take_what_was_plugged_in()
        for cables in self._systems if self._lost else ():
            try:
                self._reopen_on(cables)
            except PortError as error:
                logger.debug("%s", error)

    def _take_what_was_plugged_in(self) -> None:
        for own in self._sides:
            if self._takes_any(own) and own.direction not in self._lost:
                try:
                    self._adopt(own)
                except PortError as error:
                    logger.debug("%s", error)

    def _adopt(self, own: Connection) -> None:
        cables = self._cables[own.direction]
        peer = choose(ANY, cables.names(own.direction), own.direction)
        if peer is None:
            return
        if own.direction == "out":
            self._take_lock(peer)
            self._output = cables.replug(own, peer)
            self.silence()
        else:
            self._input = cables.replug(own, peer)
        logger.info('the MIDI port "%s" was plugged in', peer)
        self._tell(PortFound(own.direction, peer))

    @property
    def _systems(self) -> tuple[Cables, ...]:
        """What each of the ports is plugged into, without repetition."""
        heard, played = self._cables["in"], self._cables["out"]
        return (heard,) if heard is played else (heard, played)

    def _look_soon(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        if self._is_closed:
            return
        for cables in self._systems:
            if cables.system_is_gone():
                self._lose_all_on(cables)
        for connection in self._sides:
            direction = connection.direction
            if direction not in self._lost and not self._cables[direction].is_plugged(connection):
                self._lose(connection)

    def _lose_all_on(self, cables: Cables) -> None:
        if not self._all_is_lost_on(cables):
            logger.warning("the MIDI system %s has stopped; waiting for it to come back", cables.system)
        for direction in self._directions_on(cables):
            self._mark_lost(direction)

    def _lose(self, connection: Connection) -> None:
        logger.warning('the MIDI port "%s" has vanished; waiting for it to come back', connection.name)
        self._mark_lost(connection.direction)

    def _directions_on(self, cables: Cables) -> list[Direction]:
        return [direction for direction, plugged in self._cables.items() if plugged is cables]

    def _all_is_lost_on(self, cables: Cables) -> bool:
        return self._lost.issuperset(self._directions_on(cables))

    def _mark_lost(self, direction: Direction) -> None:
        if direction not in self._lost:
            self._lost.add(direction)
            # Not at once: whoever is sending does not expect to be told something in the middle of it.
            loss = InputLost() if direction == "in" else OutputLost()
            self._loop.call_soon(self._deliver, loss, self._clock())
            name = self.input_name if direction == "in" else self.output_name
            self._loop.call_soon(self._tell, PortLost(direction, name))

    def _reopen_on(self, cables: Cables) -> None:
        """Open again what is back; raise PortError where something is still missing."""
        lost = self._lost.intersection(self._directions_on(cables))
        if cables.system_is_gone():
            self._start_over(cables)
        elif self._all_is_lost_on(cables) and not cables.system_lives():
            raise PortError("the MIDI system does not respond; restart its server")
        try:
            if "out" in lost:
                self._reopen_output()
        finally:
            if "in" in lost:
                self._reopen_input()

    def _reopen_output(self) -> None:
        self._output = self._replugged(self._output, self._settings.out)
        self._found(self._output)
        self.silence()

    def _reopen_input(self) -> None:
        former, self._input = self._input, self._replugged(self._input, self._settings.in_)
        if self._input.client is not former.client:
            self._cables["in"].hear(self._input, self._hand_off.receive, self._hand_off.miss)
        self._found(self._input)

    def _start_over(self, dead: Cables) -> None:
        # What was open on the dead server is not closed: that takes long, or for ever.
        alive = open_system(dead.system, self._look_soon)
        for direction in self._directions_on(dead):
            self._cables[direction] = alive

    def _replugged(self, former: Connection, pattern: str) -> Connection:
        cables = self._cables[former.direction]
        if former.peer is None:
            return cables.replug(former, None)
        names = cables.names(former.direction)
        peer = former.peer if former.peer in names else choose(pattern, names, former.direction)
        if peer is None:
            raise PortError(f'the MIDI port "{former.peer}" is still missing; plug it in again')
        if former.direction == "out" and peer != self._locked_port:
            self._take_lock(peer)
        return cables.replug(former, peer)

    def _found(self, connection: Connection) -> None:
        self._lost.discard(connection.direction)
        is_new = connection.direction in self._not_yet_there
        self._not_yet_there.discard(connection.direction)
        logger.info('the MIDI port "%s" is %s', connection.name, "there" if is_new else "back")
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
            self._cables["out"].settle()

    def close(self) -> None:
        """Let go of the ports and of the right to play on them. May be called again."""
        if self._is_closed:
            return
        self._is_closed = True
        self._hand_off.close()
        self._cables["in"].unplug_input(self._input)
        self._cables["out"].unplug_output(self._output)
        self._close_cables()
        self._release_lock()

    def _close_cables(self) -> None:
        for cables in self._systems:
            cables.close()
