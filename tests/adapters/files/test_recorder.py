"""The recorder: both parts of each session in a file, whatever becomes of disk, clock and process."""

import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from mido import MidiFile

import recording_session
from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.journal import began_by_name, files_of_ours, recover
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.recorder import QUEUE_LENGTH, Recorder
from antiphon.core.commands import PlayNote, Publish, ReleaseNote, SendControl, SendMessage, TurnTaken
from antiphon.core.events import ControlMoved, InputLost, OtherMessage, Triggered
from antiphon.core.units import Pitch, Velocity
from kept_sessions import MIDDLE_C, NOON, PRESSED, RELEASED, messages_of, names_in, recorder_in, wait_for
from news import heard
from small_disk import fill, small_disk


def record_a_note(folder: Path, megabytes: float = 10) -> Path | None:
    recorder = recorder_in(folder, megabytes)
    recorder.keep(heard(PRESSED, 100.0))
    recorder.keep(heard(RELEASED, 101.0))
    return recorder.close()


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
