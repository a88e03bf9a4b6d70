import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import MetaMessage, MidiFile

from antiphon.adapters.files.midi_files import (
    LARGEST_BYTES,
    NamedPart,
    TimedMessage,
    part_heard,
    part_played,
    read_performance,
    write_performance,
)
from antiphon.core.commands import (
    Command,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    SendMessage,
    TurnTaken,
)
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import MidiFileError
from midi_fixtures import note_off, note_on, pedal, tempo, write_scale, write_tracks
from small_disk import fill, small_disk


def about(at: float) -> Any:
    return pytest.approx(at)


def pressed(at: float, pitch: int, velocity: int = 80) -> TimedEvent:
    return TimedEvent(about(at), KeyPressed(Pitch(pitch), Velocity(velocity)))


def released(at: float, pitch: int) -> TimedEvent:
    return TimedEvent(about(at), KeyReleased(Pitch(pitch)))


def moved(at: float, value: int) -> TimedEvent:
    return TimedEvent(about(at), ControlMoved(64, value))


def refusal(path: Path) -> str:
    with pytest.raises(MidiFileError) as refused:
        read_performance(path)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    assert not message.endswith(".")
    return message


def test_a_scale_is_read_in_seconds(tmp_path: Path) -> None:
    path = write_scale(tmp_path / "scale.mid", [60, 62])
    assert read_performance(path) == [
        pressed(0.0, 60), released(0.5, 60), pressed(0.5, 62), released(1.0, 62),
    ]  # fmt: skip


def test_the_tempo_map_of_one_track_holds_for_all(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "tempo.mid",
        [tempo(60), tempo(240, time=480)],
        [note_on(60, time=240), note_off(60, time=480)],
    )
    assert read_performance(path) == [pressed(0.5, 60), released(1.125, 60)]


def test_ticks_of_video_frames_are_read(tmp_path: Path) -> None:
    path = write_scale(tmp_path / "smpte.mid", [60])
    content = bytearray(path.read_bytes())
    content[12:14] = bytes((256 - 25, 40))
    path.write_bytes(content)
    assert read_performance(path) == [pressed(0.0, 60), released(0.48, 60)]


def test_percussion_is_left_out(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "drums.mid",
        [note_on(36, channel=9), note_off(36, time=10, channel=9), note_on(60), note_off(60, time=950)],
    )
    assert [timed.event.pitch for timed in read_performance(path)] == [60, 60]  # type: ignore[union-attr]


def test_at_one_moment_releases_come_before_the_pedal_and_onsets_last(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "moment.mid",
        [note_on(60), note_on(62, time=960), pedal(127), note_off(60), note_off(62, time=960), pedal(0)],
    )
    assert read_performance(path) == [
        pressed(0.0, 60), released(1.0, 60), moved(1.0, 127), pressed(1.0, 62),
        released(2.0, 62), moved(2.0, 0),
    ]  # fmt: skip


def test_velocity_zero_is_a_release(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "zero.mid", [note_on(60), note_on(60, velocity=0, time=960)])
    assert read_performance(path) == [pressed(0.0, 60), released(1.0, 60)]


def test_a_pitch_that_two_tracks_play_is_one_key(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "doubled.mid",
        [note_on(60, velocity=40), note_off(60, time=1920)],
        [note_on(60, velocity=90), note_off(60, time=960)],
        [note_on(60, velocity=50, time=480), note_off(60, time=480)],
    )
    assert read_performance(path) == [
        pressed(0.0, 60, 90), released(0.5, 60), pressed(0.5, 60, 50), released(2.0, 60),
    ]  # fmt: skip


def test_a_note_without_an_end_is_released_with_the_last_one_and_this_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_tracks(tmp_path / "unended.mid", [note_on(60), note_on(64), note_off(64, time=960)])
    with caplog.at_level(logging.WARNING):
        assert released(1.0, 60) in read_performance(path)
    assert "notes without an end (1)" in caplog.text


def test_all_notes_off_ends_the_notes_of_its_channel(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "off.mid", [note_on(60), pedal(0, time=960).copy(control=123)])
    assert read_performance(path) == [pressed(0.0, 60), released(1.0, 60)]


def test_a_note_of_no_length_is_heard(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "grace.mid", [note_on(60), note_off(60)])
    assert read_performance(path) == [pressed(0.0, 60), released(1 / 960, 60)]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "is not there" in refusal(tmp_path / "none.mid")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mid").touch()
    assert "is empty" in refusal(tmp_path / "empty.mid")


def test_a_file_cut_at_any_byte_is_refused(tmp_path: Path) -> None:
    content = write_scale(tmp_path / "whole.mid").read_bytes()
    path = tmp_path / "cut.mid"
    for length in range(4, len(content)):
        path.write_bytes(content[:length])
        assert "breaks off in the middle" in refusal(path)


def test_something_else_than_midi_is_refused(tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(b"RIFF....WAVEfmt ")
    assert "is not a MIDI file" in refusal(tmp_path / "song.mid")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_music_or_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(write_scale(tmp_path / "scale.mid").read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.mid"
    path.write_bytes(content)
    with suppress(MidiFileError):
        assert read_performance(path)


def test_type_2_is_refused(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "two.mid", [note_on(60), note_off(60, time=9)], kind=2)
    assert "is of type 2" in refusal(path)


def test_a_file_without_notes_is_refused(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "silent.mid", [MetaMessage("text", text="la"), pedal(127, time=5)])
    assert "has no notes" in refusal(path)


def test_ten_hours_are_refused(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "long.mid", [note_on(60), note_off(60, time=10 * 3600 * 960)])
    assert "lasts 10.0 hours" in refusal(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.mid"
    path.touch()
    os.truncate(path, 1 << 40)
    assert "megabytes" in refusal(path)
    assert LARGEST_BYTES < 1 << 40


def test_a_folder_and_a_socket_are_refused(tmp_path: Path) -> None:
    assert "is not a file" in refusal(tmp_path)
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "s"))
        assert "is not a file" in refusal(tmp_path / "s")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = write_scale(tmp_path / "secret.mid")
    path.chmod(0)
    assert "it is not permitted" in refusal(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(st.floats(0.002, 60.0), min_size=2, max_size=40), st.floats(0.0, 3000.0))
def test_a_performance_survives_the_way_out_and_back_within_half_a_millisecond(
    tmp_path: Path, gaps: list[float], start: float
) -> None:
    performance = []
    for number, gap in enumerate(gaps):
        pitch = Pitch(30 + number)
        performance += [
            TimedEvent(start, KeyPressed(pitch, Velocity(1 + number))),
            TimedEvent(start + gap / 2, ControlMoved(64, number)),
            TimedEvent(start + gap, KeyReleased(pitch)),
        ]
        start += gap + 0.002
    path = tmp_path / "there.mid"
    write_performance(path, [part_heard("you", performance)])
    back = read_performance(path)
    assert [timed.event for timed in back] == [timed.event for timed in performance]
    assert max(abs(a.at - b.at) for a, b in zip(back, performance, strict=True)) < 0.0005


def test_each_part_becomes_a_named_track_of_a_type_1_file(tmp_path: Path) -> None:
    question = [TimedEvent(0.0, KeyPressed(Pitch(60), Velocity(70))), TimedEvent(1.0, KeyReleased(Pitch(60)))]
    answer: list[Command] = [
        Publish(2.0, TurnTaken(1, 1.0)),
        PlayNote(2.0, Pitch(64), Velocity(50)),
        SendControl(2.1, 64, 127),
        PlayNote(2.2, Pitch(72), Velocity(50), part="you"),
        SendMessage(2.3, b"\xc0\x05"),
        ReleaseNote(2.5, Pitch(64)),
    ]
    path = tmp_path / "both.mid"
    write_performance(path, [part_heard("you", question), part_played("antiphon", answer)])
    score = MidiFile(path)
    assert score.type == 1
    assert [track.name for track in score.tracks] == ["you", "antiphon"]
    assert [message.type for message in score.tracks[1] if not message.is_meta] == [
        "note_on", "control_change", "note_off",
    ]  # fmt: skip
    assert score.length == pytest.approx(2.5, abs=0.0005)
    assert {message.channel for message in score.tracks[0] if not message.is_meta} == {0}
    assert {message.channel for message in score.tracks[1] if not message.is_meta} == {1}


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    parts = [NamedPart("antiphon", [TimedMessage(0.1, b"\x90\x3c\x40"), TimedMessage(0.7, b"\x80\x3c\x40")])]
    write_performance(tmp_path / "a.mid", parts)
    write_performance(tmp_path / "b.mid", parts)
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_a_missing_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="cannot be written: the folder is not there"):
        write_performance(tmp_path / "none" / "a.mid", [])


def test_what_is_no_file_is_not_overwritten(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mid"
    os.mkfifo(pipe)
    with pytest.raises(MidiFileError, match="is not a file"):
        write_performance(pipe, [])
    assert pipe.is_fifo()


def test_a_full_disk_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    part = NamedPart("you", [TimedMessage(number / 9, b"\x90\x3c\x40") for number in range(500)])
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        path = disk / "old.mid"
        path.write_bytes(b"old")
        fill(disk)
        with pytest.raises(MidiFileError, match="no space left"):
            write_performance(path, [part])
        assert path.read_bytes() == b"old"
        assert sorted(entry.name for entry in disk.iterdir()) == ["filling", "old.mid"]
