"""A pair of ports, over JACK: chosen, played through, lost and found again, and shared by partners."""

import asyncio
import logging
import time
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from antiphon.adapters.broadcast import PortFound, PortLost
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.midi.instruments import Instruments
from antiphon.adapters.midi.port_names import Ports
from antiphon.adapters.midi.ports import MidiPorts
from antiphon.adapters.midi.system import list_ports
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import Event, InputLost, KeyPressed, KeyReleased, OutputLost
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.errors import PortError
from instruments import Keyboard
from jack_instruments import cable, keyboard, synth
from jack_server import JackServer, requires_jack, running_jack_server
from port_listener import Listener, open_ports, wishes

pytestmark = requires_jack

MIDDLE_C = Pitch(60)
PLAY = PlayNote(0.0, MIDDLE_C, Velocity(100))
RELEASE = ReleaseNote(0.0, MIDDLE_C)


@pytest.fixture(scope="module")
def server() -> Iterator[JackServer]:
    with running_jack_server() as running:
        yield running


@pytest.mark.usefixtures("server")
def test_ports_are_listed_by_direction_and_ours_are_not() -> None:
    async def main() -> Ports:
        ports = open_ports(Listener())
        listed = list_ports("jack")
        ports.close()
        return listed

    with keyboard("Keystation 49"), synth("Minilogue"):
        assert asyncio.run(main()) == Ports(inputs=("Keystation 49:out",), outputs=("Minilogue:in",))


@pytest.mark.usefixtures("server")
def test_ports_are_chosen_by_pattern() -> None:
    async def main() -> tuple[str, str]:
        ports = open_ports(Listener(), wishes(in_="keystation*", out="mini*"))
        names = ports.input_name, ports.output_name
        ports.close()
        return names

    with keyboard("Launchpad"), keyboard("Keystation 49"), synth("Minilogue"):
        assert asyncio.run(main()) == ("Keystation 49:out", "Minilogue:in")


@pytest.mark.usefixtures("server")
def test_a_port_that_is_not_there_is_refused_with_the_near_names() -> None:
    async def main() -> None:
        open_ports(Listener(), wishes(in_="Keystatoin*"))

    with keyboard("Keystation 49"), pytest.raises(PortError, match='nearest are: "Keystation 49:out"'):
        asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_after_a_refusal_nothing_is_held() -> None:
    async def main() -> None:
        with pytest.raises(PortError):
            open_ports(Listener(), wishes(in_="Keystatoin*"))
        open_ports(Listener()).close()

    asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_virtual_ports_are_found_under_our_name() -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener)
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


@pytest.mark.usefixtures("server")
def test_virtual_ports_say_how_to_connect_them(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        open_ports(Listener()).close()
        with keyboard("player"), synth("recorder"):
            open_ports(Listener(), wishes(out="virtual")).close()
            open_ports(Listener()).close()

    with caplog.at_level(logging.INFO):
        asyncio.run(main())
    keyboard_cable, output_cable = 'your keyboard to "antiphon:in"', '"antiphon:out" to your synthesizer'
    assert [message for message in caplog.messages if message.startswith("connect ")] == [
        f"connect {keyboard_cable} and {output_cable}, for example with jack_connect or qjackctl; "
        "a keyboard or a synthesizer that is plugged in later is taken by itself",
        f"connect {output_cable}, for example with jack_connect or qjackctl",
    ]


@pytest.mark.usefixtures("server")
def test_what_is_played_is_heard_in_order_with_the_time_of_its_arrival() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation") as keys:
            ports = open_ports(listener)
            for pitch in range(100):
                keys.play(0x90, pitch, 1)
                keys.play(0x80, pitch, 0)
            busy_until.append(keep_the_loop_busy(0.1))
            await listener.wait_until(lambda: len(listener.heard) == 200)
            ports.close()
        return listener

    busy_until: list[Seconds] = []
    begun = time.monotonic()
    heard = asyncio.run(main()).heard
    expected = [
        event
        for pitch in map(Pitch, range(100))
        for event in (KeyPressed(pitch, Velocity(1)), KeyReleased(pitch))
    ]
    assert [event for event, _ in heard] == expected
    times = [arrived for _, arrived in heard]
    assert times == sorted(times)
    assert begun < times[0]
    assert times[-1] < busy_until[0]


def keep_the_loop_busy(seconds: Seconds) -> Seconds:
    """Let nothing be delivered for so long, and return when that was over."""
    time.sleep(seconds)
    return time.monotonic()


@pytest.mark.usefixtures("server")
def test_releases_sent_just_before_closing_arrive() -> None:
    async def main() -> None:
        ports = open_ports(Listener())
        for pitch in map(Pitch, range(128)):
            ports.send(ReleaseNote(0.0, pitch))
        ports.drain()
        ports.close()

    with synth("Minilogue") as minilogue:
        asyncio.run(main())
        assert [list(message) for message in minilogue.heard] == [[0x80, pitch, 64] for pitch in range(128)]


@pytest.mark.usefixtures("server")
def test_closing_while_the_player_plays_ends() -> None:
    async def main() -> None:
        with keyboard("Keystation") as keys:
            for _ in range(5):
                await open_and_close_under(keys)

    async def open_and_close_under(keys: Keyboard) -> None:
        listener = Listener()
        ports = open_ports(listener)
        for _ in range(400):
            keys.play(0x90, 60, 1)
        await listener.wait_until(lambda: bool(listener.heard))
        ports.close()

    asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_a_second_daemon_on_the_same_ports_is_refused() -> None:
    async def main() -> None:
        ports = open_ports(Listener())
        with pytest.raises(PortError, match='already plays on "Minilogue:in"; stop it or choose other ports'):
            open_ports(Listener())
        ports.close()
        open_ports(Listener()).close()

    with synth("Minilogue"):
        asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_an_unplugged_keyboard_is_reported_at_once_and_taken_again_when_it_is_back() -> None:
    async def main() -> Listener:
        listener = Listener()
        with keyboard("Keystation"):
            ports = open_ports(listener)
        await listener.wait_until(lambda: bool(listener.lost))
        ports.tend()
        assert ports.lost == {"in"}
        with keyboard("Keystation") as keys:
            ports.tend()
            assert not ports.lost
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    listener = asyncio.run(main())
    assert listener.lost == [InputLost()]
    assert [(type(each), each.direction) for each in listener.told] == [(PortLost, "in"), (PortFound, "in")]


@pytest.mark.usefixtures("server")
def test_a_keyboard_that_is_back_is_heard_while_the_synth_is_still_missing() -> None:
    async def main() -> None:
        listener = Listener()
        with keyboard("Keystation"), synth("Minilogue"):
            ports = open_ports(listener)
        await listener.wait_until(lambda: len(listener.lost) == 2)
        with keyboard("Keystation") as keys:
            await listener.wait_until(lambda: tended(ports) == {"out"})
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
        await listener.wait_until(lambda: len(listener.lost) == 3)
        ports.close()

    asyncio.run(main())


def tended(ports: MidiPorts) -> frozenset[Direction]:
    """Let the ports look after themselves, and return what is then still lost."""
    ports.tend()
    return ports.lost


@pytest.mark.usefixtures("server")
def test_a_synth_that_is_back_is_silenced_first() -> None:
    async def main() -> list[Event]:
        listener = Listener()
        with synth("Minilogue"):
            ports = open_ports(listener)
            ports.send(PLAY)
            ports.drain()
        await listener.wait_until(lambda: bool(listener.lost))
        ports.send(RELEASE)
        with synth("Minilogue") as minilogue:
            ports.tend()
            ports.send(PLAY)
            minilogue.wait_for(4)
            ports.close()
            assert [list(message) for message in minilogue.heard] == [
                [0xB0, 64, 0],
                [0xB0, 123, 0],
                [0xB0, 120, 0],
                [0x90, 60, 100],
            ]
        return listener.lost

    assert asyncio.run(main()) == [OutputLost()]


@pytest.mark.usefixtures("server")
def test_a_keyboard_that_is_switched_on_after_the_start_is_waited_for_where_that_is_wanted() -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, wishes(in_="Keystation*", out="virtual", wait=True))
        assert ports.lost == {"in"}
        ports.tend()
        with keyboard("Keystation 49") as keys:
            ports.tend()
            assert (ports.lost, ports.input_name) == (frozenset(), "Keystation 49:out")
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert asyncio.run(main()).heard[0][0] == KeyPressed(MIDDLE_C, Velocity(100))


@pytest.mark.usefixtures("server")
def test_where_any_port_would_do_the_first_that_is_plugged_in_is_taken() -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener)
        ports.tend()
        assert (ports.input_name, ports.output_name) == ("antiphon:in", "antiphon:out")
        with keyboard("Keystation") as keys, synth("Minilogue") as minilogue:
            ports.tend()
            assert (ports.input_name, ports.output_name) == ("Keystation:out", "Minilogue:in")
            keys.play(0x90, 60, 100)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.send(PLAY)
            minilogue.wait_for(4)
            ports.close()
        return listener

    listener = asyncio.run(main())
    assert listener.told == [PortFound("in", "Keystation:out"), PortFound("out", "Minilogue:in")]


@pytest.mark.usefixtures("server")
def test_where_a_port_of_our_own_is_wanted_nothing_that_is_plugged_in_is_taken() -> None:
    async def main() -> None:
        ports = open_ports(Listener(), wishes(in_="virtual", out="virtual"))
        with keyboard("Keystation"), synth("Minilogue"):
            ports.tend()
            assert (ports.input_name, ports.output_name) == ("antiphon:in", "antiphon:out")
        ports.close()

    asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_a_partner_has_ports_of_its_own_name_and_may_be_plugged_into_another() -> None:
    async def main() -> None:
        listener, instruments = Listener(), Instruments()
        virtual = wishes(in_="virtual", out="virtual")
        ears = time.monotonic, listener.hear, listener.listen
        ports = MidiPorts(virtual, *ears, instruments=instruments)
        bass = MidiPorts(virtual, *ears, partner="bass", instruments=instruments)
        assert (bass.input_name, bass.output_name) == ("antiphon:bass-in", "antiphon:bass-out")
        cable(bass.output_name, ports.input_name)
        bass.send(PLAY)
        await listener.wait_until(lambda: bool(listener.heard))
        bass.close()
        ports.close()

    asyncio.run(main())


@pytest.mark.usefixtures("server")
def test_partners_play_one_instrument_on_channels_of_their_own() -> None:
    async def main() -> None:
        instruments = Instruments()
        ears = time.monotonic, Listener().hear, Listener().listen
        ports = MidiPorts(wishes(), *ears, instruments=instruments)
        with pytest.raises(PortError, match="partner bass and the main partner would both play on channel 1"):
            MidiPorts(wishes(), *ears, partner="bass", instruments=instruments)
        other = replace(wishes(), out_channel=2)
        bass = MidiPorts(other, *ears, partner="bass", instruments=instruments)
        ports.send(PLAY)
        bass.send(PLAY)
        minilogue.wait_for(2)
        bass.close()
        ports.close()

    with synth("Minilogue") as minilogue:
        asyncio.run(main())
        assert [message[0] for message in minilogue.heard] == [0x90, 0x91]
