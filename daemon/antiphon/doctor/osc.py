"""Whether the door of OSC can be opened, where it is wanted."""

import errno
import socket
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from antiphon.adapters.doors.osc.arrangement import Arrangement, Destination, arranged, trouble_with
from antiphon.errors import ConfigurationError, reason_of
from antiphon.findings import Finding
from antiphon.settings import Config
from antiphon_models.typed import pip_install


def try_out(arrangement: Arrangement) -> Finding:
    """Open the socket for a moment."""
    try:
        with socket.socket(arrangement.family, socket.SOCK_DGRAM) as trial:
            trial.bind((str(arrangement.address), arrangement.port))
    except OSError as error:
        remedy = "nothing, where that is antiphon itself" if error.errno == errno.EADDRINUSE else ""
        return Finding("OSC", "could be better", trouble_with(arrangement, error), remedy)
    allowed = ", ".join(map(str, arrangement.allowed)) or "every program on this machine"
    return Finding("OSC", "good", f"{arrangement} is free, for {allowed}")


def check_osc(config: Config, look: Callable[[Arrangement], Finding] = try_out) -> Iterator[Finding]:
    """Look at the socket, in the way that is given, and for everybody who is sent something."""
    if not config.osc.port:
        return
    if find_spec("pythonosc") is None:
        yield Finding(
            "OSC",
            "missing",
            "python-osc is not installed",
            f"run `{pip_install('antiphon[osc]')}`, or set osc.port to 0",
        )
        return
    try:
        arrangement = arranged(config.osc)
    except ConfigurationError as error:
        yield Finding("OSC", "missing", str(error))
        return
    yield look(arrangement)
    for destination in arrangement.destinations:
        yield from _destination(arrangement, destination)


def _destination(arrangement: Arrangement, destination: Destination) -> Iterator[Finding]:
    try:
        found = socket.getaddrinfo(
            destination.host,
            destination.port,
            family=arrangement.family,
            type=socket.SOCK_DGRAM,
            flags=socket.AI_V4MAPPED,
        )
    except (OSError, ValueError) as error:
        yield Finding(
            "OSC", "could be better", f"{destination} of osc.send_to is not found: {reason_of(error)}"
        )
    else:
        if trouble := arrangement.trouble_in_reaching(destination, str(found[0][4][0])):
            yield Finding("OSC", "could be better", trouble)
