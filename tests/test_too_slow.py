"""A network that takes 30 ms for an event on this machine, in jams over real JACK ports."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from jack_server import requires_jack, running_jack_server
from jam_session import Jam, jam
from toy_delegates import build_delegate

pytestmark = requires_jack

SETTINGS = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seed=1", "play.seconds=20")
BUDGET = "engine.longest_step=0.015"
"""Half of what a step takes, and many times what the understudy needs, also where much else goes on."""


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture(params=["small", ""])
def session(request: pytest.FixtureRequest, tmp_path: Path, recordings: Path) -> Iterator[Jam]:
    """A jam with a slow network, once with its understudy and once without."""
    slow = f"engine.accelerator='{build_delegate(tmp_path, 'SLOW')}'"
    understudy = f"engine.understudy='{request.param}'"
    with jam(recordings, *SETTINGS, BUDGET, slow, understudy) as started:
        yield started


def test_whatever_it_is_at_it_is_interrupted_and_answers_again(session: Jam, recordings: Path) -> None:
    for wait in (0.0, 0.2, 0.41):
        session.play_phrase()
        session.next_onset()
        session.interrupt(wait)
        session.daemon.wait_for("interrupted")
        session.until_quiet(0.25)
        assert session.sounding() == set()
        session.let_go()
    session.daemon.child.send_signal(signal.SIGTERM)
    assert session.daemon.child.wait(10) == 0
    [recording] = recordings.glob("*.mid")
    sent = sum(message.is_onset for message in session.messages)
    assert len(notes_heard(read_performance(recording))) == 3 * 6 + sent


def test_a_signal_in_mid_step_ends_the_thread_too_and_leaves_nothing_sounding(session: Jam) -> None:
    session.play_phrase()
    session.next_onset()
    session.daemon.child.send_signal(signal.SIGINT)
    assert session.daemon.child.wait(10) == 0
    session.until_quiet(0.3)
    assert session.sounding() == set()


def test_a_network_that_gives_up_is_relieved_and_the_music_goes_on(tmp_path: Path, recordings: Path) -> None:
    exhausted = f"engine.accelerator='{build_delegate(tmp_path, 'EXHAUSTED')}'"
    with jam(recordings, *SETTINGS, BUDGET, exhausted) as session:
        session.play_phrase()
        session.daemon.wait_for("has broken down and small plays on: ")
        session.next_onset()
        session.daemon.child.terminate()
        assert session.daemon.child.wait(10) == 0
        session.until_quiet(0.3)
        assert session.sounding() == set()


def test_one_that_nobody_relieves_ends_the_session_with_a_sentence_and_leaves_nothing_sounding(
    tmp_path: Path, recordings: Path
) -> None:
    exhausted = f"engine.accelerator='{build_delegate(tmp_path, 'EXHAUSTED')}'"
    with jam(recordings, *SETTINGS, BUDGET, exhausted, "engine.understudy=''") as session:
        session.play_phrase()
        session.next_onset()
        session.daemon.wait_for("antiphon: unexpected RuntimeError: ")
        assert session.daemon.child.wait(10) == 1
        session.until_quiet(0.3)
        assert session.sounding() == set()
        assert sorted(path.suffix for path in recordings.iterdir()) == [".mid", ".session"]
