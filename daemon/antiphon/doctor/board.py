"""The board and what it stands on: power and heat, the disk of the recordings, the time of day.

What a Raspberry Pi's firmware says is asked for with `vcgencmd`, where there is one.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from antiphon.adapters.files.place import Place, place_for_recordings
from antiphon.findings import Finding, Mend
from antiphon.settings import Config

ZONES = Path("/sys/class/thermal")

SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
"""What systemd-timesyncd touches when the clock is right; see systemd-timesyncd.service(8)."""

WARM = 70.0
HOT = 80.0
"""Degrees Celsius: from 80 on the firmware of every Pi slows its cores down."""

LITTLE_SPACE = 100e6
"""Bytes; a hundred hours of playing."""

_UNDER_VOLTAGE, _CAPPED, _THROTTLED, _SOFT_LIMIT = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SINCE_THE_START = 16
"""By so many bits the same four are shifted that tell of what has happened since the machine was started."""


def check_board(config: Config) -> Iterator[Finding]:
    """Look at power, temperature, the disk and the time of day."""
    yield from of_the_power(_asked("get_throttled"))
    yield from of_the_temperature(ZONES)
    if config.record.enabled:
        yield of_the_recordings(place_for_recordings(config.record, os.environ))
    yield from of_the_time(SYNCHRONISED)


def _asked(what: str) -> str:
    """Return what the firmware answers; nothing where there is none, or where we may not ask it."""
    program = shutil.which("vcgencmd")
    if program is None:
        return ""
    try:
        asked = subprocess.run([program, what], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout


def of_the_power(answer: str) -> Iterator[Finding]:
    """Yield what is said about the supply and the cores, of `throttled=0x50005` and the like."""
    name, _, value = answer.strip().partition("=")
    if name != "throttled":
        return
    flags = int(value, 16)
    figures = {"throttled": flags}
    if not flags:
        yield Finding("power", "good", "the voltage has held since the machine was started", figures=figures)
        return
    before = flags >> _SINCE_THE_START
    if (flags | before) & _UNDER_VOLTAGE:
        when = "is" if flags & _UNDER_VOLTAGE else "has been"
        value = f"the voltage {when} too low, so that the cores are slowed down and the SD card is in danger"
        remedy = (
            "use the supply that is made for this Pi, and a short cable; instruments on USB draw from it too"
        )
        yield Finding(
            "power",
            "missing" if flags & _UNDER_VOLTAGE else "could be better",
            value,
            remedy,
            figures=figures,
        )
    if (flags | before) & (_CAPPED | _THROTTLED | _SOFT_LIMIT):
        when = "are" if flags & (_CAPPED | _THROTTLED | _SOFT_LIMIT) else "have been"
        value = f"the cores {when} slowed down by heat or low voltage, so that answers may come late"
        yield Finding(
            "speed", "could be better", value, "give it a heat sink or a fan, and air", figures=figures
        )


def of_the_temperature(zones: Path) -> Iterator[Finding]:
    """Yield what is said about the hottest part; nothing where the machine does not tell."""
    degrees = [*_temperatures(zones)]
    if not degrees:
        return
    hottest, figures = max(degrees), {"celsius": max(degrees)}
    value = f"{hottest:.0f} °C"
    if hottest < WARM:
        yield Finding("heat", "good", value, figures=figures)
        return
    threat = (
        "the cores are slowed down" if hottest >= HOT else f"from {HOT:.0f} °C on the cores are slowed down"
    )
    remedy = "give it a heat sink or a fan, and air"
    yield Finding("heat", "could be better", f"{value}: {threat}", remedy, figures=figures)


def _temperatures(zones: Path) -> Iterator[float]:
    for zone in sorted(zones.glob("thermal_zone*/temp")):
        try:
            yield int(zone.read_text(encoding="ascii")) / 1000
        except (OSError, ValueError):  # a sensor that is switched off says so with an error
            continue


def of_the_recordings(place: Place) -> Finding:
    """Return what is said about where recordings go."""
    there = next(parent for parent in (place.folder, *place.folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    figures = {"folder": str(place.folder), "free_bytes": free, "lasting": place.outlives_the_power}
    value = f"in {place.folder}, with {_in_words(free)} free"
    if place.folder != place.wished:
        value += f"; {place.wished} cannot be written to"
    if not place.outlives_the_power:
        remedy = "mount a disk that can be written to, and name a folder on it in record.folder"
        value += "; that is memory, and gone when the power is"
        return Finding("disk", "could be better", value, remedy, figures=figures)
    if free < LITTLE_SPACE:
        remedy = "make room there, name another folder in record.folder, or set record.megabytes lower"
        return Finding("disk", "could be better", value, remedy, figures=figures)
    return Finding("disk", "good", value, figures=figures)


def _in_words(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def of_the_time(synchronised: Path) -> Iterator[Finding]:
    """Yield what is said about the time of day, where systemd sets it."""
    if synchronised.exists():
        yield Finding("time", "good", "set by a time server")
    elif synchronised.parent.exists():
        value = "not set by a time server since the start; recordings may have the wrong date in their names"
        mend = Mend("where the machine is in a network", "sudo timedatectl set-ntp true")
        yield Finding("time", "could be better", value, mends=(mend,))
