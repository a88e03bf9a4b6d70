"""The instruments that the partners of one daemon play: each channel of a port is one partner's alone.

Other daemons are kept off the whole port by its lock, as long as one of the partners plays there.
"""

from collections.abc import Callable
from typing import TypeAlias

from antiphon.adapters.midi.port_lock import PortLock
from antiphon.errors import PortError

Lock: TypeAlias = Callable[[str, str], PortLock]
"""Locks a port, by its MIDI system and its name. Raises PortError."""


class Right:
    """The right to play on a channel of a port, held until :meth:`release`.

    Attributes:
        was_abandoned: whether a daemon died that played there last, and may have left notes sounding.
    """

    def __init__(self, release: Callable[[], None], was_abandoned: bool) -> None:
        self.was_abandoned = was_abandoned
        self._release: Callable[[], None] | None = release

    def release(self) -> None:
        """Let others play. May be called again."""
        if self._release is not None:
            self._release()
            self._release = None


class Instruments:
    """Who plays what. Everything is called on one thread.

    Args:
        lock: keeps other daemons off a port.
    """

    def __init__(self, lock: Lock = PortLock.take) -> None:
        self._lock = lock
        self._locks: dict[tuple[str, str], PortLock] = {}
        self._players: dict[tuple[str, str], dict[int, str]] = {}

    def take(self, system: str, port: str, channel: int, player: str) -> Right:
        """Return the right to play on a channel of a port.

        Args:
            system: tells apart MIDI systems that have ports of the same name.
            port: the port's name.
            channel: 1 to 16.
            player: who is to play there, in words.

        Raises:
            PortError: somebody else plays there.
        """
        place = system, port
        other = self._players.get(place, {}).get(channel)
        if other is not None:
            raise PortError(
                f'{player} and {other} would both play on channel {channel} of "{port}"; '
                "give one of them another midi.out_channel or midi.out"
            )
        if place not in self._locks:
            self._locks[place] = self._lock(system, port)
        self._players.setdefault(place, {})[channel] = player
        return Right(lambda: self._leave(place, channel), self._locks[place].was_abandoned)

    def _leave(self, place: tuple[str, str], channel: int) -> None:
        del self._players[place][channel]
        if not self._players[place]:
            del self._players[place]
            self._locks.pop(place).release()
