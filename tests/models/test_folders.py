"""Folders are taken that are new, empty or our own; files in them are there whole or not at all."""

from pathlib import Path

import pytest

from antiphon_models.errors import FolderError
from antiphon_models.folders import take, taken, whole_file

SIGNS = {"sign"}


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    take(tmp_path / "some" / "where", SIGNS)
    assert (tmp_path / "some" / "where").is_dir()


@pytest.mark.parametrize("names", [[], ["unfinished-sign"], ["sign", "picture.png"]])
def test_an_empty_folder_and_one_of_our_own_are_taken(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    take(tmp_path, SIGNS)


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").touch()
    with pytest.raises(FolderError, match="holds other things; name a new folder"):
        take(tmp_path, SIGNS)


def test_where_no_folder_can_be_that_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"file cannot be made \(file exists\); choose another folder"):
        take(tmp_path / "file", SIGNS)


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with taken(folder, SIGNS):
        (folder / "empty").touch()
    assert not folder.exists()


def test_a_folder_that_was_there_or_that_something_came_into_stays(tmp_path: Path) -> None:
    with taken(tmp_path, SIGNS):
        pass
    with taken(tmp_path / "new", SIGNS):
        (tmp_path / "new" / "sign").write_bytes(b"something")
        (tmp_path / "new" / "empty").touch()
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"sign", "empty"}


def test_a_file_appears_when_it_is_whole_and_until_then_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_of_a_file_that_was_cut_short_nothing_is_left(tmp_path: Path) -> None:
    def write_half() -> None:
        with whole_file(tmp_path / "file") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert list(tmp_path.iterdir()) == []
