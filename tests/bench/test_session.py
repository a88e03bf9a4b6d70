"""A session of the bench, in real processes over a real JACK server."""

from collections.abc import Iterator

import pytest

from antiphon.bench.bench import measure
from antiphon.bench.session import Plan, play_a_session
from antiphon.errors import AntiphonError
from default_config import loaded
from jack_server import requires_jack, running_jack_server

QUICK = Plan(left_alone=0.2, turns=1, answer=2.0, rest=1.5)


@pytest.fixture(scope="module")
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_a_daemon_is_left_alone_and_another_is_played_with() -> None:
    session = play_a_session(loaded("midi.api='jack'", "play.seed=1").config, QUICK)
    assert session.system == "jack"
    assert session.waiting.start > 0.0
    assert session.waiting.megabytes > 10.0
    assert 0.0 <= session.waiting.idle_percent < 100.0
    playing = session.playing
    assert playing.heard.count >= 16
    assert (playing.thru.count, playing.echo.count) == (16, 8)
    assert playing.begun.count == 1
    assert playing.sent.count >= 2


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_a_daemon_that_does_not_start_is_told_in_its_own_words() -> None:
    with pytest.raises(AntiphonError, match=r"^the daemon did not start: .*nobody"):
        play_a_session(loaded("midi.api='jack'", "model.name='nobody'", "engine.understudy=''").config, QUICK)


def test_without_a_midi_system_the_engine_is_measured_all_the_same() -> None:
    measured = measure(loaded("midi.api='none'", "model.name='small'").config)
    assert measured.session is None
    assert "midi.api" in measured.figures.skipped
    assert measured.figures.event_us.count > 1000
