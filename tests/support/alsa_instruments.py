"""A keyboard and a synth on ALSA's sequencer, and the cables between ports."""

import os
from contextlib import AbstractContextManager

import pytest

from antiphon.adapters.midi.alsa_sequencer import Address, AlsaSequencer
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.midi.libraries import new_client
from antiphon.adapters.midi.system import ALSA_SEQUENCER
from instruments import Keyboard, Synth, keyboard_on, synth_on

requires_alsa = pytest.mark.skipif(
    not os.access(ALSA_SEQUENCER, os.R_OK | os.W_OK),
    reason=f"{ALSA_SEQUENCER} cannot be opened: MIDI is not tested over ALSA",
)


def keyboard(name: str) -> AbstractContextManager[Keyboard]:
    """Plug in a keyboard; it is unplugged at the end."""
    return keyboard_on("alsa", name)


def synth(name: str) -> AbstractContextManager[Synth]:
    """Plug in a synth; it is unplugged at the end, when nothing may be sent to it any more."""
    return synth_on("alsa", name)


def addresses(port_name: str, direction: Direction) -> list[Address]:
    """Return the numbers of the ports of a name that one can hear (`in`) or play (`out`)."""
    lister = new_client(direction, "alsa", "lister")
    numbers = [raw_name.rpartition(" ") for raw_name in lister.get_ports()]
    lister.delete()
    return [Address(*map(int, last.split(":"))) for name, _, last in numbers if name == port_name]


def cable(source: str, destination: str) -> None:
    """Connect two ports, as a musician does in a patch bay; of several with one name, all.

    Inputs that were closed are there, deaf, until the process ends.
    """
    patch_bay = AlsaSequencer("patch-bay")
    for sender in addresses(source, "in"):
        for receiver in addresses(destination, "out"):
            patch_bay.connect(sender, receiver)
    patch_bay.delete()
