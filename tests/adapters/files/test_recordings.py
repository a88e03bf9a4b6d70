"""The recordings of a folder, as they are shown and taken along."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.journal import Entry, Journal
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.recorder import Recorder
from antiphon.adapters.files.recordings import Recordings
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.performance import Note, notes_heard
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import RequestError
from news import heard

NOON = datetime(2025, 6, 1, 12, 0, 0)
C, E = Pitch(60), Pitch(64)
LOUD = Velocity(80)


def record(folder: Path, at: datetime) -> Path:
    """Record a note of each part, of half a second each."""
    recorder = Recorder(folder, megabytes=10, clock=lambda: at)
    recorder.keep(heard(KeyPressed(C, LOUD), 100.0))
    recorder.keep(heard(KeyReleased(C), 100.5))
    recorder.keep(Sent(PlayNote(101.0, E, LOUD), 101.0))
    recorder.keep(Sent(ReleaseNote(101.5, E), 101.5))
    path = recorder.close()
    assert path is not None
    return path


def entry(at: float, data: str) -> Entry:
    return Entry(at, "you", bytes.fromhex(data))


def test_they_are_listed_newest_first_with_their_length_and_notes(tmp_path: Path) -> None:
    for days in range(3):
        record(tmp_path, NOON + timedelta(days=days))
    newest, *_, oldest = Recordings(tmp_path).newest(10)
    assert (newest.began, oldest.began) == (NOON + timedelta(days=2), NOON)
    assert newest.seconds == pytest.approx(1.5, abs=0.001)
    assert (newest.heard, newest.played, newest.is_going_on) == (1, 1, False)


def test_a_list_is_gone_through_piece_by_piece(tmp_path: Path) -> None:
    for days in range(5):
        record(tmp_path, NOON + timedelta(days=days))
    recordings = Recordings(tmp_path)
    whole = recordings.newest(10)
    assert recordings.newest(2) == whole[:2]
    assert recordings.newest(2, before=whole[1].id) == whole[2:4]
    assert recordings.newest(2, before=whole[4].id) == []
    assert recordings.newest(2, before="nowhere") == []


def test_an_id_says_nothing_of_the_place_and_stays_the_same(tmp_path: Path) -> None:
    path = record(tmp_path / "one", NOON)
    [one] = Recordings(tmp_path / "one").newest(1)
    record(tmp_path / "other", NOON)
    [other] = Recordings(tmp_path / "other").newest(1)
    assert one.id == other.id
    assert one.id not in str(path)
    assert "2025" not in one.id


def test_both_parts_can_be_seen(tmp_path: Path) -> None:
    record(tmp_path, NOON)
    recordings = Recordings(tmp_path)
    shown, parts = recordings.recording(recordings.newest(1)[0].id)
    assert shown == recordings.newest(1)[0]
    assert notes_heard(parts["you"]) == [Note(0.0, 0.5, C, LOUD)]
    assert notes_heard(parts["it"]) == [Note(1.0, 1.5, E, LOUD)]


def test_one_can_be_taken_along_byte_for_byte(tmp_path: Path) -> None:
    path = record(tmp_path, NOON)
    recordings = Recordings(tmp_path)
    assert recordings.content(recordings.newest(1)[0].id) == (path.name, path.read_bytes())


def test_a_session_that_is_going_on_can_be_seen_as_far_as_it_has_come(tmp_path: Path) -> None:
    journal = Journal.begun(tmp_path, NOON, 50.0)
    journal.append(entry(50.0, "903c50"))
    recordings = Recordings(tmp_path)
    [going_on] = recordings.newest(10)
    assert going_on.is_going_on
    assert going_on.heard == 1
    journal.append(entry(50.5, "803c40"))
    journal.append(entry(51.0, "903e50"))
    journal.append(entry(51.5, "803e40"))
    [grown] = recordings.newest(10)
    assert (grown.id, grown.heard) == (going_on.id, 2)
    name, content = recordings.content(grown.id)
    assert name == "antiphon-2025-06-01-120000.mid"
    (tmp_path / "taken.mid").write_bytes(content)
    assert [note.pitch for note in notes_heard(read_performance(tmp_path / "taken.mid"))] == [60, 62]
    journal.close()


def test_what_is_not_ours_or_damaged_or_without_a_note_is_not_listed(tmp_path: Path) -> None:
    record(tmp_path, NOON)
    (tmp_path / "mine.mid").write_bytes(record(tmp_path, NOON).read_bytes())
    (tmp_path / "antiphon-2025-06-02-120000.mid").write_bytes(b"MThd, but no more")
    Journal.begun(tmp_path, NOON + timedelta(days=2), 0.0).close()
    recordings = Recordings(tmp_path)
    assert [each.began for each in recordings.newest(10)] == [NOON, NOON]


@pytest.mark.parametrize("id_", ["", "nowhere", "../secret", "antiphon-2025-06-01-120000"])
def test_what_has_no_such_id_is_told(tmp_path: Path, id_: str) -> None:
    record(tmp_path, NOON)
    for ask in (Recordings(tmp_path).recording, Recordings(tmp_path).content):
        with pytest.raises(RequestError, match="there is no such recording"):
            ask(id_)


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert Recordings(tmp_path / "nowhere").newest(10) == []


def test_one_that_was_deleted_meanwhile_is_told(tmp_path: Path) -> None:
    path = record(tmp_path, NOON)
    recordings = Recordings(tmp_path)
    [known] = recordings.newest(1)
    path.unlink()
    with pytest.raises(RequestError, match="it may have been deleted"):
        recordings.recording(known.id)


def test_what_is_kept_is_a_recording_of_its_own_that_begins_with_its_first_message(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path / "sessions")
    music = [
        entry(1000.0, "803c40"),
        entry(1001.0, "903c50"),
        entry(1002.0, "903e50"),
        entry(1003.0, "803c40"),
    ]
    id_ = recordings.keep(music, NOON)
    [kept] = recordings.newest(10)
    assert (kept.id, kept.began, kept.heard) == (id_, NOON, 2)
    _, parts = recordings.recording(id_)
    assert [(note.onset, note.release) for note in notes_heard(parts["you"])] == [(1.0, 3.0), (2.0, 3.0)]
    assert [path.suffix for path in (tmp_path / "sessions").iterdir()] == [".mid"]


def test_two_that_are_kept_in_one_second_are_two(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    music = [entry(0.0, "903c50"), entry(1.0, "803c40")]
    assert recordings.keep(music, NOON) != recordings.keep(music, NOON)
    assert len(recordings.newest(10)) == 2


def test_nothing_is_nothing_to_keep(tmp_path: Path) -> None:
    for music in ([], [entry(0.0, "b04000")]):
        with pytest.raises(RequestError, match="nothing was played"):
            Recordings(tmp_path).keep(music, NOON)
    assert list(tmp_path.iterdir()) == []


def test_where_it_cannot_be_kept_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("a file where a folder should be")
    with pytest.raises(RequestError, match="it cannot be kept"):
        Recordings(tmp_path / "sessions").keep([entry(0.0, "903c50")], NOON)
