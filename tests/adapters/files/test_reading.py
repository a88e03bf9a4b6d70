import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import MetaMessage

from antiphon.adapters.files.reading import LARGEST_BYTES, read_performance
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import MidiFileError
from midi_fixtures import note_off, note_on, pedal, tempo, write_scale, write_tracks


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
