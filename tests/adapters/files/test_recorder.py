import fcntl
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from mido import MidiFile

import recording_session
from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.journal import (
    BETWEEN_SYNCS,
    Entry,
    Journal,
    began_by_name,
    files_of_ours,
    recover,
)
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.recorder import QUEUE_LENGTH, Recorder
from antiphon.adapters.files.session_log import read_session_log
from antiphon.core.commands import PlayNote, Publish, ReleaseNote, SendControl, SendMessage, TurnTaken
from antiphon.core.events import (
    ControlMoved,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    Triggered,
)
from antiphon.core.transcript import Beginning, Step
from antiphon.core.transcript import Entry as Written
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import SessionLogError
from default_settings import settings
from news import heard
from small_disk import fill, small_disk

NOON = datetime(2025, 6, 1, 12, 0, 0)
MIDDLE_C = Pitch(60)
PRESSED = KeyPressed(MIDDLE_C, Velocity(80))
RELEASED = KeyReleased(MIDDLE_C)


def recorder_in(folder: Path, megabytes: float = 10, quiet: float = 600.0) -> Recorder:
    return Recorder(folder, megabytes, clock=lambda: NOON, quiet=quiet)


def record_a_note(folder: Path, megabytes: float = 10) -> Path | None:
    recorder = recorder_in(folder, megabytes)
    recorder.keep(heard(PRESSED, 100.0))
    recorder.keep(heard(RELEASED, 101.0))
    return recorder.close()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def messages_of(recording: Path, track: int) -> list[tuple[int, ...]]:
    return [tuple(message.bytes()) for message in MidiFile(recording).tracks[track] if not message.is_meta]


def test_both_parts_are_kept_on_two_named_tracks_in_real_time(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path / "sessions")
    recorder.keep(heard(PRESSED, 1000.0))
    recorder.keep(heard(ControlMoved(64, 127), 1000.25))
    recorder.keep(heard(RELEASED, 1000.5))
    recorder.keep(Sent(PlayNote(1001.0, Pitch(72), Velocity(70)), 1001.0))
    recorder.keep(Sent(SendControl(1001.5, 64, 0), 1001.5))
    recorder.keep(Sent(ReleaseNote(1002.0, Pitch(72)), 1002.0))
    recording = recorder.close()

    assert recording is not None
    assert recording == tmp_path / "sessions" / "antiphon-2025-06-01-120000.mid"
    assert names_in(recording.parent) == [recording.name]
    score = MidiFile(recording)
    assert score.type == 1
    assert [track.name for track in score.tracks] == ["you", "antiphon"]
    assert messages_of(recording, 0) == [(0x90, 60, 80), (0xB0, 64, 127), (0x80, 60, 64)]
    assert messages_of(recording, 1) == [(0x91, 72, 70), (0xB1, 64, 0), (0x81, 72, 64)]
    assert [timed.at for timed in read_performance(recording)] == pytest.approx(
        [0.0, 0.25, 0.5, 1.0, 1.5, 2.0], abs=0.0005
    )


def test_a_session_says_where_it_is_kept_and_one_without_a_note_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        recording = record_a_note(tmp_path)
        recorder_in(tmp_path).close()
    assert [record.message for record in caplog.records] == [f"kept in {recording}"]


def test_what_is_not_music_or_only_passed_through_is_left_out(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    recorder.keep(heard(OtherMessage(b"\xe5\x00\x40"), 0.0))
    recorder.keep(heard(OtherMessage(b"\xf8"), 0.1))
    recorder.keep(heard(Triggered(), 0.2))
    recorder.keep(Sent(PlayNote(0.3, MIDDLE_C, Velocity(80), part="you"), 0.3))
    recorder.keep(Sent(SendMessage(0.4, b"\xe5\x00\x40"), 0.4))
    recorder.keep(Sent(Publish(0.5, TurnTaken(1, 1.0)), 0.5))
    recorder.keep(heard(PRESSED, 0.6))
    recorder.keep(heard(RELEASED, 0.7))
    recording = recorder.close()
    assert recording is not None
    assert messages_of(recording, 0) == [(0xE0, 0x00, 0x40), (0x90, 60, 80), (0x80, 60, 64)]
    assert messages_of(recording, 1) == []


def test_a_lost_input_ends_the_notes_that_were_held(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    recorder.keep(heard(PRESSED, 0.0))
    recorder.keep(heard(InputLost(), 1.0))
    recording = recorder.close()
    assert recording is not None
    assert read_performance(recording)[-1].at == pytest.approx(1.0, abs=0.0005)


def test_a_session_of_nothing_but_a_lifted_pedal_leaves_no_file(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    recorder.keep(Sent(SendControl(1.0, 64, 0), 1.0))
    assert recorder.close() is None
    assert names_in(tmp_path) == []


def test_a_session_without_music_leaves_no_file_and_no_folder(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path / "sessions")
    recorder.keep(heard(Triggered(), 0.0))
    assert recorder.close() is None
    assert not (tmp_path / "sessions").exists()


def test_sessions_of_one_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    recordings = [record_a_note(tmp_path) for _ in range(3)]
    assert names_in(tmp_path) == sorted(path.name for path in recordings if path)
    assert recordings[2] == tmp_path / "antiphon-2025-06-01-120000-3.mid"


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = record_a_note(tmp_path / "a"), record_a_note(tmp_path / "b")
    assert first
    assert second
    assert first.read_bytes() == second.read_bytes()


def test_two_recorders_in_one_folder_leave_each_other_alone(tmp_path: Path) -> None:
    one = recorder_in(tmp_path)
    one.keep(heard(PRESSED, 0.0))
    wait_for(tmp_path / "antiphon-2025-06-01-120000.journal")
    assert record_a_note(tmp_path) == tmp_path / "antiphon-2025-06-01-120000-2.mid"
    one.keep(heard(RELEASED, 1.0))
    recording = one.close()
    assert recording is not None
    assert messages_of(recording, 0) == [(0x90, 60, 80), (0x80, 60, 64)]


def test_quiet_ends_a_session_and_the_next_note_begins_another(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path, quiet=0.01)
    recorder.keep(heard(PRESSED, 0.0))
    recorder.keep(heard(RELEASED, 1.0))
    wait_for(tmp_path / "antiphon-2025-06-01-120000.mid")
    recorder.keep(heard(PRESSED, 5000.0))
    assert recorder.close() == tmp_path / "antiphon-2025-06-01-120000-2.mid"


def test_hours_are_split_into_files(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    for hour in range(5):
        recorder.keep(heard(PRESSED, hour * 3600.0))
        recorder.keep(heard(RELEASED, hour * 3600.0 + 1.0))
    recorder.close()
    assert [len(read_performance(path)) for path in sorted(tmp_path.iterdir())] == [4, 6]


def test_notes_that_sound_at_the_end_are_released_in_the_file(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    recorder.keep(Sent(PlayNote(0.0, MIDDLE_C, Velocity(80)), 0.0))
    recorder.keep(heard(PRESSED, 2.0))
    recording = recorder.close()
    assert recording is not None
    assert messages_of(recording, 0) == [(0x90, 60, 80), (0x80, 60, 64)]
    assert messages_of(recording, 1) == [(0x91, 60, 80), (0x81, 60, 64)]


def test_a_killed_session_is_recovered_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with subprocess.Popen(
        [sys.executable, recording_session.__file__, str(tmp_path)], stdout=subprocess.PIPE
    ) as session:
        assert session.stdout is not None
        for _ in range(100):
            session.stdout.readline()
        [journal] = tmp_path.iterdir()
        while journal.read_bytes().count(b"\n") < 200:
            session.stdout.readline()
        session.kill()
    written = journal.read_bytes().count(b"\n")
    with caplog.at_level(logging.WARNING):
        assert Recorder(tmp_path, megabytes=10).close() is None
    [recording] = tmp_path.iterdir()
    kept = len(messages_of(recording, 0)) + len(messages_of(recording, 1))
    assert written <= kept <= written + 2
    assert f"recovered a session that ended without a close: {recording}" in caplog.text


def test_a_journal_with_half_a_line_and_zeros_at_its_end_is_recovered(tmp_path: Path) -> None:
    journal = tmp_path / "antiphon-2025-06-01-120000.journal"
    journal.write_bytes(b"0.000000 you 903c50\n0.500000 you 803c40\n0.7000" + bytes(4096))
    [recording] = recover(tmp_path)
    assert messages_of(recording, 0) == [(0x90, 60, 80), (0x80, 60, 64)]
    assert names_in(tmp_path) == [recording.name]


def test_a_journal_without_music_is_removed(tmp_path: Path) -> None:
    (tmp_path / "antiphon-2025-06-01-120000.journal").touch()
    assert recover(tmp_path) == []
    assert names_in(tmp_path) == []


def test_a_journal_that_somebody_writes_is_left_alone(tmp_path: Path) -> None:
    journal = tmp_path / "antiphon-2025-06-01-120000.journal"
    journal.write_bytes(b"0.000000 you 903c50\n")
    with journal.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert recover(tmp_path) == []
    assert len(recover(tmp_path)) == 1


def test_the_oldest_recordings_go_and_only_ours(tmp_path: Path) -> None:
    old = [tmp_path / f"antiphon-2025-05-{day:02}-120000.mid" for day in range(1, 5)]
    kept = [tmp_path / "my-favourite.mid", tmp_path / "antiphon-2025-05-01-120000.mid.bak"]
    for path in [*old, *kept]:
        path.write_bytes(bytes(1000))
    recording = record_a_note(tmp_path, megabytes=0.0025)
    assert recording is not None
    assert names_in(tmp_path) == sorted(path.name for path in [*old[2:], *kept, recording])


def test_the_recording_that_was_just_made_stays_whatever_its_size(tmp_path: Path) -> None:
    recording = record_a_note(tmp_path, megabytes=0)
    assert recording is not None
    assert names_in(tmp_path) == [recording.name]


def test_a_full_disk_stops_the_recording_with_one_warning_and_loses_nothing_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        recorder = recorder_in(disk)
        with caplog.at_level(logging.WARNING):
            recorder.keep(heard(PRESSED, 0.0))
            wait_for(disk / "antiphon-2025-06-01-120000.journal")
            fill(disk)
            for number in range(5000):
                recorder.keep(heard(RELEASED if number % 2 == 0 else PRESSED, number / 10))
            assert recorder.close() is None
        assert [record.message for record in caplog.records if "recording stops" in record.message] == [
            f"recording stops, the music goes on: {disk}: there is no space left on the disk"
        ]
        [journal] = disk.glob("*.journal")
        lines = journal.read_bytes().count(b"\n")
        assert lines > 1
        (disk / "filling").unlink()
        [recording] = recover(disk)
        assert lines <= len(messages_of(recording, 0)) <= lines + 1


def test_a_folder_that_cannot_be_made_is_warned_about_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    recorder = recorder_in(tmp_path / "file" / "sessions")
    with caplog.at_level(logging.WARNING):
        for number in range(10):
            recorder.keep(heard(PRESSED, number))
        assert recorder.close() is None
    assert [record.message for record in caplog.records] == [
        f"recording stops, the music goes on: {tmp_path}/file/sessions: what should be its folder is a file"
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_warned_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o500)
    with caplog.at_level(logging.WARNING):
        assert record_a_note(tmp_path) is None
    assert "it is not permitted" in caplog.text


def test_a_disk_that_hangs_makes_gaps_but_never_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The folder's first journal is a pipe that nobody reads: the thread hangs in it as in a dead disk.
    pipe = tmp_path / "antiphon-2025-06-01-120000.journal"
    os.mkfifo(pipe)
    recorder = recorder_in(tmp_path)
    with caplog.at_level(logging.WARNING):
        for number in range(QUEUE_LENGTH + 10):
            recorder.keep(heard(PRESSED, number / 1000))
    assert [record.message for record in caplog.records] == [
        "the disk is too slow for the recording, which has gaps from here on"
    ]
    opened = os.open(pipe, os.O_RDWR)
    pipe.unlink()
    os.close(opened)
    assert recorder.close() is not None


def test_what_is_half_a_second_old_is_on_the_disk_when_the_next_note_comes(tmp_path: Path) -> None:
    """And where none comes, the recorder brings it there half a second later: a second at most is lost."""
    journal = Journal.begun(tmp_path, NOON, 0.0)
    unsynced = []
    for at in (0.0, 0.3, 0.6, 0.9, 1.2):
        journal.append(Entry(at, "you", b"\x90\x3c\x50"))
        unsynced.append(journal.unsynced)
    journal.close()
    assert unsynced == [True, True, False, True, False]
    assert BETWEEN_SYNCS <= 0.5


def test_a_wall_clock_that_is_set_while_it_plays_moves_no_note_and_overwrites_nothing(tmp_path: Path) -> None:
    before, after = NOON, NOON + timedelta(days=365)
    told = iter([after, before, before])
    recorder = Recorder(tmp_path, 10, clock=lambda: next(told), quiet=0.01)
    for begun, name in ((0.0, after), (5000.0, before), (9000.0, before)):
        recorder.keep(heard(PRESSED, begun))
        recorder.keep(heard(RELEASED, begun + 1.0))
        number = "-2" if begun == 9000.0 else ""
        wait_for(tmp_path / f"antiphon-{name:%Y-%m-%d-%H%M%S}{number}.mid")
    recorder.close()
    assert len(names_in(tmp_path)) == 3
    for path in tmp_path.iterdir():
        assert [timed.at for timed in read_performance(path)] == pytest.approx([0.0, 1.0], abs=0.0005)


def beginning(at: float) -> Beginning:
    return Beginning(at, settings(), 3)


def record_with_a_log(recorder: Recorder, at: float, *before: Written) -> list[Step]:
    """Record a note a second long, and log it; return its steps."""
    steps = [Step(at, PRESSED), Step(at + 0.5, None), Step(at + 1.0, RELEASED)]
    for entry in before:
        recorder.log(entry)
    recorder.log(steps[0])
    recorder.keep(heard(PRESSED, at))
    recorder.log(steps[1])
    recorder.log(steps[2])
    recorder.keep(heard(RELEASED, at + 1.0))
    return steps


def test_beside_a_recording_lies_its_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    waited = Step(50.0, None)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0), waited)
    recording = recorder.close()
    assert recording is not None
    log = read_session_log(recording.with_suffix(".session"))
    assert log.beginning == beginning(0.0)
    assert list(log.steps) == [waited, *steps]
    assert log.is_whole
    assert log.heading.began == "2025-06-01T12:00:00"
    assert names_in(tmp_path) == [recording.name, log.path.name]


def test_another_beginning_is_another_session_with_its_own_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    first = record_with_a_log(recorder, 100.0, beginning(0.0))
    second = record_with_a_log(recorder, 200.0, beginning(199.0))
    recorder.close()
    logs = [
        read_session_log(path) for path in sorted(tmp_path.glob("*.session"), key=lambda path: len(path.name))
    ]
    assert [list(log.steps) for log in logs] == [first, second]
    assert sorted(path.stem for path in tmp_path.glob("*.mid")) == sorted(log.path.stem for log in logs)


def test_what_happens_without_music_leaves_no_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    for entry in (beginning(0.0), Step(1.0, Triggered()), beginning(2.0), Step(3.0, InputLost())):
        recorder.log(entry)
    recorder.keep(Sent(SendControl(4.0, 64, 0), 4.0))
    recorder.close()
    assert names_in(tmp_path) == []


def test_a_log_that_goes_on_has_the_names_of_all_its_recordings(tmp_path: Path) -> None:
    """Between the two nobody said that something begins anew: a MIDI clock may have ticked on."""
    recorder = recorder_in(tmp_path, quiet=0.01)
    first = record_with_a_log(recorder, 100.0, beginning(0.0))
    wait_for(tmp_path / "antiphon-2025-06-01-120000.mid")
    second = record_with_a_log(recorder, 700.0)
    recorder.close()
    logs = [*tmp_path.glob("*.session")]
    assert {path.stem for path in logs} == {path.stem for path in tmp_path.glob("*.mid")}
    assert len(logs) == 2
    for path in logs:
        assert list(read_session_log(path).steps) == [*first, *second]


def test_a_log_has_no_gaps_but_ends_where_the_disk_was_too_slow(tmp_path: Path) -> None:
    pipe = tmp_path / "antiphon-2025-06-01-120000.journal"
    os.mkfifo(pipe)
    recorder = recorder_in(tmp_path)
    recorder.log(beginning(0.0))
    recorder.keep(heard(PRESSED, 0.0))
    for number in range(QUEUE_LENGTH + 10):
        recorder.log(Step(float(number), None))
    opened = os.open(pipe, os.O_RDWR)
    pipe.unlink()
    os.close(opened)
    wait_for(tmp_path / "antiphon-2025-06-01-120000.session")
    recorder.log(Step(1e6, None))
    recording = recorder.close()
    assert recording is not None
    log = read_session_log(recording.with_suffix(".session"))
    assert [step.at for step in log.steps] == [float(number) for number in range(len(log.steps))]
    assert len(log.steps) < QUEUE_LENGTH + 10


def test_recordings_are_deleted_with_their_logs_which_count_as_well(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        for suffix in (".mid", ".session"):
            (tmp_path / f"antiphon-2025-05-0{day}-120000{suffix}").write_bytes(bytes(4000))
    # The recording of this one was renamed by whoever wants to keep it.
    (tmp_path / "antiphon-2025-04-30-120000.session").write_bytes(bytes(4000))
    recorder = recorder_in(tmp_path, megabytes=0.014)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0))
    recording = recorder.close()
    assert recording is not None
    assert names_in(tmp_path) == [
        "antiphon-2025-05-03-120000.mid",
        "antiphon-2025-05-03-120000.session",
        recording.name,
        recording.with_suffix(".session").name,
    ]
    assert list(read_session_log(recording.with_suffix(".session")).steps) == steps


def test_a_crash_leaves_a_log_that_can_be_read_as_far_as_it_goes(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0))
    log = tmp_path / "antiphon-2025-06-01-120000.session"
    wait_until(lambda: steps_so_far(log) == len(steps))
    assert not read_session_log(log).is_whole
    recorder.close()


def steps_so_far(log: Path) -> int:
    """Return how many steps a log holds that is being written, and may not have begun."""
    try:
        return len(read_session_log(log).steps)
    except SessionLogError:
        return 0


def wait_until(it_is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10.0
    while not it_is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 10.0
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.001)


def test_the_recording_of_a_partner_has_its_name(tmp_path: Path) -> None:
    for partner in ("", "bass", "left-2"):
        recorder = Recorder(tmp_path, 10, clock=lambda: NOON, partner=partner)
        recorder.keep(heard(PRESSED, 100.0))
        recorder.close()
    assert names_in(tmp_path) == [
        "antiphon-2025-06-01-120000.mid",
        "antiphon-bass-2025-06-01-120000.mid",
        "antiphon-left-2-2025-06-01-120000.mid",
    ]
    assert [began_by_name(path) for path in files_of_ours(tmp_path, ".mid")] == [NOON] * 3
