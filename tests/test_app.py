"""The daemon as a whole, where a jam does not get: what it refuses, leaves out, and how it fails."""

import asyncio
import errno
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import failing_daemon
import lesser_rights
from antiphon import app
from antiphon.adapters.broadcast import Broadcast, Follower, Heard, News, Sent
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.opening import Door, Serve
from antiphon.adapters.state import State
from antiphon.config import Loaded
from antiphon.core.commands import PlayNote, ReleaseNote, SendControl
from antiphon.core.events import HoursTold, Silenced
from antiphon.errors import ModelError, PortError
from antiphon.requests import Trigger
from antiphon.settings import Config
from default_config import loaded
from jack_server import requires_jack, running_jack_server
from jam_session import jam
from midi_libraries import requires_rtmidi

STEADY_PAUSE = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seed=1")


@pytest.fixture
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


def never_again() -> Loaded:
    raise AssertionError("nobody has hung up")


def test_without_a_midi_system_it_does_not_start_and_keeps_no_session(tmp_path: Path) -> None:
    recordings = tmp_path / "recordings"
    with pytest.raises(PortError, match=r"midi\.api = none"):
        app.run(loaded("midi.api=none", f"record.folder='{recordings}'"), never_again)
    assert not recordings.exists()


@pytest.mark.parametrize(
    ("sets", "error"),
    [(("model.name=nowhere", "engine.understudy=''"), ModelError), (("midi.api=none",), PortError)],
)
def test_without_its_model_and_a_stand_in_or_its_ports_it_does_not_start_and_tells_no_seed(
    sets: tuple[str, ...], error: type[Exception], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(error):
        app.run(loaded(*sets, f"record.folder='{tmp_path}'"), never_again)
    assert not any("seed" in message for message in caplog.messages)


def test_signals_do_again_what_they_did_when_it_has_ended() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with pytest.raises(PortError):
        app.run(loaded("midi.api=none", "record.enabled=false"), never_again)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


@requires_rtmidi
def test_a_midi_system_that_was_asked_for_by_name_is_not_replaced_by_a_demonstration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "antiphon-test-of-no-server")
    with pytest.raises(PortError, match="antiphon-test-of-no-server"):
        app.jam(loaded("midi.api=jack", "record.enabled=false"))
    assert capsys.readouterr().out == ""


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_a_session_is_not_kept_where_that_is_switched_off(tmp_path: Path) -> None:
    with jam(tmp_path, *STEADY_PAUSE, "record.enabled=false") as session:
        session.play_phrase()
        session.next_onset()
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_an_unforeseen_failure_in_mid_answer_ends_it_with_one_and_leaves_nothing_sounding(
    tmp_path: Path,
) -> None:
    program = [failing_daemon.__file__]
    with jam(tmp_path, *STEADY_PAUSE, "play.seconds=20", program=program) as session:
        session.play_phrase()
        session.next_onset()
        session.daemon.child.send_signal(signal.SIGHUP)
        session.daemon.wait_for("the roof is on fire")
        assert session.daemon.child.wait(10) == 1
        session.until_quiet(0.3)
        assert session.sounding() == set()
        assert {path.suffix for path in tmp_path.iterdir()} == {".mid", ".session"}


def test_a_want_of_open_files_ends_nothing_and_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        failures = app.Failures(ended)
        for number in (errno.EMFILE, errno.ENFILE, errno.EMFILE):
            wanting = OSError(number, "Too many open files")
            failures(loop, {"message": "accept", "exception": wanting, "socket": None})
        assert not ended.done()
        failures(loop, {"message": "a journal", "exception": wanting})
        assert ended.exception() is wanting

    asyncio.run(main())
    assert caplog.messages == [
        "nobody more can connect for the moment, the music goes on: too many open files"
    ]


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_after_a_hang_up_it_says_which_changes_need_a_restart(tmp_path: Path) -> None:
    settings = tmp_path / "antiphon.toml"
    settings.write_text("")
    with jam(tmp_path, *STEADY_PAUSE, config_file=settings) as session:
        settings.write_text("[midi]\nout_channel = 3\n[guide]\ndensity = 2.0\n[engine]\nlongest_step = 0.5\n")
        session.daemon.child.send_signal(signal.SIGHUP)
        session.daemon.wait_for(
            "settings changed by SIGHUP: midi.out_channel, engine.longest_step, guide.density"
        )
        session.daemon.wait_for("restart to follow the changes in: midi.out_channel")
        settings.write_text("[play]\nsed = 1\nmood = 2\n")
        session.daemon.child.send_signal(signal.SIGHUP)
        session.daemon.wait_for(" error: the configuration stays as it was: play.sed ")
        session.daemon.wait_for(" error: the configuration stays as it was: play.mood ")


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_asked_what_it_is_doing_it_says_so_in_the_log_and_at_the_end_what_it_has_kept(
    tmp_path: Path,
) -> None:
    with jam(tmp_path, *STEADY_PAUSE, "play.seconds=20") as session:
        session.daemon.child.send_signal(signal.SIGUSR1)
        session.daemon.wait_for("waiting for somebody to play; mode answer, engine lstm, model default")
        session.daemon.wait_for('listening on "player:out", playing on "recorder:in"')
        session.daemon.wait_for("events heard: none")
        session.play_phrase()
        session.next_onset()
        session.daemon.child.send_signal(signal.SIGUSR1)
        session.daemon.wait_for("answering; mode answer")
        session.daemon.wait_for("events heard: 10, half of them within")
        session.daemon.wait_for("answers begun: 1, within ")
        session.daemon.wait_for("messages passed through: none")
        session.daemon.child.send_signal(signal.SIGTERM)
        session.daemon.wait_for("onsets and releases sent: ")
        assert f" kept in {tmp_path}/antiphon-" in session.daemon.next_line()
        assert session.daemon.next_line().endswith(" stopped")
        assert session.daemon.child.wait(10) == 0
        assert session.daemon.lines_until_quiet(0.1) == []


def always_open(serve: Serve) -> Door:
    """Return a door that needs no setting and no library."""
    return Door("play.mode", "", lambda: serve)


@pytest.fixture
def signals_restored() -> Iterator[None]:
    """A daemon that ends ignores signals from then on, as its process has nothing left to do."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@requires_jack
@pytest.mark.usefixtures("jack_server", "signals_restored")
def test_what_it_is_doing_is_a_value_and_whoever_listens_is_told_what_happens() -> None:
    told: list[News] = []
    states: list[State] = []

    async def look_in(config: Config, desk: Desk) -> None:
        states.append(desk.state())
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    broadcast = Broadcast()
    broadcast.listen(told.append)
    silent = loaded("midi.api=jack", "record.enabled=false", "play.mode=listen")
    asyncio.run(app.play(silent, never_again, broadcast, [always_open(look_in)]))
    [state] = states
    assert (state.mode, state.engine, state.model) == ("listen", "lstm", "default")
    assert (state.input, state.output, state.lost) == ("antiphon:in", "antiphon:out", ())
    assert (state.player_active, state.answering, state.sounding) == (False, False, ())
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
    [hours, heard, sent] = told
    assert isinstance(hours, Heard)
    assert isinstance(hours.event, HoursTold)
    assert isinstance(heard, Heard)
    assert isinstance(heard.event, Silenced)
    assert isinstance(sent, Sent)
    assert isinstance(sent.command, SendControl)


@pytest.mark.usefixtures("signals_restored")
def test_without_midi_it_plays_for_those_who_come_by_another_door() -> None:
    told: list[News] = []

    async def trigger(config: Config, desk: Desk) -> None:
        desk.carry_out(Trigger(seconds=2.0, seed=1), "a test")
        follower = Follower()
        desk.broadcast.listen(follower)
        async for news in follower:
            if isinstance(news, Sent) and isinstance(news.command, PlayNote):
                signal.raise_signal(signal.SIGTERM)

    broadcast = Broadcast()
    broadcast.listen(told.append)
    silent = loaded("midi.api=none", "record.enabled=false")
    asyncio.run(app.play(silent, never_again, broadcast, [always_open(trigger)]))
    sent = [each.command for each in told if isinstance(each, Sent)]
    sounding: set[int] = set()
    for command in sent:
        match command:
            case PlayNote(_, pitch):
                sounding.add(pitch)
            case ReleaseNote(_, pitch):
                sounding.remove(pitch)
    assert any(isinstance(command, PlayNote) for command in sent)
    assert sounding == set()


@requires_jack
@pytest.mark.usefixtures("jack_server", "signals_restored")
def test_a_door_that_fails_as_nobody_foresaw_ends_the_session_and_everybody_is_told_to_leave() -> None:
    left: list[str] = []

    async def stay(config: Config, desk: Desk) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            left.append("the other door")

    async def fail(config: Config, desk: Desk) -> None:
        raise ZeroDivisionError

    quiet = loaded("midi.api=jack", "record.enabled=false")
    with pytest.raises(ZeroDivisionError):
        asyncio.run(app.play(quiet, never_again, Broadcast(), [always_open(stay), always_open(fail)]))
    assert left == ["the other door"]


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_without_the_right_to_any_footing_it_plays_all_the_same_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    program = [lesser_rights.__file__, "0", str(2**20), "-m", "antiphon.cli", "run"]
    with jam(tmp_path, *STEADY_PAUSE, "system.priority=60", program=program) as session:
        session.daemon.wait_for("playing without real-time priority 60 and locked memory; `antiphon doctor`")
        session.play_phrase()
        session.next_onset()


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_the_thread_that_plays_is_real_time_and_the_recorder_is_not(tmp_path: Path) -> None:
    with jam(tmp_path, *STEADY_PAUSE, "system.priority=55") as session:
        player = session.daemon.child.pid
        if os.sched_getscheduler(player) != os.SCHED_FIFO:
            pytest.skip("this user has no right to real-time priority")
        threads = [int(thread) for thread in os.listdir(f"/proc/{player}/task")]
        priorities = {each: os.sched_getparam(each).sched_priority for each in threads}
        # Those that carry JACK's cycles have the priority that its server gives them.
        [plays, _hears] = sorted(each for each, priority in priorities.items() if priority == 55)
        assert plays == player
        assert 1 in priorities.values()
        assert len(threads) > 2
