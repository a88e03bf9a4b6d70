"""A folder of music becomes a folder of notes: the same however often it was cut short on the way."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import killed_preparation
from midi_fixtures import note_off, note_on, write_scale, write_tracks
from missing import TRAINING
from small_corpus import write_piece
from small_disk import fill, small_disk

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import CorpusError, DatasetError, FolderError
from antiphon_models.notes import ledger
from antiphon_models.notes.dataset import MANIFEST, REPORT, Dataset, Manifest
from antiphon_models.notes.event_files import path_of
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from antiphon_models.notes.splits import SPLITS

KILLED = Path(killed_preparation.__file__)


def read_into(
    out: Path, *folders: Path, progress: Callable[[int, int], None] = lambda done, of: None
) -> Manifest:
    found = (source for folder in folders for source in sources(folder))
    return prepare(found, out, ["nobody"], workers=1, progress=progress)


def contents(notes: Path) -> dict[str, list[tuple[Any, ...]]]:
    dataset = Dataset.open(notes)
    return {
        split: [
            (
                piece.name,
                piece.is_gridded,
                *(getattr(piece, field).tolist() for field in ("dt", "pitch", "part")),
            )
            for piece in dataset.pieces(split)
        ]
        for split in SPLITS
    }


def names(notes: Path) -> dict[str, set[str]]:
    return {
        split: {name.rpartition("/")[2] for name, *_ in pieces} for split, pieces in contents(notes).items()
    }


def report(notes: Path) -> list[str]:
    return (notes / REPORT).read_text().splitlines()


class Read:
    """A progress that remembers how many files each run read."""

    def __init__(self) -> None:
        self.files: list[int] = []

    def __call__(self, done: int, of: int) -> None:
        self.files.append(done)

    @property
    def anew(self) -> int:
        """How many files were read in all runs; each run tells where it begins."""
        return len(self.files) - 1 if self.files else 0


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for seed in range(12):
        write_piece(folder / f"{seed:02}.mid", seed)
    lists = {
        "train": [f"{seed:02}.mid" for seed in range(9)],
        "valid": ["09.mid"],
        "test": ["10.mid", "11.mid"],
    }
    (folder / "splits.json").write_text(json.dumps(lists))
    return folder


def test_a_folder_is_read_into_its_splits(music: Path, tmp_path: Path) -> None:
    manifest = read_into(tmp_path / "notes", music)
    assert {split: amount.pieces for split, amount in manifest.splits.items()} == {
        "train": 9,
        "valid": 1,
        "test": 2,
    }
    assert manifest.splits["train"].events == 9 * 80
    assert names(tmp_path / "notes")["test"] == {"10.mid", "11.mid"}
    assert manifest.left_out == {}
    assert report(tmp_path / "notes") == []


def test_what_is_left_out_is_counted_and_reported_by_name(music: Path, tmp_path: Path) -> None:
    (music / "splits.json").unlink()
    shutil.copy(music / "03.mid", music / "the same.mid")
    (music / "text.mid").write_bytes(b"a song")
    write_scale(music / "short.mid")
    write_tracks(music / "drums.mid", [note_on(36, channel=9), note_off(36, 480, channel=9)])
    manifest = read_into(tmp_path / "notes", music)
    assert sum(amount.pieces for amount in manifest.splits.values()) == 12
    assert manifest.files == 13
    assert manifest.left_out == {
        "duplicate": 1,
        "fewer than 16 notes": 1,
        "not a readable MIDI file": 1,
        "percussion only": 1,
    }
    lines = report(tmp_path / "notes")
    assert lines[0] == "duplicate: music/the same.mid (of music/03.mid)"
    assert lines[1] == "fewer than 16 notes: music/short.mid (5)"
    assert lines[2].startswith("not a readable MIDI file: music/text.mid (")
    assert lines[3] == "percussion only: music/drums.mid"


def test_a_second_run_reads_nothing_and_a_changed_file_is_read_anew(music: Path, tmp_path: Path) -> None:
    notes, again, changed = tmp_path / "notes", Read(), Read()
    first = read_into(notes, music)
    before = (notes / MANIFEST).stat().st_mtime_ns
    assert read_into(notes, music, progress=again) == first
    assert again.files == []
    assert (notes / MANIFEST).stat().st_mtime_ns == before
    write_piece(music / "04.mid", seed=100, notes=50)
    manifest = read_into(notes, music, progress=changed)
    assert changed.anew == 1
    assert manifest.splits["train"].events == 8 * 80 + 100
    assert manifest.fingerprint != first.fingerprint


def test_what_was_prepared_in_parts_is_what_was_prepared_at_once(music: Path, tmp_path: Path) -> None:
    added = [music / name for name in ("01.mid", "07.mid", "10.mid")]
    moved = [path.rename(tmp_path / path.name) for path in added]
    gone = write_piece(music / "gone.mid", seed=50)
    read_into(tmp_path / "in parts", music)
    gone.unlink()
    for path, home in zip(moved, added, strict=True):
        path.rename(home)
    in_parts, at_once = read_into(tmp_path / "in parts", music), read_into(tmp_path / "at once", music)
    assert contents(tmp_path / "in parts") == contents(tmp_path / "at once")
    assert in_parts.fingerprint == at_once.fingerprint
    assert report(tmp_path / "in parts") == report(tmp_path / "at once")


def test_changed_lists_move_pieces_and_nothing_is_read_again(music: Path, tmp_path: Path) -> None:
    notes, again = tmp_path / "notes", Read()
    read_into(notes, music)
    lists = json.loads((music / "splits.json").read_text())
    lists["valid"].append(lists["train"].pop())
    (music / "splits.json").write_text(json.dumps(lists))
    read_into(notes, music, progress=again)
    assert again.anew == 0
    assert names(notes)["valid"] == {"08.mid", "09.mid"}


def test_a_file_that_a_list_no_longer_names_goes_and_comes_back(music: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    everything = read_into(notes, music)
    whole = (music / "splits.json").read_text()
    (music / "splits.json").write_text(whole.replace('"00.mid", ', ""))
    assert read_into(notes, music).left_out == {"not named by the splits.json above it": 1}
    (music / "splits.json").write_text(whole)
    assert read_into(notes, music).fingerprint == everything.fingerprint


def test_other_credits_are_written_and_nothing_is_read_again(music: Path, tmp_path: Path) -> None:
    again = Read()
    read_into(tmp_path / "notes", music)
    prepare(sources(music), tmp_path / "notes", ["Anna"], workers=1, progress=again)
    assert again.anew == 0
    assert Dataset.open(tmp_path / "notes").manifest.credits == ["Anna"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_cut_short_is_not_taken_for_a_whole_one_and_goes_on(
    music: Path, tmp_path: Path, number: signal.Signals
) -> None:
    notes, on = tmp_path / "notes", Read()
    arguments = [str(music), str(notes), str(int(number)), "5"]
    ended = subprocess.run([sys.executable, str(KILLED), *arguments], capture_output=True, check=False)
    assert ended.returncode == -number, ended.stderr.decode()
    with pytest.raises(DatasetError, match="is not finished"):
        Dataset.open(notes)
    read_into(notes, music, progress=on)
    assert on.files[0] >= 4
    assert on.files[-1] == 12
    read_into(tmp_path / "at once", music)
    assert contents(notes) == contents(tmp_path / "at once")


def test_a_whole_one_that_is_being_changed_is_not_taken_for_a_whole_one(music: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    read_into(notes, music)
    write_piece(music / "00.mid", seed=77)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_into(notes, music, progress=stop)
    with pytest.raises(DatasetError, match="is not finished"):
        Dataset.open(notes)
    read_into(notes, music)
    assert len(Dataset.open(notes).pieces("train")) == 9


def test_a_dataset_that_is_open_keeps_what_it_has_while_it_is_prepared_anew(
    music: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    read_into(notes, music)
    held = Dataset.open(notes).pieces("train")
    before = [piece.pitch.tolist() for piece in held]
    for seed in range(9):
        write_piece(music / f"{seed:02}.mid", seed=200 + seed)
    read_into(notes, music)
    read_into(notes, music)
    assert [piece.pitch.tolist() for piece in held] == before
    assert [piece.pitch.tolist() for piece in Dataset.open(notes).pieces("train")] != before


def test_where_most_of_what_is_stored_is_of_no_piece_everything_is_read_anew(
    music: Path, tmp_path: Path
) -> None:
    notes, again = tmp_path / "notes", Read()
    read_into(notes, music)
    for seed in range(9):
        write_piece(music / f"{seed:02}.mid", seed=200 + seed)
    for _ in range(2):
        for seed in range(9):
            write_piece(music / f"{seed:02}.mid", seed=300 + seed, notes=30 + _)
        read_into(notes, music)
    read_into(notes, music, progress=again)
    assert again.anew == 12
    assert path_of(notes, "pitch").stat().st_size == Dataset.open(notes).manifest.stored_events
    assert Dataset.open(notes).manifest.stored_events == 9 * 62 + 3 * 80


def test_a_folder_without_music_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        CorpusError, match=r"there is no \.mid, \.midi or \.abc file in what was named; name a folder"
    ):
        read_into(tmp_path / "notes", tmp_path / "empty")
    assert not (tmp_path / "notes").exists()


def test_without_a_training_split_there_is_a_report_and_no_dataset(music: Path, tmp_path: Path) -> None:
    (music / "splits.json").write_text('{"test": ["00.mid"]}')
    with pytest.raises(
        CorpusError, match=r"there is no training split: all that there is \(1 piece\) is held out; see"
    ):
        read_into(tmp_path / "notes", music)
    assert len(report(tmp_path / "notes")) == 11
    with pytest.raises(DatasetError, match="is not finished"):
        Dataset.open(tmp_path / "notes")


def test_where_nothing_can_be_read_that_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.mid").write_bytes(b"a song")
    with pytest.raises(
        CorpusError, match=r"no training split: no piece can be learnt from; see .*report\.txt"
    ):
        read_into(tmp_path / "notes", tmp_path / "music")


def test_the_notes_of_other_music_are_not_replaced(music: Path, tmp_path: Path) -> None:
    notes, others = tmp_path / "notes", tmp_path / "others"
    others.mkdir()
    write_piece(others / "a.mid", 50)
    before = read_into(notes, music)
    with pytest.raises(FolderError, match="holds the notes of other music; name a new folder, or remove"):
        read_into(notes, others)
    assert Dataset.open(notes).manifest == before
    assert read_into(notes, music, others).splits["train"].pieces >= before.splits["train"].pieces


def test_where_nothing_came_of_other_music_the_folder_may_be_used(music: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "a.mid").write_bytes(b"a song")
    with pytest.raises(CorpusError, match="no piece can be learnt from"):
        read_into(tmp_path / "notes", tmp_path / "wrong")
    assert read_into(tmp_path / "notes", music).splits["train"].pieces == 9


def test_a_folder_of_other_things_is_left_alone(music: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="holds other things; name a new folder"):
        read_into(music, music)
    assert not (music / ledger.NAME).exists()


def test_two_at_once_are_told_in_a_sentence(music: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    def begin_another(done: int, of: int) -> None:
        with pytest.raises(
            DatasetError, match=r"another antiphon prepare is writing into .*; wait until it is done"
        ):
            read_into(notes, music)

    read_into(notes, music, progress=begin_another)
    assert len(Dataset.open(notes).pieces("train")) == 9


def test_a_damaged_ledger_is_told_in_a_sentence(music: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / ledger.NAME).write_bytes(b"this is no database, but long enough to be looked at" * 50)
    with pytest.raises(DatasetError, match=r"ledger\.sqlite is damaged .*; remove .* and prepare it again"):
        read_into(notes, music)


def test_what_another_version_has_read_is_read_anew(music: Path, tmp_path: Path) -> None:
    notes, again = tmp_path / "notes", Read()
    read_into(notes, music)
    with sqlite3.connect(notes / ledger.NAME) as book:
        book.execute("PRAGMA user_version = 1")
    book.close()
    read_into(notes, music, progress=again)
    assert again.anew == 12


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", kilobytes=2000) as folder:
        yield folder


def test_where_the_disk_is_full_from_the_start_nothing_is_left(music: Path, disk: Path) -> None:
    fill(disk)
    with pytest.raises(DatasetError, match=r"the disk of .* is full; make room"):
        read_into(disk / "notes", music)
    assert [path.name for path in disk.iterdir()] == ["filling"]


def test_on_a_full_disk_it_stops_with_a_sentence_and_goes_on_when_there_is_room(
    music: Path, disk: Path
) -> None:
    notes = disk / "notes"
    for seed in range(9):
        write_piece(music / f"{seed:02}.mid", seed=seed, notes=3000)

    def fill_the_disk(done: int, of: int) -> None:
        if not (disk / "filling").exists():
            fill(disk)

    with pytest.raises(
        DatasetError, match=r"the disk of .* is full; make room and give the same command again"
    ):
        read_into(notes, music, progress=fill_the_disk)
    with pytest.raises(DatasetError, match="is not finished"):
        Dataset.open(notes)
    (disk / "filling").unlink()
    assert read_into(notes, music).splits["train"].pieces == 9
