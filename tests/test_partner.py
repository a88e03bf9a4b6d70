"""Two partners in one daemon, end to end: player -> antiphon -> two recorders on real JACK ports."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from jack_server import requires_jack, running_jack_server
from jam_session import CONTROL, NOTE_ON, Jam, Message, Process, jam, key, script

pytestmark = requires_jack

STEADY = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seed=1", "play.seconds=20")

RIGHT, LEFT = (60, 62, 64, 65, 67), (36, 38, 40, 41, 43)
"""What the hands play on a keyboard that is split at middle C."""

SPLIT = (
    "midi.lowest_key=60",
    "partner.bass.midi.lowest_key=0",
    "partner.bass.midi.highest_key=59",
    "partner.bass.midi.out='second*'",
    "partner.bass.engine.kind=markov",
    "markov.learn=false",
)


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@contextmanager
def two(folder: Path, *settings: str) -> Iterator[tuple[Jam, Jam]]:
    """Start a daemon with two partners on one keyboard; return what each is heard to do."""
    second = Process(script("midi_recorder"), "--name", "second")
    try:
        second.wait_for("ready")
        with jam(folder, *STEADY, *settings) as main:
            main.daemon.wait_for("bass: antiphon")
            yield main, Jam(main.player, main.daemon, second)
    finally:
        second.end()


def play(session: Jam, pitches: Sequence[int], channel: int = 1) -> None:
    session.play(
        *((wait, (data[0] | channel - 1, *data[1:])) for pitch in pitches for wait, data in key(pitch))
    )


def onsets(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.is_onset]


def both_answer(main: Jam, bass: Jam) -> None:
    play(main, RIGHT)
    main.next_onset()
    play(main, LEFT)
    bass.next_onset()
    main.next_onset()


def test_each_half_of_a_keyboard_has_a_partner_of_its_own(tmp_path: Path) -> None:
    with two(tmp_path, *SPLIT) as (main, bass):
        play(main, RIGHT)
        main.next_onset()
        main.play((0.0, (NOTE_ON, 72, 80)))
        main.until_quiet(0.3)
        assert onsets(bass.until_quiet(0.1)) == []
        play(main, LEFT)
        bass.next_onset()
        assert onsets(main.until_quiet(0.3)) == []
        main.play((0.0, (NOTE_ON, 40, 80)))
        bass.until_quiet(0.3)
        assert main.sounding() == bass.sounding() == set()


def test_two_players_on_two_channels_share_one_instrument_by_channel(tmp_path: Path) -> None:
    channels = ("midi.in_channel=1", "partner.bass.midi.in_channel=2", "partner.bass.midi.out_channel=5")
    with two(tmp_path, *channels) as (main, _):
        play(main, RIGHT, channel=1)
        assert main.next_onset().data[0] == NOTE_ON
        main.play((0.0, (NOTE_ON, 72, 80)))
        main.until_quiet(0.3)
        play(main, RIGHT, channel=2)
        assert main.next_onset().data[0] == NOTE_ON | 4
        main.play((0.0, (NOTE_ON | 1, 72, 80)))
        main.until_quiet(0.3)
        assert main.sounding() == set()
        assert {message.data[0] & 0x0F for message in main.messages} == {0, 4}


def test_a_panic_of_the_player_silences_both(tmp_path: Path) -> None:
    with two(tmp_path, *SPLIT, 'controls.bindings={"cc 20" = "panic"}') as (main, bass):
        both_answer(main, bass)
        main.play((0.0, (CONTROL, 20, 127)))
        main.daemon.wait_for("silenced")
        main.daemon.wait_for("silenced")
        main.until_quiet(0.5)
        bass.until_quiet(0.5)
        assert main.sounding() == bass.sounding() == set()


def test_a_signal_in_mid_answer_leaves_nothing_sounding_on_either_and_keeps_both(tmp_path: Path) -> None:
    with two(tmp_path, *SPLIT) as (main, bass):
        both_answer(main, bass)
        main.daemon.child.send_signal(signal.SIGTERM)
        assert main.daemon.child.wait(10) == 0
        for each in (main, bass):
            each.until_quiet(0.3)
            assert each.sounding() == set()
            assert (CONTROL, 64, 0) in {message.data for message in each.messages}
        recordings = sorted(path.name for path in tmp_path.glob("*.mid"))
        assert [name.startswith("antiphon-bass-") for name in recordings] == [False, True]


def test_where_one_partner_lacks_its_port_none_plays_and_nothing_is_held(tmp_path: Path) -> None:
    with jam(tmp_path, *STEADY, "partner.bass.midi.out=Nobody") as session:
        session.daemon.wait_for('no MIDI output matches "Nobody"')
        assert session.daemon.child.wait(10) == 3
    with jam(tmp_path, *STEADY) as session:
        play(session, RIGHT)
        session.next_onset()
