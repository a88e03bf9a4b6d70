"""The controller's own ports: one that knobs are heard on, and one that motors and lights are reached by.

Music does not wait for them. One that is missing is waited for, and looked for once a second.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack

from antiphon.adapters.faders import Alarm
from antiphon.adapters.midi.connection import Cables, Connection, Direction
from antiphon.adapters.midi.hand_off import HandOff, Take
from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.system import open_for
from antiphon.core.units import Seconds
from antiphon.errors import PortError
from antiphon.settings import Controls

logger = logging.getLogger(__name__)

BETWEEN_LOOKS: Seconds = 1.0


class ControllerPorts:
    """The ports that ``[controls]`` names, if any. Everything is called on the thread of the loop.

    Args:
        controls: names the ports.
        api: as ``midi.api``.
        clock: monotonic seconds.
        take: called with each message that the controller sends.
        found: called when the port of its lights is there, at first or again.

    Raises:
        NoMidiSystem: there is none here.
        PortError: the MIDI system that was asked for is not there.
    """

    def __init__(
        self,
        controls: Controls,
        api: str,
        clock: Callable[[], Seconds],
        take: Take,
        found: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._found = found
        self._hand_off = HandOff(self._loop, clock, lambda event, at: None, 0, take=take)
        self._patterns: dict[Direction, str] = {}
        self._cables: dict[Direction, Cables] = {}
        self._connections: dict[Direction, Connection] = {}
        self._missing: set[Direction] = set()
        self._alarm: Alarm | None = None
        with ExitStack() as undo:
            undo.callback(self.close)
            if controls.in_:
                self._wait_for("in", controls.in_, api)
            if controls.feedback:
                self._wait_for("out", controls.feedback, api)
            undo.pop_all()
        if self._patterns:
            self._tend()

    def send(self, message: bytes) -> None:
        """Send a message to the controller at once; where it is missing, nothing happens."""
        connection = self._connections.get("out")
        if connection is None or not self._cables["out"].may_send(len(message)):
            return
        try:
            connection.client.send_message(message)
        except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
            logger.debug("rtmidi cannot send to the controller: %s", error)

    def close(self) -> None:
        """Let go of the ports. May be called again."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._hand_off.close()
        for direction, cables in self._cables.items():
            connection = self._connections.pop(direction, None)
            if connection is not None and direction == "out":
                cables.settle()
                cables.unplug_output(connection)
            elif connection is not None:
                cables.unplug_input(connection)
            cables.close()
        self._cables.clear()

    def _wait_for(self, direction: Direction, pattern: str, api: str) -> None:
        self._patterns[direction] = pattern
        self._cables[direction] = open_for(pattern, api, on_trouble=lambda: None)

    def _tend(self) -> None:
        """Notice what has vanished, and open what is there."""
        for direction, pattern in self._patterns.items():
            cables, connection = self._cables[direction], self._connections.get(direction)
            if connection is not None and direction not in self._missing and cables.is_plugged(connection):
                continue
            try:
                self._plug(direction, pattern)
            except PortError as error:
                self._tell_once(direction, pattern, error)
        self._alarm = self._loop.call_later(BETWEEN_LOOKS, self._tend)

    def _plug(self, direction: Direction, pattern: str) -> None:
        cables, former = self._cables[direction], self._connections.get(direction)
        peer = choose(pattern, cables.names(direction), direction)
        connection = cables.plug(direction, peer) if former is None else cables.replug(former, peer)
        self._connections[direction] = connection
        self._missing.discard(direction)
        if direction == "in" and (former is None or former.client is not connection.client):
            cables.hear(connection, self._hand_off.receive, self._hand_off.miss)
        logger.info('the controller is there: "%s"', connection.name)
        if direction == "out":
            self._found()

    def _tell_once(self, direction: Direction, pattern: str, error: PortError) -> None:
        if direction not in self._missing:
            logger.warning('the MIDI port "%s" of the controller is missing; waiting for it', pattern)
            logger.debug("%s", error)
        self._missing.add(direction)
