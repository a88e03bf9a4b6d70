import os
from pathlib import Path
from secrets import token_hex

import pytest

from antiphon.adapters.midi.instruments import Instruments
from antiphon.adapters.midi.port_lock import PortLock
from antiphon.errors import PortError


@pytest.fixture
def port() -> str:
    return f"Minilogue {token_hex(4)}"


def test_partners_share_a_port_by_its_channels_and_nobody_else_plays_there(port: str) -> None:
    instruments = Instruments()
    rights = [instruments.take("alsa", port, channel, f"partner {channel}") for channel in (1, 2)]
    with pytest.raises(PortError, match="another antiphon"):
        PortLock.take("alsa", port)
    rights[0].release()
    with pytest.raises(PortError, match="another antiphon"):
        Instruments().take("alsa", port, 5, "partner 5")
    rights[1].release()
    PortLock.take("alsa", port).release()


def test_every_partner_is_told_that_who_played_there_before_was_killed(port: str, tmp_path: Path) -> None:
    file = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    instruments = Instruments(lambda system, port: PortLock(file, was_abandoned=True))
    rights = [instruments.take("alsa", port, channel, f"partner {channel}") for channel in (1, 2)]
    assert all(right.was_abandoned for right in rights)
    for right in rights:
        right.release()


def test_two_on_one_channel_are_refused_by_name(port: str) -> None:
    instruments = Instruments()
    right = instruments.take("alsa", port, 2, "the main partner")
    with pytest.raises(PortError) as raised:
        instruments.take("alsa", port, 2, "partner bass")
    assert str(raised.value) == (
        f'partner bass and the main partner would both play on channel 2 of "{port}"; '
        "give one of them another midi.out_channel or midi.out"
    )
    right.release()
    right.release()
    instruments.take("alsa", port, 2, "partner bass").release()


def test_ports_of_other_systems_have_nothing_to_do_with_each_other(port: str) -> None:
    instruments = Instruments()
    rights = [instruments.take(system, port, 1, system) for system in ("alsa", "jack/default")]
    for right in rights:
        right.release()


def test_a_port_that_is_taken_elsewhere_is_nobodys(port: str) -> None:
    instruments, elsewhere = Instruments(), PortLock.take("alsa", port)
    with pytest.raises(PortError, match="another antiphon"):
        instruments.take("alsa", port, 1, "the main partner")
    elsewhere.release()
    instruments.take("alsa", port, 1, "partner bass").release()
