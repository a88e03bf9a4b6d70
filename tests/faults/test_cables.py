"""MIDI that goes away in the middle of the music, and comes back."""

import time
from pathlib import Path

import pytest

from fault_table import Fault
from faults_at_large import (
    CHORD,
    STEADY,
    Tell,
    holding_a_chord,
    let_go,
    press,
    until_it_answers,
    words_of,
)
from jack_server import JackServer, requires_jack
from jam_session import jam

pytestmark = requires_jack


def test_a_keyboard_that_is_pulled_out_in_mid_chord(tmp_path: Path, tell: Tell) -> None:
    with holding_a_chord(tmp_path) as session:
        pulled = time.monotonic()
        session.player.kill()
        vanished = session.daemon.wait_for("has vanished")
        while session.audible():
            session.next_message()
        silent = session.silent_since() - pulled
        plugged_in = time.monotonic()
        session.plug_in_player()
        session.daemon.wait_for("is back")
        back = time.monotonic() - plugged_in
        press(session)
        let_go(session)
        until_it_answers(session)
        tell(
            Fault(
                "the keyboard is pulled out in mid-chord",
                f"its JACK client is killed while {len(CHORD)} keys are down and passed on",
                f"the chord ends {1000 * silent:.0f} ms later",
                words_of(vanished, tmp_path),
                back,
            )
        )


def test_a_synth_that_is_switched_off_in_mid_answer(tmp_path: Path, tell: Tell) -> None:
    with jam(tmp_path, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        session.recorder.kill()
        vanished = session.daemon.wait_for("has vanished")
        given_back = session.daemon.wait_for("answered with")
        session.messages.clear()
        plugged_in = time.monotonic()
        session.plug_in_recorder()
        session.daemon.wait_for("is back")
        back = time.monotonic() - plugged_in
        assert session.next_message().data[0] & 0xF0 == 0xB0
        until_it_answers(session)
        tell(
            Fault(
                "the synth is switched off in mid-answer",
                "its JACK client is killed",
                "the answer ends; when the synth is back it is silenced first, and then played on",
                f"{words_of(vanished, tmp_path)}; {words_of(given_back, tmp_path)}",
                back,
            )
        )


def test_a_jack_server_that_dies_and_comes_back(tmp_path: Path, tell: Tell, jack_server: JackServer) -> None:
    with jam(tmp_path, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        jack_server.kill()
        stopped = session.daemon.wait_for("has stopped")
        session.player.kill()
        session.recorder.kill()
        session.messages.clear()
        jack_server.start()
        started = time.monotonic()
        session.plug_in_player()
        session.plug_in_recorder()
        for _ in range(2):
            session.daemon.wait_for("is back")
        back = time.monotonic() - started
        assert session.next_message().data[0] & 0xF0 == 0xB0
        until_it_answers(session)
        tell(
            Fault(
                "the JACK server dies and is started again",
                "`SIGKILL` to `jackd` in mid-answer",
                "the answer ends; on the new server the synth is silenced first, and then played on",
                words_of(stopped, tmp_path),
                back,
            )
        )


@pytest.mark.long
def test_a_jack_server_that_stands_still(tmp_path: Path, tell: Tell, jack_server: JackServer) -> None:
    with jam(tmp_path, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        jack_server.freeze()
        stopped = session.daemon.wait_for("has stopped")
        jack_server.thaw()
        thawed = time.monotonic()
        for _ in range(2):
            session.daemon.wait_for("is back")
        back = time.monotonic() - thawed
        session.until_quiet(0.3)
        assert session.audible() == set()
        until_it_answers(session)
        tell(
            Fault(
                "the JACK server stands still",
                "`SIGSTOP` to `jackd` in mid-answer, and `SIGCONT` once the daemon has noticed",
                "the answer ends; what hangs is silenced when the server moves again",
                words_of(stopped, tmp_path),
                back,
            )
        )
