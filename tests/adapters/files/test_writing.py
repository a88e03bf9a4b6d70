import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import MidiFile

from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.writing import (
    NamedPart,
    TimedMessage,
    check_that_it_can_be_written,
    part_heard,
    part_played,
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
from small_disk import fill, small_disk


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


def test_where_not_even_a_beginning_can_be_removed_that_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="cannot be written: file name too long; name another file"):
        write_performance(tmp_path / f"{'a' * 300}.mid", [])


def test_a_name_that_cannot_be_taken_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder.mid").mkdir()
    with pytest.raises(MidiFileError, match="cannot be written: there is a folder of that name"):
        check_that_it_can_be_written(tmp_path / "folder.mid")
    check_that_it_can_be_written(tmp_path / "answer.mid")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.mid"]


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
