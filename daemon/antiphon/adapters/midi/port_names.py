"""Which port a pattern means. Pure: names in, a name out.

A name is `client:port` as musicians see it, without the numbers that change whenever a cable is replugged.
"""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from antiphon.errors import PortError

ANY = "*"
"""The pattern that takes the first real port, or a virtual one where there is none."""

VIRTUAL = "virtual"
"""The pattern that always opens a port for others to connect to."""

SERIAL = "serial:"
"""Before the path of a serial line; such a port is taken by name only."""

CLIENT_NAME = "antiphon"

_ALSA_NUMBERS = re.compile(r" \d+:\d+$")
_A2J_NUMBER = re.compile(r" \[\d+\](?= \((?:capture|playback)\):)")
_IS_NUMBERED = re.compile(r" #\d+$")
_NAMES_A_SOCKET = re.compile(r" @\d+-[\d.]+$")
_OURS = re.compile(rf"{CLIENT_NAME}(-\d\d)?:")
_PLUMBING = re.compile(
    r"midi through|system:(announce|timer)|virtual raw midi|virmidi|pipewire-rt-event|-rt-event"
)


@dataclass(frozen=True, slots=True)
class Ports:
    """The names of the ports that one can hear and play, in the order of the MIDI system."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def stable_names(
    raw_names: Iterable[str], socket_of: Callable[[str], str | None] = lambda raw_name: None
) -> dict[str, str]:
    """Return each name that survives replugging, with the raw name behind it; our own are left out.

    Of several ports with the same name (two keyboards of one make) the later ones get ` #2`, ` #3`, in the
    order in which they were plugged in. What is plugged into a USB socket goes by the name of that as well,
    as in `Keystation:Keystation MIDI 1 @1-1.2`, and so by one that no order changes.

    Args:
        raw_names: as rtmidi tells them.
        socket_of: returns the USB socket behind a raw name, if there is one.
    """
    seen: Counter[str] = Counter()
    stable: dict[str, str] = {}
    for raw_name in raw_names:
        name = _A2J_NUMBER.sub("", _ALSA_NUMBERS.sub("", raw_name))
        if _OURS.match(name):
            continue
        seen[name] += 1
        stable[name if seen[name] == 1 else f"{name} #{seen[name]}"] = raw_name
        if socket := socket_of(raw_name):
            stable.setdefault(f"{name} @{socket}", raw_name)
    return stable


def worth_listing(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that tell ports apart: those by socket only where another name does not."""
    listed = [*names]
    ambiguous = {name.rpartition(" #")[0] for name in listed if _IS_NUMBERED.search(name)}
    return tuple(
        name
        for name in listed
        if not _NAMES_A_SOCKET.search(name) or _NAMES_A_SOCKET.sub("", name) in ambiguous
    )


def choose(pattern: str, names: Sequence[str], direction: str) -> str | None:
    """Return the first name that the pattern matches, or None if a virtual port is to be opened.

    The pattern is compared without regard to case with the client, the port, and the whole name.

    Args:
        pattern: a shell pattern such as `Keystation*`, `*` or `virtual`.
        names: what there is.
        direction: `in` or `out`, for the message.

    Raises:
        PortError: nothing matches; the message lists the nearest names.
    """
    if pattern == VIRTUAL:
        return None
    if pattern == ANY:
        return next((name for name in names if not is_plumbing(name)), None)
    for name in names:
        if _matches(pattern, name):
            return name
    raise PortError(_no_such_port(pattern, names, direction))


def is_plumbing(name: str) -> bool:
    """Tell whether a port belongs to the MIDI system itself rather than to an instrument."""
    return is_serial(name) or _PLUMBING.search(name.casefold()) is not None


def is_serial(pattern: str) -> bool:
    """Tell whether a name or pattern means a serial line rather than a port of a MIDI system."""
    return pattern.startswith(SERIAL)


def _matches(pattern: str, name: str) -> bool:
    if is_serial(name) != is_serial(pattern):
        return False
    wanted, whole = pattern.casefold(), name.casefold()
    client, _, port = whole.partition(":")
    # Equality as well, because the names of some instruments contain brackets, which patterns give a meaning.
    return any(part == wanted or fnmatchcase(part, wanted) for part in (client, port, whole))


def _no_such_port(pattern: str, names: Sequence[str], direction: str) -> str:
    noun = {"in": "input", "out": "output"}[direction]
    if is_serial(pattern):
        return (
            f"there is no serial port {pattern.removeprefix(SERIAL)}; plug it in, or switch the UART on in "
            "/boot/firmware/config.txt"
        )
    if not names:
        remedy = f"plug it in or use --{direction} virtual"
        return f'no MIDI {noun} matches "{pattern}", and there is none at all; {remedy}'
    listed = ", ".join(f'"{name}"' for name in near_names(pattern, names))
    return f'no MIDI {noun} matches "{pattern}"; choose one with --{direction}, the nearest are: {listed}'


def near_names(pattern: str, names: Sequence[str], at_most: int = 5) -> list[str]:
    """Return the names that look most like the pattern, the nearest first."""
    wanted = pattern.casefold().strip("*")

    def likeness(name: str) -> float:
        parts = (name.casefold(), *name.casefold().split(":"))
        return max(difflib.SequenceMatcher(None, wanted, part).ratio() for part in parts)

    return sorted(names, key=likeness, reverse=True)[:at_most]
