"""Which files of a folder are music, and which lists govern them."""

import json
import os
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import CorpusError
from antiphon_models.notes.sources import MISSING, UNLISTED, Source, sources
from antiphon_models.notes.splits import Split


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"music")


def write_lists(folder: Path, **lists: list[str]) -> None:
    (folder / "splits.json").write_text(json.dumps(lists))


def by_name(folder: Path) -> dict[str, Source]:
    return {source.name: source for source in sources(folder)}


def splits(folder: Path) -> dict[str, Split | str | None]:
    return {name: source.refusal or source.listed for name, source in by_name(folder).items()}


def test_music_is_found_by_its_suffix_at_any_depth_and_what_is_hidden_is_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "music"
    touch(root, "b.MID", "a.midi", "deep/er/c.abc", "notes.txt", ".hidden/d.mid", "._a.mid", "deep/e.mid.zip")
    assert list(by_name(root)) == ["music/a.midi", "music/b.MID", "music/deep/er/c.abc"]


def test_a_file_is_known_by_its_size_and_the_moment_it_changed(tmp_path: Path) -> None:
    touch(tmp_path, "a.mid")
    os.utime(tmp_path / "a.mid", ns=(1, 123))
    [source] = sources(tmp_path)
    assert (source.size, source.changed_at) == (5, 123)
    assert source.path == os.fsencode((tmp_path / "a.mid").resolve())


def test_a_name_that_is_no_text_is_found_and_can_be_printed(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9\n.mid"
    Path(os.fsdecode(raw)).touch()
    [source] = sources(tmp_path)
    assert source.path == raw
    assert source.name.isprintable()
    assert source.name.encode().endswith(b".mid")


def test_links_to_folders_are_not_followed_and_links_into_nowhere_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "a.mid")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "nowhere.mid").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.mid").symlink_to(tmp_path / "itself.mid")
    found = by_name(tmp_path)
    assert [name.rpartition("/")[2] for name, source in found.items() if source.refusal is None] == ["a.mid"]


def test_lists_beside_the_music_place_it_and_what_they_do_not_name_is_left_out(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    touch(root, "midi/a.mid", "midi/b.mid", "abc/a.abc")
    write_lists(root, train=["midi/a.mid", "midi/lost.mid"], test=["midi/b.mid"])
    assert splits(root) == {
        "corpus/midi/a.mid": "train",
        "corpus/midi/b.mid": "test",
        "corpus/abc/a.abc": UNLISTED,
        "corpus/midi/lost.mid": MISSING,
    }


def test_the_nearest_lists_govern(tmp_path: Path) -> None:
    root = tmp_path / "all"
    touch(root, "one/a.mid", "two/a.mid", "three/a.mid")
    for name, split in (("one", "train"), ("two", "test")):
        write_lists(root / name, **{split: ["a.mid"]})
    assert splits(root) == {"all/one/a.mid": "train", "all/two/a.mid": "test", "all/three/a.mid": None}


def test_lists_above_the_named_folder_place_what_they_name_and_leave_out_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "midi/a.mid", "midi/new.mid")
    write_lists(tmp_path, test=["midi/a.mid", "midi/lost.mid"])
    assert splits(tmp_path / "midi") == {"midi/a.mid": "test", "midi/new.mid": None}


def test_what_lies_above_the_named_folder_and_is_of_another_form_does_not_matter(tmp_path: Path) -> None:
    touch(tmp_path, "midi/a.mid")
    (tmp_path / "splits.json").write_text("[]")
    assert splits(tmp_path / "midi") == {"midi/a.mid": None}


@pytest.mark.parametrize("name", ["missing", "a.mid"])
def test_what_is_no_folder_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    touch(tmp_path, "a.mid")
    with pytest.raises(CorpusError, match=r"there is no folder .*; name one that holds \.mid"):
        sources(tmp_path / name)
