"""Tests the installed service from within the machine that scripts/test-vm.sh boots, an act for each boot.

Each finds on the disk what those before it have left. One ends with the plug being pulled in mid-recording,
and those that write to memory only leave the disk as it is. What is said on standard output reaches the host.
"""

import itertools
import os
import re
import sys
import time
from functools import partial
from pathlib import Path

import upgrade
from broker import Broker
from keyboards import Gadget, Instrument, Keyboard, device_of, ends_of_the_cable, load_bus
from machine import asked_for, say, sh, wait_until
from service import (
    CONFIGURATION,
    STATE,
    answers,
    comes_back,
    exposure,
    falls_silent,
    has_what_it_needs,
    is_heard_again,
    is_unknown,
    journal,
    leftovers,
    settings,
    shown,
    wait_for_ready,
)

INSTALLER = "/mnt/host/systemd/install.sh"
SETTINGS = settings("Keystation*", "VirMIDI*-0")
NOTES_IN_A_SECOND = 4


def installed() -> None:
    gadget, keyboard = usb_keyboard()
    gadget.plug_in()
    sh("modprobe snd-virmidi")
    install()
    instrument = Instrument(device_of("VirMIDI"))
    answers(keyboard, instrument, "after the installation")
    has_what_it_needs()
    comes_back(keyboard, instrument, "SIGKILL")
    comes_back(keyboard, instrument, "SIGSTOP")
    sh("systemctl reload antiphon")
    wait_until("the reload", lambda: "settings changed by SIGHUP" in journal())
    say("reloaded")
    loses_its_keyboard(gadget, keyboard)
    answers(keyboard, instrument, "after the keyboard came back")
    plays_on_while_the_clock_jumps(keyboard, instrument)
    falls_silent(keyboard, instrument)
    ends_well()


def in_company() -> None:
    """Play beside others: a broker, a second instrument, a version that does not play."""
    keyboard, instrument = plugged_in("when the machine is switched on")
    is_reached_by_a_broker(instrument)
    say("what the doctor says:\n" + sh("antiphon doctor", check=False))
    two_instruments(keyboard, instrument)
    upgrade.fails(INSTALLER)
    answers(keyboard, instrument, "as before, after an upgrade that failed")
    falls_silent(keyboard, instrument)
    ends_well()


def plugged_in(when: str) -> tuple[Keyboard, Instrument]:
    """Plug in what the settings name, and wait until it is played on."""
    gadget, keyboard = usb_keyboard()
    gadget.plug_in()
    sh("modprobe snd-virmidi")
    wait_for_ready(when)
    return keyboard, Instrument(device_of("VirMIDI"))


def ends_well() -> None:
    say("the log book:\n" + journal())
    os.sync()  # for the machine is switched off without being shut down
    say("ALL IS WELL")


def install() -> None:
    began = time.monotonic()
    say(sh(f"{INSTALLER} --wheels /mnt/host/wheels 2>&1"))
    say(f"installed in {time.monotonic() - began:.0f} s; exposure", exposure())
    if (
        "\n[midi]\n" not in (shipped := CONFIGURATION.read_text(encoding="utf-8"))
        or "\nwait = true\n" not in shipped
    ):
        sys.exit("the settings that are shipped do not wait for a keyboard")
    wait_for_ready("as it is shipped")
    follow(SETTINGS)


def follow(wanted: str, unit: str = "antiphon") -> None:
    CONFIGURATION.write_text(wanted, encoding="utf-8")
    sh(f"systemctl restart {unit}")
    wait_for_ready("with other settings", unit)


def usb_keyboard() -> tuple[Gadget, Keyboard]:
    load_bus()
    gadget = Gadget("Keystation", "keys")
    return gadget, Keyboard(lambda: device_of(gadget.card))


def loses_its_keyboard(gadget: Gadget, keyboard: Keyboard) -> None:
    keyboard.send((0.1, bytes([0x90, 60, 80])))  # unplugged in mid-note
    gadget.unplug()
    is_heard_again(gadget)
    keyboard.send((0.1, bytes([0x90, 60, 80])))
    sh("modprobe -r dummy_hcd")
    say("the module of the keyboard's bus is removed")
    wait_until("the loss of the port", lambda: "missing" in shown("StatusText"))
    gadget.unplug()  # the gadget does not know yet that it is
    load_bus()
    is_heard_again(gadget)


def plays_on_while_the_clock_jumps(keyboard: Keyboard, instrument: Instrument) -> None:
    restarts = shown("NRestarts")
    falls_silent(keyboard, instrument)
    answers(keyboard, instrument, "before the clock jumps")
    for jump in ("+366 days", "-366 days"):
        enough = instrument.onsets + 3
        sh(f"date -s '{jump}'")
        wait_until("it plays on", partial(has_played, instrument, enough))
        say(f"it plays on, whatever the clock says: {time.ctime()}")
    wait_until("the answer's end", lambda: shown("StatusText") != "answering")
    [*_, (seconds, reason)] = re.findall(r"answered with \d+ notes? in ([0-9.]+) s \(([^)]*)\)", journal())
    say(f"the answer lasted {seconds} s ({reason})")
    if not 5.0 < float(seconds) < 25.0 or shown("NRestarts") != restarts:
        sys.exit("the clock has changed the music")


def has_played(instrument: Instrument, onsets: int) -> bool:
    return instrument.onsets >= onsets


def is_reached_by_a_broker(instrument: Instrument) -> None:
    broker = Broker("antiphon", "a secret")
    broker.start()
    broker.hand_on_password("/etc/credstore/antiphon.mqtt-password")
    follow(SETTINGS + broker.settings("studio"))
    said = broker.next_on("antiphon/studio/availability")
    say("the broker says that it is", said)
    if said != "online":
        sys.exit("it is not on the broker")
    before = instrument.onsets
    broker.publish("antiphon/studio/cmd/trigger", '{"seconds": 8}')
    wait_until("what the broker asked for", lambda: instrument.onsets > before + 3)
    say("it plays what the broker asks for")
    broker.stop()
    follow(SETTINGS)


def two_instruments(keyboard: Keyboard, instrument: Instrument) -> None:
    """A USB keyboard and a DIN socket, each with a daemon of its own."""
    near, far = ends_of_the_cable()
    din, socket = Keyboard(lambda: far), Instrument(far)
    line = f"serial:{near}"
    (CONFIGURATION.parent / "piano.toml").write_text(SETTINGS, encoding="utf-8")
    (CONFIGURATION.parent / "din.toml").write_text(settings(line, line), encoding="utf-8")
    sh("systemctl stop antiphon; systemctl start antiphon@piano antiphon@din")
    for name in ("piano", "din"):
        wait_for_ready(f"as antiphon@{name}", f"antiphon@{name}")
    answers(din, socket, f"on {near}")
    answers(keyboard, instrument, "beside it")
    comes_back(keyboard, instrument, "SIGKILL", "antiphon@piano")
    if shown("NRestarts", "antiphon@din") != "0":
        sys.exit("one instrument has disturbed the other")
    sh("systemctl stop antiphon@piano antiphon@din; systemctl start antiphon")
    say("recordings of each:", sh(f"ls -d {STATE}/piano/sessions/* {STATE}/din/sessions/*"))
    wait_for_ready("alone again")


def loses_power() -> None:
    """Play notes that can be told apart, and say how far that came, until there is no power any more."""
    keyboard, instrument = plugged_in("before power is lost")
    answers(keyboard, instrument, "before power is lost")
    for count in itertools.count():
        pitch = 30 + count % 60
        keyboard.send((0.0, bytes([0x90, pitch, 80, 0x80, pitch, 80])))
        say("counted", count)
        time.sleep(1 / NOTES_IN_A_SECOND - 0.2)
        if count == 6 * NOTES_IN_A_SECOND:
            say("in mid-recording, PULL THE PLUG")


def in_memory() -> None:
    """Play where nothing is ever written to the disk."""
    keyboard, instrument = plugged_in("on a disk that is not written to")
    answers(keyboard, instrument, "on a disk that is not written to")
    if "that is memory" not in journal():
        sys.exit("it does not say that recordings are lost")
    ends_well()


def over_alsa() -> None:
    """Run the tests of the ports, for which there is a sequencer nowhere else."""
    sh("systemctl stop antiphon; modprobe snd-seq")
    tests = "-q -p no:cacheprovider --import-mode=importlib /mnt/host/tests"
    places = "PYTHONPATH=/mnt/host/pytest:/mnt/host/tests"
    say(sh(f"{places} PYTHONDONTWRITEBYTECODE=1 /opt/antiphon/current/bin/python -m pytest {tests}"))
    ends_well()


def recovered() -> None:
    wait_until("a daemon that waits for its keyboard", lambda: "missing" in shown("StatusText"))
    say("before the keyboard is switched on:", shown("ActiveState"), shown("NRestarts"), shown("StatusText"))
    if shown("ActiveState") != "active":
        sys.exit("it does not play as soon as the keyboard is there")
    keyboard, instrument = plugged_in(
        "after power was lost, and the keyboard was switched on after the machine"
    )
    answers(keyboard, instrument, "after power was lost")
    loses_a_second_at_most(int(asked_for("counted")))
    sh(f"{INSTALLER} --uninstall 2>&1")
    leaves("--uninstall", {str(CONFIGURATION.parent), str(STATE), "/etc/credstore/antiphon.mqtt-password"})
    sh(f"{INSTALLER} --purge 2>&1")
    leaves("--purge", set())
    if not is_unknown():
        sys.exit("the user or the unit is still known")
    ends_well()


def loses_a_second_at_most(counted: int) -> None:
    """Look in the recording that the lost power has left for the notes that were played before."""
    recordings = sorted((STATE / "sessions").glob("*.mid"), key=lambda path: path.stat().st_mtime)
    for recording in recordings:
        sh(f"antiphon respond --model small {recording} -o /tmp/answer.mid --seconds 1")
        say(recording.name, recording.stat().st_size, "bytes, can be read")
    program = (
        "import mido, sys; print(*(m.note for m in mido.MidiFile(sys.argv[1]).tracks[0]"
        " if m.type == 'note_on' and m.velocity))"
    )
    notes = sh(f'/opt/antiphon/current/bin/python -c "{program}" {recordings[-1]}').split()
    kept = int(notes[-1]) - 30
    say(f"power was lost after note {counted}; note {kept} is in the recording")
    if kept < counted - NOTES_IN_A_SECOND:
        sys.exit("more than the last second is lost")


def packaged() -> None:
    """The package of Debian in place of the installer."""
    gadget, keyboard = usb_keyboard()
    gadget.plug_in()
    sh("modprobe snd-virmidi")
    instrument = Instrument(device_of("VirMIDI"))
    began = time.monotonic()
    say(sh("dpkg --install /mnt/host/antiphon_*.deb 2>&1"))
    say(f"the package is installed in {time.monotonic() - began:.0f} s; exposure", exposure())
    wait_for_ready("as it is packaged")
    follow(SETTINGS)
    answers(keyboard, instrument, "out of a package")
    comes_back(keyboard, instrument, "SIGKILL")
    gadget.unplug()
    is_heard_again(gadget)
    answers(keyboard, instrument, "after the keyboard came back")
    say(sh("dpkg --remove antiphon 2>&1"))
    if instrument.sounding:
        sys.exit(f"sounding after the package was removed: {instrument.sounding}")
    leaves("dpkg --remove", {str(CONFIGURATION.parent), str(STATE)})
    say(sh("dpkg --purge antiphon 2>&1"))
    leaves("dpkg --purge", set())
    if not is_unknown():
        sys.exit("the user or the unit is still known")
    ends_well()


def leaves(what: str, expected: set[str]) -> None:
    left = leftovers()
    say(f"left after {what}:", *sorted(left))
    if left != expected:
        sys.exit(f"{what} leaves the wrong things")


def briefly() -> None:
    """Install, answer, survive and remove: for a processor whose emulation is slow."""
    load_bus(sockets=2)
    gadget, piano = Gadget("Keystation", "keys"), Gadget("Piano", "strings", socket=1)
    gadget.plug_in()
    piano.plug_in()
    keyboard = Keyboard(lambda: device_of(gadget.card))
    CONFIGURATION.parent.mkdir()
    CONFIGURATION.write_text(settings("Keystation*", "Piano*"), encoding="utf-8")
    say(sh("uname -a"))
    began = time.monotonic()
    say(sh(f"{INSTALLER} --wheels /mnt/host/wheels 2>&1"))
    say(f"installed in {time.monotonic() - began:.0f} s; exposure", exposure())
    wait_for_ready("after the installation")
    instrument = Instrument(device_of(piano.card))
    answers(keyboard, instrument, "after the installation")
    has_what_it_needs()
    comes_back(keyboard, instrument, "SIGKILL")
    gadget.unplug()
    is_heard_again(gadget)
    answers(keyboard, instrument, "after the keyboard came back")
    say("what the doctor says:\n" + sh("antiphon doctor", check=False))
    sh(f"{INSTALLER} --purge 2>&1")
    leaves("--purge", set())
    ends_well()


PLAY = (installed, in_company, in_memory, over_alsa, loses_power, recovered, packaged, briefly)
ACTS = {act.__name__: act for act in PLAY}

if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    ACTS[asked_for("act")]()
