"""What the section ``[osc]`` says, taken apart and checked: who may come, and who is sent everything."""

import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from antiphon.errors import ConfigurationError, reason_of
from antiphon.settings import Osc

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Destination:
    """Somebody who is sent everything, by the name or address of a host."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where this door is, for whom, and whom it tells.

    Attributes:
        address: where it listens; nobody but this machine reaches a loopback address.
        allowed: who may come; empty for whoever can.
    """

    address: Address
    port: int
    allowed: tuple[Network, ...]
    destinations: tuple[Destination, ...]
    notes: bool

    def __str__(self) -> str:
        return f"port {self.port} of {self.address}"

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if self.address.version == 6 else socket.AF_INET

    def trouble_in_reaching(self, destination: Destination, host: str) -> str:
        """Say why a destination, whose address is known now, cannot be reached from here, or nothing."""
        if not self.address.is_loopback or ip_address(host.partition("%")[0]).is_loopback:
            return ""
        return (
            f"{destination} of osc.send_to cannot be reached from {self.address}; set osc.address to "
            "0.0.0.0, and osc.allow to 127.0.0.1 where nobody else may come"
        )

    def allows(self, host: str) -> bool:
        """Return whether somebody may come from an address."""
        if not self.allowed:
            return True
        address = ip_address(host.partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self.allowed)


def arranged(osc: Osc) -> Arrangement:
    """Take the settings apart.

    Raises:
        ConfigurationError: one of them is no address, or the door would be open to everybody.
    """
    address = _address_in(osc.address)
    allowed = tuple(_networks_in(osc.allow))
    if not address.is_loopback and not allowed:
        raise ConfigurationError(
            f"osc.address {address} can be reached from elsewhere; "
            "name who may in osc.allow, such as 192.168.1.0/24, or leave it at 127.0.0.1"
        )
    return Arrangement(address, osc.port, allowed, tuple(_destinations_in(osc.send_to)), osc.notes)


def _address_in(text: str) -> Address:
    try:
        return ip_address(text.strip())
    except ValueError:
        raise ConfigurationError(
            f"osc.address is {text!r}, but must be an address of this machine, such as 127.0.0.1, "
            "or 0.0.0.0 for all that it has"
        ) from None


def _networks_in(text: str) -> Iterator[Network]:
    for each in text.split():
        try:
            yield ip_network(each, strict=False)
        except ValueError:
            raise ConfigurationError(
                f"osc.allow names {each!r}, but must name addresses and networks, "
                "such as 192.168.1.7 or 192.168.1.0/24, separated by spaces"
            ) from None


def _destinations_in(text: str) -> Iterator[Destination]:
    for each in text.split():
        host, _, port = each.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65536:
            raise ConfigurationError(
                f"osc.send_to names {each!r}, but must name hosts and their ports, such as 127.0.0.1:9001, "
                "separated by spaces"
            )
        yield Destination(host.strip("[]"), int(port))


def trouble_with(arrangement: Arrangement, error: OSError) -> str:
    """Return in a sentence why it cannot be opened."""
    match error.errno:
        case errno.EADDRINUSE:
            reason = "another program has it; end that, or set another osc.port"
        case errno.EADDRNOTAVAIL:
            reason = "this machine has no such address at the moment; see osc.address"
        case errno.EACCES:
            reason = "it is not permitted; take an osc.port from 1024 up"
        case _:
            reason = reason_of(error)
    return f"{arrangement} cannot be opened: {reason}"
