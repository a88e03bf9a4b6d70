"""The main job, end to end: player -> antiphon -> recorder, three processes on real JACK ports."""

import signal
import socket
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.midi.wire import silencing_messages
from antiphon.core.performance import notes_heard
from jack_server import FRAMES_PER_CYCLE, SAMPLE_RATE, requires_jack, running_jack_server
from jam_session import Jam, jam

pytestmark = requires_jack

PAUSE = 0.3
"""Seconds of silence that end a turn in these tests, so that the moment of decision is known."""

JACK_WAY = 3 * FRAMES_PER_CYCLE / SAMPLE_RATE
"""Seconds that a message is on its way from one process to another at most: JACK's own cycles."""

STEADY_PAUSE = (f"turn.shortest_pause={PAUSE}", f"turn.longest_pause={PAUSE}")


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Jam]:
    with jam(tmp_path, *STEADY_PAUSE, "play.seed=1", "play.seconds=20") as started:
        yield started


def test_an_answer_begins_within_ten_milliseconds_of_the_decision(session: Jam) -> None:
    """The median of five turns, for the machine itself sometimes sleeps longer than that."""
    late: list[float] = []
    for _ in range(5):
        decision = session.play_phrase() + PAUSE
        late.append(session.next_onset().at - decision)
        session.interrupt()
        session.until_quiet(0.2)
        session.let_go()
    assert min(late) >= 0.0
    assert statistics.median(late) <= 0.010 + 2 * JACK_WAY


def test_a_touched_key_silences_the_answer_within_twenty_milliseconds(session: Jam) -> None:
    """The median of five interruptions, each in the middle of an answer."""
    silent_after: list[float] = []
    for _ in range(5):
        session.play_phrase()
        session.next_onset()
        touched = session.interrupt(wait=0.4)
        session.until_quiet(0.25)
        assert session.sounding() == set()
        silent_after.append(session.messages[-1].at - touched)
        session.let_go()
        session.daemon.wait_for("interrupted")
    assert statistics.median(silent_after) <= 0.020 + 2 * JACK_WAY


def test_every_onset_of_an_answer_has_its_release(tmp_path: Path) -> None:
    with jam(tmp_path, *STEADY_PAUSE, "play.seconds=2", "play.seed=2") as session:
        session.play_phrase()
        session.daemon.wait_for("answered with")
        heard = session.until_quiet(0.3)
        assert any(message.is_onset for message in heard)
        assert session.sounding() == set()


@pytest.mark.parametrize("numbers", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGTERM, signal.SIGINT]])
def test_a_signal_in_mid_answer_leaves_nothing_sounding(session: Jam, numbers: list[signal.Signals]) -> None:
    session.play_phrase()
    session.next_onset()
    for number in numbers:
        session.daemon.child.send_signal(number)
    assert session.daemon.child.wait(10) == 0
    session.until_quiet(0.3)
    assert session.sounding() == set()
    assert (0xB0, 64, 0) in {message.data for message in session.messages}


def test_the_session_is_kept_with_both_parts(tmp_path: Path) -> None:
    with jam(tmp_path, *STEADY_PAUSE, "play.seconds=2", "play.seed=3") as session:
        session.play_phrase()
        session.daemon.wait_for("answered with")
        session.until_quiet(0.3)
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
        [recording] = tmp_path.glob("*.mid")
        sent = sum(message.is_onset for message in session.messages)
        assert len(notes_heard(read_performance(recording))) == 5 + sent


def test_a_hang_up_reads_the_settings_again(tmp_path: Path) -> None:
    settings = tmp_path / "antiphon.toml"
    settings.write_text("[play]\nmode = 'listen'\n")
    with jam(tmp_path, *STEADY_PAUSE, config_file=settings) as session:
        session.play_phrase()
        settings.write_text("[play]\nmode = 'answer'\n")
        session.daemon.child.send_signal(signal.SIGHUP)
        session.daemon.wait_for("settings changed by SIGHUP: play.mode")
        session.play_phrase()
        session.next_onset()
        settings.write_text("[play]\nmode = 'sing'\n")
        session.daemon.child.send_signal(signal.SIGHUP)
        assert "play.mode" in session.daemon.wait_for("the configuration stays as it was")


def test_a_service_silences_first_what_was_left_sounding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its predecessor may have been killed in mid-answer, and the panic after it as well."""
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        with jam(tmp_path, *STEADY_PAUSE) as session:
            first = [session.next_message().data for _ in silencing_messages(1)]
    assert [bytes(message) for message in first] == list(silencing_messages(1))
