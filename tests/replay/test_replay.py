"""Sessions replayed: as a real daemon has logged them, and as people hold them against something else."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.files.session_log import SUFFIX
from antiphon.core.commands import PlayNote
from antiphon.core.events import HoursTold
from antiphon.errors import ConfigurationError, MidiFileError, SessionLogError
from antiphon.replay.account import account, in_minutes
from antiphon.replay.replay import (
    Replay,
    check_the_name,
    held_against,
    held_against_itself,
    lines_before,
    replayed,
    write,
)
from default_config import loaded
from jack_server import requires_jack, running_jack_server
from jam_session import jam
from logged_sessions import log_of, session_of

STEADY_PAUSE = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "engine.longest_step=1")


@pytest.fixture
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return log_of(session_of(), tmp_path / "antiphon-2025-06-01-120000.session")


def replay_of(log: Path, only_read: bool = False) -> Replay:
    return replayed(loaded().config, log, only_read)


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_the_log_of_a_real_daemon_gives_what_was_sent_bit_by_bit(tmp_path: Path) -> None:
    settings, recordings = tmp_path / "antiphon.toml", tmp_path / "sessions"
    settings.write_text("")
    with jam(recordings, *STEADY_PAUSE, "play.thru=true", config_file=settings) as session:
        session.play_phrase()
        session.next_onset()
        session.interrupt(wait=0.8)
        session.daemon.wait_for("interrupted")
        session.let_go()
        settings.write_text("[play]\ntemperature = 0.7\nseconds = 2\ntranspose = 2\n[turn]\nabsence = 5.0\n")
        session.daemon.child.send_signal(signal.SIGHUP)
        session.daemon.wait_for("settings changed")
        session.play_phrase()
        session.daemon.wait_for("answered with")
        session.play_phrase()
        session.next_onset()
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
        session.until_quiet(0.3)

    [log], [recording] = recordings.glob("*.session"), recordings.glob("*.mid")
    replay = replay_of(recording)
    assert log.stem == recording.stem
    assert replay.session.is_whole
    assert not replay.has_read
    assert held_against_itself(replay).difference is None
    assert held_against(replay, recording).difference is None
    sent = [message for message in session.messages if message.is_onset]
    assert len(sent) == sum(isinstance(command, PlayNote) for command in replay.commands)
    story = "\n".join(lines_before(replay.session))
    for happened in ("interrupted", "play.transpose = 2", "silenced", "answered with"):
        assert happened in story


def test_a_session_is_told_in_lines(log: Path) -> None:
    heading, *story = lines_before(replay_of(log).session)
    assert heading.startswith(f"{log.name}: 2025-06-01 12:00:00, antiphon ")
    assert heading.endswith(", lstm default, seed 5")
    assert story[0] == "  0:01.000  somebody plays"
    assert re.fullmatch(r"  0:0\d\.\d{3}  heard 5 notes in 1\.2 s; answering", story[1])
    assert "  0:11.000  silenced" in story
    assert story[-1] == "  0:11.000  the end of the log"


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (0.0, "0:00.000"),
        (-1.5, "-0:01.500"),
        (59.9996, "1:00.000"),
        (754.25, "12:34.250"),
        (3600.0 + 62.5, "1:01:02.500"),
    ],
)
def test_a_time_is_told_in_minutes_and_hours(since: float, told: str) -> None:
    assert in_minutes(since, 3) == told


def test_that_a_day_has_hours_is_told_only_where_they_change_something() -> None:
    session = session_of()
    hours = (HoursTold(True, 1), HoursTold(False, 1), HoursTold(False, 2), HoursTold(True, 3))
    steps = [
        msgspec.structs.replace(session.steps[0], at=session.beginning.at + at, told=each, drawn=(), said=())
        for at, each in enumerate(hours)
    ]
    assert [*account(session.beginning, steps)] == [
        "  0:01.000  attract.hours are over",
        "  0:03.000  attract.hours have begun",
        "  0:03.000  the end of the log",
    ]


def test_of_a_folder_the_newest_session_is_taken_whoevers_it_is(log: Path) -> None:
    newest = log_of(session_of(seed=6), log.with_name("antiphon-bass-2025-06-02-080000.session"))
    log_of(session_of(seed=7), log.with_name("another.session"))
    assert replay_of(log.parent).session.path == newest
    (log.parent / "empty").mkdir()
    with pytest.raises(SessionLogError, match="empty holds no session log; one lies beside each recording"):
        replay_of(log.parent / "empty")


def test_replayed_with_the_engine_or_with_what_it_drew_it_is_the_same(log: Path) -> None:
    drawn_again, read = replay_of(log), replay_of(log, only_read=True)
    assert (drawn_again.has_read, read.has_read) == (False, True)
    assert drawn_again.again == read.again == list(read.session.steps)
    verdict = held_against_itself(read)
    assert verdict.difference is None
    assert verdict.lines[0].startswith("all the same: ")


def test_another_answer_of_the_engine_is_told_from_another_decision(tmp_path: Path) -> None:
    session = session_of()
    path = tmp_path / "other.session"
    index = next(index for index, step in enumerate(session.steps) if step.drawn)
    step = session.steps[index]
    assert step.drawn[0] is not None
    other = msgspec.structs.replace(step.drawn[0], pitch=1)
    steps = [*session.steps]
    steps[index] = msgspec.structs.replace(step, drawn=(other, *step.drawn[1:]))
    log_of(session._replace(steps=steps), path)
    assert held_against_itself(replay_of(path)).lines[-1].startswith("the improviser decides otherwise")

    read = replay_of(path, only_read=True)
    as_drawn = session._replace(steps=list(read.again))
    log_of(as_drawn, tmp_path / "drawn.session")
    verdict = held_against_itself(replay_of(tmp_path / "drawn.session"))
    assert verdict.difference is not None
    assert verdict.difference.then is not None
    assert verdict.difference.then.text == f"the engine drew {other.dt!r} {other.velocity} 1"
    assert verdict.lines[-1].startswith("the engine draws otherwise")


def test_the_first_difference_is_shown_with_what_came_before(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "commands.jsonl"
    replay = replay_of(log)
    write(replay, out)
    assert held_against(replay, out).difference is None

    lines = out.read_text().splitlines()
    index = next(index for index, line in enumerate(lines) if "PlayNote" in line)
    name, due, pitch, velocity = json.loads(lines[index])
    lines[index] = json.dumps([name, due, pitch, velocity - 1], separators=(",", ":"))
    out.write_text("\n".join(lines))
    shown = held_against(replay, out).lines
    assert shown[0] == f"the first difference is at {in_minutes(due - replay.session.beginning.at, 6)}:"
    assert shown[-2].endswith(lines[index])
    assert shown[-1].endswith(f'["PlayNote",{due!r},{pitch},{velocity}]')
    assert len(shown) == 3 + index


def test_one_that_says_less_differs_where_it_ends(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "commands.jsonl"
    replay = replay_of(log)
    write(replay, out)
    out.write_text("".join(out.read_text().splitlines(keepends=True)[:-1]))
    assert held_against(replay, out).lines[-2].endswith("nothing more")


def test_its_music_is_what_the_recording_has(log: Path, tmp_path: Path) -> None:
    replay = replay_of(log)
    write(replay, tmp_path / "again.mid")
    assert held_against(replay, tmp_path / "again.mid").difference is None
    other = replay_of(log_of(session_of(seed=6), tmp_path / "other.session"))
    verdict = held_against(other, tmp_path / "again.mid")
    assert verdict.difference is not None
    assert "play " in verdict.lines[-1]


def test_against_another_log_it_is_held_by_commands(log: Path, tmp_path: Path) -> None:
    replay = replay_of(log)
    assert held_against(replay, log).difference is None
    other = log_of(session_of(seed=6), tmp_path / "other.session")
    assert held_against(replay, other).difference is not None


def test_what_is_nothing_to_hold_it_against_is_told_in_a_sentence(log: Path, tmp_path: Path) -> None:
    replay = replay_of(log)
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")
    for name, error in (
        ("letter.txt", "holds no commands"),
        ("nothing.jsonl", "the folder is not there"),
        ("nothing.session", "there is no session log"),
    ):
        with pytest.raises(SessionLogError, match=error):
            held_against(replay, tmp_path / name)
    with pytest.raises(MidiFileError, match="is not there"):
        held_against(replay, tmp_path / "nothing.mid")


def test_it_is_written_as_commands_or_as_music_only(tmp_path: Path) -> None:
    check_the_name(tmp_path / "out.mid")
    with pytest.raises(ConfigurationError, match=r"ends in \.jsonl or \.mid"):
        check_the_name(tmp_path / "out.txt")
    with pytest.raises(MidiFileError):
        check_the_name(tmp_path / "nowhere" / "out.mid")


def test_a_recording_without_a_log_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SessionLogError, match=rf"there is no session log .*{SUFFIX}"):
        replay_of(tmp_path / "antiphon-2025-06-01-120000.mid")


def test_what_differs_between_that_machine_and_this_one_is_said_in_a_sentence(tmp_path: Path) -> None:
    session = session_of()
    log = log_of(session, tmp_path / "from-a-pi.session", machine="aarch64", python="3.13.5")
    lines = [*lines_before(replay_of(log).session)]
    assert lines[1].startswith("not the same as here: python 3.13.5 then, ")
    assert "machine aarch64 then, " in lines[1]


def test_a_log_that_breaks_off_says_so(tmp_path: Path) -> None:
    log = log_of(session_of(), tmp_path / "cut.session", is_whole=False)
    assert [*lines_before(replay_of(log).session)][-1].startswith("the log breaks off there")
