"""The service in the machine: how it stands, and whether it plays."""

import os
import re
import sys
import time
from pathlib import Path

from keyboards import Gadget, Instrument, Keyboard
from machine import say, sh, wait_until

CONFIGURATION = Path("/etc/antiphon/antiphon.toml")
STATE = Path("/var/lib/antiphon")
ALSA_CLIENTS = Path("/proc/asound/seq/clients")


def settings(hears: str, plays: str, more: str = "") -> str:
    return f"""\
[midi]
in = "{hears}"
out = "{plays}"
wait = true
[model]
name = "small"
[play]
seconds = 20.0
[turn]
shortest_pause = 0.5
longest_pause = 1.0
{more}"""


def shown(name: str, unit: str = "antiphon") -> str:
    return sh(f"systemctl show {unit} -p {name} --value")


def journal(unit: str = "antiphon") -> str:
    return sh(f"journalctl -u {unit} -b -o short-monotonic --no-hostname")


def is_playing(unit: str = "antiphon") -> bool:
    words = ("waiting for somebody", "listening", "answering")
    return shown("ActiveState", unit) == "active" and shown("StatusText", unit).startswith(words)


def wait_for_ready(what: str, unit: str = "antiphon") -> None:
    seconds = wait_until(f"READY {what}", lambda: is_playing(unit))
    say(f"READY {what}: {seconds:.1f} s;", shown("StatusText", unit))


def answers(keyboard: Keyboard, instrument: Instrument, what: str) -> None:
    """Play a phrase, and leave the answer sounding."""
    before = instrument.onsets
    keyboard.play_phrase()
    wait_until(f"an answer {what}", lambda: instrument.onsets > before + 3 and instrument.sounding)
    say(f"it answers {what}")


def falls_silent(keyboard: Keyboard, instrument: Instrument) -> None:
    """Touch a key, in mid-answer or after it."""
    keyboard.send((0.0, bytes([0x90, 60, 80])), (0.1, bytes([0x80, 60, 80])))
    wait_until("the answer's end", lambda: not instrument.sounding and shown("StatusText") == "listening")


def comes_back(keyboard: Keyboard, instrument: Instrument, signal: str, unit: str = "antiphon") -> None:
    """End the daemon by a signal in mid-answer; what follows is silence, and then another answer."""
    restarts = int(shown("NRestarts", unit))
    sh(f"systemctl kill --kill-whom=main -s {signal} {unit}")
    seconds = wait_until(f"a restart after {signal}", lambda: int(shown("NRestarts", unit)) > restarts)
    wait_for_ready(f"after {signal}, restarted within {seconds:.1f} s", unit)
    if instrument.sounding:
        sys.exit(f"sounding after {signal}: {instrument.sounding}")
    say(f"nothing sounds after {signal}")
    answers(keyboard, instrument, f"after {signal}")


def is_heard_again(gadget: Gadget) -> None:
    """Plug in a keyboard that has vanished, and look how long it takes until it is heard.

    What the kernel takes to find out about it counts for nothing, for its processor is emulated.
    """
    wait_until("the loss of the port", lambda: "missing" in shown("StatusText"))
    say("unplugged:", shown("StatusText"))
    time.sleep(2.0)
    plugged_in = time.monotonic()
    gadget.plug_in()
    wait_until("a keyboard that ALSA knows of", lambda: '"Keystation"' in ALSA_CLIENTS.read_text("utf-8"))
    known = time.monotonic()
    wait_until("the port's return", lambda: "missing" not in shown("StatusText"))
    [*_, back] = re.findall(r"\[ *([0-9.]+)\].*is back", journal())
    say(f"heard again {float(back) - plugged_in:.2f} s after it was plugged in")
    say(f"of which {known - plugged_in:.2f} s went by until ALSA had it")
    if float(back) - known > 2.0:
        sys.exit("that is more than 2 s")


def has_what_it_needs() -> None:
    """Look whether the unit has granted what the daemon asks for."""
    process = int(shown("MainPID"))
    if os.sched_getscheduler(process) != os.SCHED_FIFO:
        sys.exit("it has no real-time priority")
    if "VmLck:\t       0 kB" in Path(f"/proc/{process}/status").read_text(encoding="ascii"):
        sys.exit("its memory is not locked")
    say("real-time priority", os.sched_getparam(process).sched_priority, "and locked memory")


def exposure() -> str:
    return sh("systemd-analyze security antiphon.service --no-pager | tail -1").partition(": ")[2]


def leftovers() -> set[str]:
    """Return everything in the machine that has our name, but for what the system remembers of it."""
    places = "\\( -path /proc -o -path /sys -o -path /run/log -o -path /var/lib/dpkg \\) -prune"
    found = sh(f"find / -xdev {places} -o -name '*antiphon*' -print -prune")
    here = sh("find /run -xdev -name '*antiphon*' -not -path '/run/log/*' -not -path '/run/systemd/*'")
    remembered = ("/var/lib/systemd", "/tmp")
    return {path for path in [*found.split(), *here.split()] if not path.startswith(remembered)}


def is_unknown() -> bool:
    """Tell whether neither a user nor a unit is left."""
    units = sh("systemctl list-unit-files | grep antiphon", check=False)
    return "antiphon" not in Path("/etc/passwd").read_text(encoding="utf-8") and not units
