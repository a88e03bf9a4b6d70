"""The service manager that has started the daemon, such as systemd: told how it is, and that it lives.

It speaks sd_notify(3): datagrams to the socket that ``NOTIFY_SOCKET`` names. Where there is none, nobody has
to be told, and nothing is done. The watchdog is fed by the pacer's own beat and by nothing else, so that a
daemon whose notes would not come is started again. This module knows no unit, and restarts nothing.
"""

import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from antiphon.adapters.broadcast import News, PortFound, PortLost, Sent
from antiphon.adapters.desk import Desk
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import clock
from antiphon.adapters.state import State
from antiphon.core.commands import (
    Occurrence,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    Publish,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.units import Seconds

logger = logging.getLogger(__name__)

BEATS_PER_WATCHDOG = 3
"""sd_watchdog_enabled(3) asks for two at least; with three, one may be late."""

WAITING = "waiting for somebody to play"


class ServiceManager:
    """Told by datagrams that never wait; one that cannot be delivered is worth a line in the log.

    Args:
        address: where its socket is, ``\\0`` first where the name is abstract; None where nobody listens.
        watchdog: after how long without a beat it starts the daemon again; None where it does not look.
    """

    def __init__(self, address: str | None, watchdog: Seconds | None) -> None:
        self._address = address
        self._watchdog = watchdog

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> "ServiceManager":
        """Return the one that has started this process."""
        address = environ.get("NOTIFY_SOCKET", "")
        watchdog = environ.get("WATCHDOG_USEC", "")
        is_for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        return cls(
            address.replace("@", "\0", 1) if address.startswith("@") else address or None,
            int(watchdog) / 1e6 if watchdog.isdecimal() and int(watchdog) and is_for_us else None,
        )

    @property
    def is_there(self) -> bool:
        return self._address is not None

    @contextmanager
    def kept_informed(self, desk: Desk) -> Iterator[None]:
        """Say that it is ready, then how it is, and at the end that it stops."""
        if self._address is None:
            yield
            return
        reporter = Reporter(self, missing_ports(desk.state()))
        desk.broadcast.listen(reporter.take_down)
        self.say("READY=1", f"STATUS={reporter.status}")
        if self._watchdog is not None:
            desk.beat(self._watchdog / BEATS_PER_WATCHDOG, lambda: self.say("WATCHDOG=1"))
        try:
            yield
        finally:
            self.say("STOPPING=1", "STATUS=releasing what sounds")
            self._address = None

    @contextmanager
    def told_of_reload(self) -> Iterator[None]:
        """Say that the configuration is read again, and then that this is over, however it ended."""
        self.say("RELOADING=1", f"MONOTONIC_USEC={1e6 * clock():.0f}")
        try:
            yield
        finally:
            self.say("READY=1")

    def say(self, *assignments: str) -> None:
        """Send assignments as in sd_notify(3), all in one datagram."""
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messenger:
                messenger.setblocking(False)
                messenger.sendto("\n".join(assignments).encode(), self._address)
        except OSError as error:
            logger.warning("the service manager cannot be told %s: %s", assignments[0], error.strerror)


class Reporter:
    """Tells a service manager in words what the daemon is doing, whenever that is something else.

    Args:
        manager: who is told.
        missing: the names of ports that are not there at the start.
    """

    def __init__(self, manager: ServiceManager, missing: Mapping[Direction, str]) -> None:
        self._manager = manager
        self._doing = WAITING
        self._missing = dict(missing)
        self._told = self.status

    @property
    def status(self) -> str:
        return in_words(self._missing) or self._doing

    def take_down(self, news: News) -> None:
        """Take in what happened; single notes say nothing new."""
        match news:
            case Sent(Publish(_, occurrence)):
                self._doing = doing_after(occurrence) or self._doing
            case PortLost(direction, name):
                self._missing[direction] = name
            case PortFound(direction):
                self._missing.pop(direction, None)
            case _:
                return
        if self.status != self._told:
            self._told = self.status
            self._manager.say(f"STATUS={self._told}")


def doing_after(occurrence: Occurrence) -> str | None:
    """Return what it does from now on, None where that is what it did before."""
    match occurrence:
        case TurnTaken():
            return "answering"
        case PlayerCame() | TurnGivenBack():
            return "listening"
        case PedalHeld():
            return "waiting for the sustain pedal to come up"
        case PlayerLeft():
            return WAITING
        case _:
            return None


def missing_ports(state: State) -> dict[Direction, str]:
    return {direction: state.input if direction == "in" else state.output for direction in state.lost}


def in_words(missing: Mapping[Direction, str]) -> str | None:
    """Return what is said of ports that are not there, None where all are."""
    if not missing:
        return None
    names = " and ".join(f'the {direction}put "{missing[direction]}"' for direction in sorted(missing))
    one = len(missing) == 1
    return f"{names} {'is' if one else 'are'} missing; waiting for {'it' if one else 'them'}"
