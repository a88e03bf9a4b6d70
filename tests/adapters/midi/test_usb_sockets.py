"""Two keyboards of one make are told apart by their sockets."""

from functools import partial
from pathlib import Path

import pytest

from antiphon.adapters.midi.port_names import choose, stable_names, worth_listing
from antiphon.adapters.midi.usb_sockets import usb_socket

# As /sys/class/sound/cardN/device leads there on a Raspberry Pi 4 with two keyboards at its sockets.
LEFT = "devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0/usb1/1-1/1-1.2/1-1.2:1.0"
RIGHT = LEFT.replace("1-1.2", "1-1.3")
HEADPHONES = "devices/platform/soc/fe00b840.mailbox/bcm2835_audio"


@pytest.fixture
def sound_cards(tmp_path: Path) -> Path:
    return tmp_path / "class"


def plug_in(sound_cards: Path, *devices: str) -> None:
    """Plug these in, in this order, and nothing else."""
    for card in range(8):
        (sound_cards / f"card{card}" / "device").unlink(missing_ok=True)
    for card, device in enumerate(devices):
        place = sound_cards.parent / device
        place.mkdir(parents=True, exist_ok=True)
        (sound_cards / f"card{card}").mkdir(parents=True, exist_ok=True)
        (sound_cards / f"card{card}" / "device").symlink_to(place)


def keyboard_at(card: int) -> str:
    return f"Keystation:Keystation MIDI 1 {16 + 4 * card}:0"


def test_a_socket_is_found_by_the_number_of_the_client(sound_cards: Path) -> None:
    plug_in(sound_cards, HEADPHONES, LEFT, RIGHT)
    assert usb_socket(keyboard_at(1), sound_cards) == "1-1.2"
    assert usb_socket(keyboard_at(2), sound_cards) == "1-1.3"
    assert usb_socket(keyboard_at(0), sound_cards) is None
    assert usb_socket(keyboard_at(3), sound_cards) is None
    assert usb_socket("FLUID Synth:Synth input port 128:0", sound_cards) is None
    assert usb_socket("Midi Through:Midi Through Port-0 14:0", sound_cards) is None
    assert usb_socket("Keystation:out", sound_cards) is None


def names(sound_cards: Path, *cards: int) -> dict[str, str]:
    return stable_names(map(keyboard_at, cards), partial(usb_socket, sound_cards=sound_cards))


def test_two_keyboards_of_one_make_are_told_apart_in_any_order(sound_cards: Path) -> None:
    pattern = "*@1-1.3"
    plug_in(sound_cards, HEADPHONES, LEFT, RIGHT)
    found = names(sound_cards, 1, 2)
    assert found[choose(pattern, [*found], "in") or ""] == keyboard_at(2)
    plug_in(sound_cards, RIGHT, HEADPHONES, LEFT)
    found = names(sound_cards, 0, 2)
    assert found[choose(pattern, [*found], "in") or ""] == keyboard_at(0)


def test_one_that_is_alone_goes_by_its_socket_too_but_that_is_not_listed(sound_cards: Path) -> None:
    plug_in(sound_cards, RIGHT)
    found = names(sound_cards, 0)
    assert choose("*@1-1.3", [*found], "in") == "Keystation:Keystation MIDI 1 @1-1.3"
    assert choose("Keystation*", [*found], "in") == "Keystation:Keystation MIDI 1"
    assert worth_listing(found) == ("Keystation:Keystation MIDI 1",)


def test_where_there_are_two_their_sockets_are_listed(sound_cards: Path) -> None:
    plug_in(sound_cards, LEFT, RIGHT)
    assert worth_listing(names(sound_cards, 0, 1)) == (
        "Keystation:Keystation MIDI 1",
        "Keystation:Keystation MIDI 1 @1-1.2",
        "Keystation:Keystation MIDI 1 #2",
        "Keystation:Keystation MIDI 1 @1-1.3",
    )


def test_another_socket_and_another_number_change_no_other_name(sound_cards: Path) -> None:
    plug_in(sound_cards, LEFT)
    before = choose("Keystation*", [*names(sound_cards, 0)], "in")
    plug_in(sound_cards, HEADPHONES, HEADPHONES, RIGHT)
    assert choose("Keystation*", [*names(sound_cards, 2)], "in") == before
