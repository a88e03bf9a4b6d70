import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from alsa_instruments import cable, keyboard, requires_alsa, synth
from antiphon.adapters.midi.alsa_cables import AlsaCables
from antiphon.adapters.midi.connection import Connection
from antiphon.adapters.midi.panic import panic
from antiphon.adapters.midi.system import find_system, list_ports
from antiphon.adapters.midi.wire import panic_messages
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import Event, InputLost, KeyPressed, KeyReleased, OutputLost
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import PortError
from instruments import Keyboard
from port_listener import Listener, open_ports, wishes

pytestmark = requires_alsa

MIDDLE_C = Pitch(60)
PLAY = PlayNote(0.0, MIDDLE_C, Velocity(100))
RELEASE = ReleaseNote(0.0, MIDDLE_C)
KEYSTATION = wishes(api="alsa", in_="Keystation*", out="virtual")
MINILOGUE = wishes(api="alsa", in_="virtual", out="Minilogue*")
VIRTUAL = wishes(api="alsa", in_="virtual", out="virtual")
MORE_THAN_THERE_ARE_QUEUES = 40


@contextmanager
def alsa_cables() -> Iterator[AlsaCables]:
    cables = AlsaCables()
    try:
        yield cables
    finally:
        cables.close()


def test_alsa_is_taken_where_there_is_one() -> None:
    assert find_system("auto") == find_system("alsa") == "alsa"


def test_ports_are_listed_by_direction_without_numbers_and_ours_are_not() -> None:
    async def main() -> None:
        ports = open_ports(Listener(), VIRTUAL)
        listed = list_ports("alsa")
        ports.close()
        assert "Keystation 49:out" in listed.inputs
        assert "Minilogue:in" in listed.outputs
        assert not {"Minilogue:in", "antiphon:out"} & set(listed.inputs)
        assert not {"Keystation 49:out", "antiphon:in"} & set(listed.outputs)

    with keyboard("Keystation 49"), synth("Minilogue"):
        asyncio.run(main())


def test_virtual_ports_are_found_under_our_name() -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, VIRTUAL)
        assert (ports.input_name, ports.output_name) == ("antiphon:in", "antiphon:out")
        with keyboard("player") as player, synth("recorder") as recorder:
            cable(player.port_name, "antiphon:in")
            cable("antiphon:out", recorder.port_name)
            player.play(0x90, 60, 100)
            ports.send(PLAY)
            recorder.wait_for(1)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert asyncio.run(main()).heard[0][0] == KeyPressed(MIDDLE_C, Velocity(100))


def test_what_is_played_is_heard_in_order() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation") as keys:
            ports = open_ports(listener, KEYSTATION)
            for pitch in range(50):
                keys.play(0x90, pitch, 1)
                keys.play(0x90, pitch, 0)
            await listener.wait_until(lambda: len(listener.heard) == 100)
            ports.close()
        return listener

    assert [event for event, _ in asyncio.run(main()).heard] == [
        event
        for pitch in map(Pitch, range(50))
        for event in (KeyPressed(pitch, Velocity(1)), KeyReleased(pitch))
    ]


def test_releases_sent_just_before_closing_arrive() -> None:
    async def main() -> None:
        ports = open_ports(Listener(), MINILOGUE)
        for pitch in map(Pitch, range(128)):
            ports.send(ReleaseNote(0.0, pitch))
        ports.drain()
        ports.close()

    with synth("Minilogue") as minilogue:
        asyncio.run(main())
        minilogue.wait_for(128)
        assert [list(message) for message in minilogue.heard] == [[0x80, pitch, 64] for pitch in range(128)]


def test_closing_while_the_player_plays_ends() -> None:
    async def main() -> None:
        with keyboard("Keystation") as keys:
            for _ in range(5):
                await open_and_close_under(keys)

    async def open_and_close_under(keys: Keyboard) -> None:
        listener = Listener()
        ports = open_ports(listener, KEYSTATION)
        for _ in range(150):
            keys.play(0x90, 60, 1)
        await listener.wait_until(lambda: bool(listener.heard))
        ports.close()

    asyncio.run(main())


def test_a_second_daemon_on_the_same_output_is_refused() -> None:
    async def main() -> None:
        ports = open_ports(Listener(), MINILOGUE)
        with pytest.raises(PortError, match='already plays on "Minilogue:in"; stop it or choose other ports'):
            open_ports(Listener(), MINILOGUE)
        ports.close()
        open_ports(Listener(), MINILOGUE).close()

    with synth("Minilogue"):
        asyncio.run(main())


def test_an_unplugged_keyboard_is_reported_and_taken_again_when_it_is_back() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation"):
            ports = open_ports(listener, KEYSTATION)
            ports.tend()
            assert not ports.lost
        ports.tend()
        assert ports.lost == {"in"}
        with keyboard("Keystation") as keys:
            ports.tend()
            assert not ports.lost
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert asyncio.run(main()).lost == [InputLost()]


def test_what_comes_and_goes_is_announced_and_nobody_has_to_look() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation"):
            ports = open_ports(listener, KEYSTATION)
        await listener.wait_until(lambda: bool(listener.lost))
        assert ports.lost == {"in"}
        with keyboard("Keystation") as keys:
            await listener.wait_until(lambda: not ports.lost)
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert asyncio.run(main()).lost == [InputLost()]


def test_a_keyboard_that_was_plugged_in_again_between_two_looks_is_heard_again() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation"):
            ports = open_ports(listener, KEYSTATION)
            ports.tend()
        with keyboard("Keystation") as keys:
            ports.tend()
            assert not ports.lost
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert asyncio.run(main()).lost == [InputLost()]


def test_a_synth_that_is_back_is_silenced_first() -> None:
    async def main() -> list[Event]:
        listener = Listener()
        with synth("Minilogue"):
            ports = open_ports(listener, MINILOGUE)
            ports.send(PLAY)
            ports.drain()
        ports.tend()
        assert ports.lost == {"out"}
        ports.send(RELEASE)
        with synth("Minilogue") as minilogue:
            ports.tend()
            ports.send(PLAY)
            minilogue.wait_for(4)
            await listener.wait_until(lambda: bool(listener.lost))
            ports.close()
            assert [list(message) for message in minilogue.heard] == [
                [0xB0, 64, 0],
                [0xB0, 123, 0],
                [0xB0, 120, 0],
                [0x90, 60, 100],
            ]
        return listener.lost

    assert asyncio.run(main()) == [OutputLost()]


def test_a_cable_with_a_bad_contact_uses_nothing_up() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation"):
            ports = open_ports(listener, KEYSTATION)
        for _ in range(MORE_THAN_THERE_ARE_QUEUES):
            with keyboard("Keystation") as keys:
                ports.tend()
                keys.play(0x90, 60, 100)
                await listener.wait_until(lambda: bool(listener.heard))
                listener.heard.clear()
        ports.close()
        return listener

    assert set(asyncio.run(main()).lost) == {InputLost()}


def test_of_two_keyboards_of_one_make_the_other_may_be_unplugged() -> None:
    with alsa_cables() as cables, keyboard("Launchpad") as other:
        with keyboard("Launchpad"):
            connection = cables.plug("in", "Launchpad:out #2")
            assert cables.is_plugged(connection)
        assert not cables.is_plugged(connection)
        assert_heard_again(cables, connection, other)


def assert_heard_again(cables: AlsaCables, connection: Connection, keys: Keyboard) -> None:
    connection = cables.replug(connection, "Launchpad:out")
    keys.play(0x90, 60, 100)
    cables.settle()
    assert connection.client.get_message()[0] == [0x90, 60, 100]


def test_a_port_that_has_gone_meanwhile_is_refused() -> None:
    with alsa_cables() as cables, pytest.raises(PortError, match='"Keystation:out" is missing; plug it in'):
        cables.plug("in", "Keystation:out")


def test_a_panic_reaches_a_synth_that_a_daemon_plays() -> None:
    async def main() -> None:
        ports = open_ports(Listener(), MINILOGUE)
        assert panic("alsa", "Mini*") == "Minilogue:in"
        ports.close()

    with synth("Minilogue") as minilogue:
        asyncio.run(main())
        minilogue.wait_for(2096)
        assert [bytes(message) for message in minilogue.heard] == list(panic_messages())
