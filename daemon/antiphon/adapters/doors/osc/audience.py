"""Who is sent everything, until when, and what each of them has been shown."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from antiphon.adapters.doors.osc.addresses import Arguments, Values
from antiphon.core.units import Seconds
from antiphon.errors import RequestError

SUBSCRIBED_FOR: Seconds = 60.0

MOST_LISTENERS = 32

BETWEEN_REPEATS: Seconds = 10.0
"""How often all values are sent again: a packet may be lost, and a program may have been started since."""

Peer: TypeAlias = tuple[Any, ...]
"""Somebody's socket as the system names it: host, port, and under IPv6 two numbers more."""


@dataclass(slots=True)
class Listener:
    """Somebody who is sent everything.

    Attributes:
        until: when that ends; never for a destination of the settings.
        asked_by: the socket that asked for it, if one did.
        shown: what it was last sent of each value.
    """

    until: Seconds
    asked_by: Peer | None = None
    shown: dict[str, Arguments] = field(default_factory=dict)

    def news_in(self, values: Values) -> Iterator[tuple[str, Arguments]]:
        """Yield what it does not show yet, which it does from then on."""
        for address, arguments in values.items():
            if self.shown.get(address) != arguments:
                self.shown[address] = arguments
                yield address, arguments


class Audience:
    """Everybody who listens; all moments are those of one monotonic clock."""

    def __init__(self) -> None:
        self._listeners: dict[Peer, Listener] = {}
        self._curious: set[Peer] = set()
        self._repeats_at: Seconds = -math.inf

    def __iter__(self) -> Iterator[Peer]:
        return iter(self._listeners)

    def add(self, peer: Peer) -> None:
        """Have somebody listen for ever."""
        self._listeners[peer] = Listener(math.inf)

    def subscribe(self, sender: Peer, port: int | None, now: Seconds) -> None:
        """Have a sender listen for a while, at this port of theirs, or where they send from.

        Raises:
            RequestError: too many listen already.
        """
        peer = (sender[0], port or sender[1], *sender[2:])
        if peer not in self._listeners and len(self._listeners) >= MOST_LISTENERS:
            raise RequestError(f"{MOST_LISTENERS} are sent everything already, and that is the most")
        listener = self._listeners.setdefault(peer, Listener(now))
        listener.until = max(listener.until, now + SUBSCRIBED_FOR)
        listener.asked_by = sender

    def show_everything_to(self, sender: Peer) -> None:
        """Have a sender shown all values in the next round, whether or not they listen."""
        peer = self.ear_of(sender)
        if peer in self._listeners:
            self._listeners[peer].shown.clear()
        elif len(self._curious) < MOST_LISTENERS:
            self._curious.add(peer)

    def ear_of(self, sender: Peer) -> Peer:
        """Return where a sender listens: where they subscribed, else where they send from."""
        return next((peer for peer, each in self._listeners.items() if each.asked_by == sender), sender)

    def take_as_shown(self, senders: Iterable[Peer], values: Mapping[str, Arguments]) -> None:
        """Send nobody a value that they have set themselves, or a fader would be moved while it is held.

        Where the value is refused, they are sent the one that holds.
        """
        ears = {self.ear_of(sender) for sender in senders}
        for peer in ears & self._listeners.keys():
            self._listeners[peer].shown |= values

    def round(self, now: Seconds) -> dict[Peer, Listener]:
        """Return whoever is to be shown what is different; who subscribed too long ago has gone."""
        self._listeners = {peer: each for peer, each in self._listeners.items() if each.until > now}
        if now >= self._repeats_at:
            self._repeats_at = now + BETWEEN_REPEATS
            for listener in self._listeners.values():
                listener.shown.clear()
        curious = {peer: Listener(now) for peer in self._curious}
        self._curious.clear()
        return {**curious, **self._listeners}
