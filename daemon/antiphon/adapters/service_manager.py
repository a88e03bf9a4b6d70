"""The service manager that has started the daemon, such as systemd: told how it is, and that it lives.

It speaks sd_notify(3): datagrams to the socket that ``NOTIFY_SOCKET`` names. Where there is none, nobody has
to be told, and nothing is done. The watchdog is fed by the pacer's own beat and by nothing else, so that a
daemon whose notes would not come is started again. This module knows no unit, and restarts nothing.
"""

import logging
import os
import socket
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TypeAlias

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

Port: TypeAlias = tuple[str, Direction]
"""A partner, and which of its ports; the main partner's name is empty."""


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
        """Say that it is ready, then how it is, and at the end that it stops.

        Args:
            desk: the main partner's. Of the others it is told whether they live, and have their ports.
        """
        if self._address is None:
            yield
            return
        desks = {"": desk, **desk.partners}
        missing = [missing_ports(each.state(), name) for name, each in desks.items()]
        reporter = Reporter(self, dict(ChainMap(*missing)))
        for name, each in desks.items():
            each.broadcast.listen(partial(reporter.take_down, partner=name))
        self.say("READY=1", f"STATUS={reporter.status}")
        if self._watchdog is not None:
            pulse = Pulse(desks, lambda: self.say("WATCHDOG=1"))
            for name, each in desks.items():
                each.beat(self._watchdog / BEATS_PER_WATCHDOG, partial(pulse.beat, name))
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


class Pulse:
    """One beat of the daemon for a beat of every partner, so that none can stop unnoticed.

    Args:
        partners: their names.
        tell: called when all of them have beaten since it was called before.
    """

    def __init__(self, partners: Iterable[str], tell: Callable[[], None]) -> None:
        self._partners = frozenset(partners)
        self._tell = tell
        self._silent = set(self._partners)

    def beat(self, partner: str) -> None:
        """Take down that a partner lives."""
        self._silent.discard(partner)
        if not self._silent:
            self._silent.update(self._partners)
            self._tell()


class Reporter:
    """Tells a service manager in words what the daemon is doing, whenever that is something else.

    Args:
        manager: who is told.
        missing: the names of ports that are not there at the start.
    """

    def __init__(self, manager: ServiceManager, missing: Mapping[Port, str]) -> None:
        self._manager = manager
        self._doing = WAITING
        self._missing = dict(missing)
        self._told = self.status

    @property
    def status(self) -> str:
        return in_words(self._missing) or self._doing

    def take_down(self, news: News, partner: str = "") -> None:
        """Take in what happened to a partner; of others than the main one, only to their ports."""
        match news:
            case Sent(Publish(_, occurrence)) if not partner:
                self._doing = doing_after(occurrence) or self._doing
            case PortLost(direction, name):
                self._missing[partner, direction] = name
            case PortFound(direction):
                self._missing.pop((partner, direction), None)
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


def missing_ports(state: State, partner: str = "") -> dict[Port, str]:
    """Return which ports of a partner are not there, and what they are called."""
    return {
        (partner, direction): state.input if direction == "in" else state.output for direction in state.lost
    }


def in_words(missing: Mapping[Port, str]) -> str | None:
    """Return what is said of ports that are not there, None where all are."""
    if not missing:
        return None
    # Two partners may wait for one keyboard.
    named = dict.fromkeys(f'the {port[1]}put "{missing[port]}"' for port in sorted(missing))
    names, one = " and ".join(named), len(named) == 1
    return f"{names} {'is' if one else 'are'} missing; waiting for {'it' if one else 'them'}"
