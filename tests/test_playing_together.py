"""Modes in which both play, or nobody, end to end: player -> antiphon -> recorder on real JACK ports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jack_server import requires_jack, running_jack_server
from jam_session import CONTROL, NOTE_OFF, NOTE_ON, Jam, jam, key

pytestmark = requires_jack

FAST = ("play.seed=1", "engine.kind='lstm'")


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


def pitches(session: Jam) -> list[int]:
    return [message.data[1] for message in session.messages if message.is_onset]


def test_a_duet_plays_while_the_player_does_and_ends_after_them(tmp_path: Path) -> None:
    with jam(tmp_path, *FAST, "play.mode='duet'", "duet.lingers=1", "duet.density=12") as session:
        last = session.play(*(each for pitch in [72, 74, 76, 77] * 8 for each in key(pitch)))
        session.until_quiet(1.5)
        onsets = [message for message in session.messages if message.is_onset]
        assert any(message.at < last for message in onsets)
        assert max(message.at for message in onsets) < last + 1.2
        assert max(pitches(session)) < 72
        assert session.sounding() == set()


def test_a_duet_harmonises_each_note_and_ends_it_with_the_players(tmp_path: Path) -> None:
    with jam(tmp_path, *FAST, "play.mode='duet'", "duet.style='harmonise'") as session:
        session.play((0.0, (NOTE_ON, 72, 80)))
        joined = session.next_onset().data[1]
        assert 72 - joined in (3, 4, 8, 9, 15, 16)
        assert session.sounding()
        session.play((0.0, (NOTE_OFF, 72, 0)))
        assert session.next_message().is_release
        assert session.sounding() == set()


def test_it_plays_while_a_pedal_holds_it_and_gives_back_when_that_is_let_go(tmp_path: Path) -> None:
    pedal = "controls.bindings={'cc 67' = 'hold'}"
    with jam(tmp_path, *FAST, "play.mode='takeover'", pedal) as session:
        session.play_phrase()
        assert session.until_quiet(1.5) == []
        session.play((0.0, (CONTROL, 67, 127)))
        session.next_onset()
        session.play_phrase()
        session.next_onset()
        let_go = session.play((0.3, (CONTROL, 67, 0)))
        session.until_quiet(1.0)
        assert max(message.at for message in session.messages) < let_go + 0.5
        assert session.sounding() == set()


def test_by_itself_it_plays_when_nobody_does_and_fades_when_somebody_plays(tmp_path: Path) -> None:
    alone = ("attract.after=2", "attract.seconds=60", "attract.fade=0.5")
    with jam(tmp_path, *FAST, "play.mode='attract'", *alone, "turn.shortest_pause=1") as session:
        assert session.next_onset()
        touched = session.play_phrase() - 0.75
        session.next_onset()
        ended = [message.at for message in session.until_quiet(0.6) if message.is_onset]
        assert all(at < touched + 0.5 + 0.2 or at > touched + 1.5 for at in ended)
        session.interrupt()
        session.until_quiet(0.3)
        assert session.sounding() == set()
