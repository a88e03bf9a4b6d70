"""Tests the installed service from within the machine that scripts/test-vm.sh boots. Standard library only.

The first boot ends with the plug being pulled in mid-recording; the second finds what that has left. A USB
keyboard is one of the kernel's own gadgets on a simulated bus, which can be unplugged; the instrument is the
other end of a virtual MIDI card. What is said on standard output reaches the host.
"""

import os
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

GADGET = Path("/sys/kernel/config/usb_gadget/keyboard")
FIRST_BOOT_IS_OVER = Path("/var/first-boot-is-over")
INSTALLER = "/mnt/host/systemd/install.sh"
CONFIGURATION = Path("/etc/antiphon/antiphon.toml")
SETTINGS = """\
[midi]
in = "Keystation*"
out = "VirMIDI*"
[model]
name = "small"
[play]
seconds = 20.0
[turn]
shortest_pause = 0.5
longest_pause = 1.0
"""

STATE = Path("/var/lib/antiphon")


def say(*words: object) -> None:
    print(f"{time.monotonic():7.1f}", *words)


def sh(command: str, *, check: bool = True) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def wait_until(what: str, is_so: Callable[[], object], patience: float = 90.0) -> float:
    """Return how many seconds it took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() > began + patience:
            say(sh("systemctl status antiphon; journalctl -u antiphon -n 40 -o short-monotonic", check=False))
            sys.exit(f"not within {patience:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def shown(name: str) -> str:
    return sh(f"systemctl show antiphon -p {name} --value")


def device(card: Callable[[str], bool]) -> Path | None:
    """Return the raw MIDI device of the sound card whose id passes."""
    for identity in Path("/sys/class/sound").glob("card*/id"):
        if card(identity.read_text().strip()):
            return Path(f"/dev/snd/midiC{identity.parent.name.removeprefix('card')}D0")
    return None


class Keyboard:
    """The gadget: what is written to its device, the host hears from a USB keyboard."""

    def make(self) -> None:
        for module in ("dummy_hcd", "libcomposite"):
            sh(f"modprobe {module}")
        function, configuration = GADGET / "functions/midi.usb0", GADGET / "configs/c.1"
        for folder in (GADGET, GADGET / "strings/0x409", configuration, function):
            folder.mkdir(exist_ok=True)
        (GADGET / "idVendor").write_text("0x1d6b")
        (GADGET / "idProduct").write_text("0x0104")
        (GADGET / "strings/0x409/manufacturer").write_text("Test")
        (GADGET / "strings/0x409/product").write_text("Keystation")
        (configuration / "midi.usb0").symlink_to(function)

    def plug_in(self) -> None:
        (GADGET / "UDC").write_text("dummy_udc.0")

    def unplug(self) -> None:
        (GADGET / "UDC").write_text("\n")

    def send(self, *messages: tuple[float, bytes]) -> None:
        """Play messages, each after a pause in seconds."""
        path = device(lambda name: name not in ("VirMIDI", "Keystation"))
        assert path is not None, sh("cat /proc/asound/cards")
        with path.open("wb", buffering=0) as port:
            for pause, message in messages:
                time.sleep(pause)
                port.write(message)
            time.sleep(0.2)  # until it has gone over the bus

    def play_phrase(self) -> None:
        self.send(
            *((0.1, bytes([status, pitch, 80])) for pitch in (60, 62, 64, 65, 67) for status in (0x90, 0x80))
        )


class Instrument:
    """Hears what is played on the virtual card, on a thread of its own, and knows what sounds."""

    def __init__(self) -> None:
        self.onsets = 0
        self.sounding: set[int] = set()
        path = device(lambda name: name == "VirMIDI")
        assert path is not None, sh("cat /proc/asound/cards")
        self._port = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        threading.Thread(target=self._listen, daemon=True).start()

    def _bytes(self) -> Iterator[int]:
        while True:
            select.select([self._port], [], [])
            yield from os.read(self._port, 4096)

    def _listen(self) -> None:
        status = 0
        data: list[int] = []
        for byte in self._bytes():
            if byte >= 0x80:
                status, data = byte, []
                continue
            data.append(byte)
            if len(data) == 2:
                self._hear(status & 0xF0, *data)
                data = []

    def _hear(self, kind: int, pitch: int, velocity: int) -> None:
        if kind == 0x90 and velocity:
            self.onsets += 1
            self.sounding.add(pitch)
        elif kind in (0x80, 0x90):
            self.sounding.discard(pitch)
        elif kind == 0xB0 and pitch in (120, 123):
            self.sounding.clear()


def is_playing() -> bool:
    return shown("ActiveState") == "active" and shown("StatusText").startswith(
        ("waiting", "listening", "answering")
    )


def wait_for_ready(what: str) -> None:
    seconds = wait_until(f"READY {what}", is_playing)
    say(f"READY {what}: {seconds:.1f} s;", shown("StatusText"))


def answers(keyboard: Keyboard, instrument: Instrument, what: str) -> None:
    """Play a phrase, and leave the answer sounding."""
    before = instrument.onsets
    keyboard.play_phrase()
    wait_until(f"an answer {what}", lambda: instrument.onsets > before + 3 and instrument.sounding)
    say(f"it answers {what}; status: {shown('StatusText')}")


def comes_back(keyboard: Keyboard, instrument: Instrument, signal: str) -> None:
    restarts = int(shown("NRestarts"))
    sh(f"systemctl kill --kill-whom=main -s {signal} antiphon")
    seconds = wait_until(f"a restart after {signal}", lambda: int(shown("NRestarts")) > restarts)
    wait_for_ready(f"after {signal}, restarted within {seconds:.1f} s")
    if instrument.sounding:
        sys.exit(f"sounding after {signal}: {instrument.sounding}")
    say(f"nothing sounds after {signal}")
    answers(keyboard, instrument, f"after {signal}")


def replug(keyboard: Keyboard, instrument: Instrument) -> None:
    keyboard.send((0.1, bytes([0x90, 60, 80])))  # unplugged in mid-note
    keyboard.unplug()
    wait_until("the loss of the port", lambda: "vanished" in shown("StatusText"))
    say("unplugged:", shown("StatusText"))
    time.sleep(2.0)
    began = time.monotonic()
    keyboard.plug_in()
    wait_until("the port's return", lambda: "vanished" not in shown("StatusText"))
    [*_, back] = re.findall(r"\[ *([0-9.]+)\].*is back", sh("journalctl -u antiphon -b -o short-monotonic"))
    say(f"heard again {float(back) - began:.2f} s after it was plugged in")
    if float(back) - began > 2.0:
        sys.exit("that is more than 2 s")
    answers(keyboard, instrument, "after the keyboard came back")


def install() -> None:
    CONFIGURATION.parent.mkdir(exist_ok=True)
    CONFIGURATION.write_text(SETTINGS)
    began = time.monotonic()
    say(sh(f"{INSTALLER} --wheels /mnt/host/wheels 2>&1"))
    say(f"installed in {time.monotonic() - began:.0f} s; exposure", exposure())
    if CONFIGURATION.read_text() != SETTINGS:
        sys.exit("the installer has changed the configuration")


def exposure() -> str:
    return sh("systemd-analyze security antiphon.service --no-pager | tail -1").partition(": ")[2]


def stands_first() -> None:
    """Look whether the unit has granted what the daemon asks for."""
    process = int(shown("MainPID"))
    if os.sched_getscheduler(process) != os.SCHED_FIFO:
        sys.exit("it has no real-time priority")
    if "VmLck:\t       0 kB" in Path(f"/proc/{process}/status").read_text():
        sys.exit("its memory is not locked")
    say("real-time priority", os.sched_getparam(process).sched_priority, "and locked memory")


def first_boot() -> None:
    keyboard = Keyboard()
    keyboard.make()
    keyboard.plug_in()
    install()
    wait_for_ready("after the installation")
    instrument = Instrument()
    answers(keyboard, instrument, "after the installation")
    stands_first()
    comes_back(keyboard, instrument, "SIGKILL")
    comes_back(keyboard, instrument, "SIGSTOP")
    sh("systemctl reload antiphon")
    wait_until("the reload", lambda: "settings changed by SIGHUP" in sh("journalctl -u antiphon -b"))
    say("reloaded")
    replug(keyboard, instrument)
    FIRST_BOOT_IS_OVER.touch()
    os.sync()
    keyboard.play_phrase()
    time.sleep(4.0)
    say("in mid-recording, PULL THE PLUG")
    time.sleep(60.0)


def second_boot() -> None:
    seen = shown("ActiveState"), shown("NRestarts")
    say("before the keyboard is switched on:", *seen)
    before = {path.name for path in (STATE / "sessions").iterdir()}
    keyboard = Keyboard()
    keyboard.make()
    keyboard.plug_in()
    wait_for_ready("after power was lost, and the keyboard was switched on later than the machine")
    instrument = Instrument()
    answers(keyboard, instrument, "after power was lost")
    say("recordings:", *sorted(before))
    for recording in sorted((STATE / "sessions").glob("*.mid")):
        sh(f"antiphon respond --model small {recording} -o /tmp/answer.mid --seconds 1")
        say(recording.name, recording.stat().st_size, "bytes, can be read")
    sh(f"{INSTALLER} --uninstall 2>&1")
    left = leftovers()
    say("left after --uninstall:", *left)
    if set(left) != {str(CONFIGURATION.parent), str(STATE)}:
        sys.exit("--uninstall leaves the wrong things")
    sh(f"{INSTALLER} --purge 2>&1")
    if leftovers():
        sys.exit(f"left after --purge: {leftovers()}")
    if "antiphon" in Path("/etc/passwd").read_text() or sh(
        "systemctl list-unit-files | grep antiphon", check=False
    ):
        sys.exit("the user or the unit is still known")
    say("ALL IS WELL")


def leftovers() -> list[str]:
    places = "\\( -path /proc -o -path /sys -o -path /run/log \\) -prune -o -name '*antiphon*' -print -prune"
    found = sh(f"find / -xdev {places}")
    here = sh("find /run -xdev -name '*antiphon*' -not -path '/run/log/*' -not -path '/run/systemd/*'")
    return [
        path for path in [*found.split(), *here.split()] if not path.startswith(("/var/lib/systemd", "/tmp"))
    ]


if FIRST_BOOT_IS_OVER.exists():
    second_boot()
else:
    first_boot()
