"""Folders are taken that are new, empty or our own."""

from pathlib import Path

import pytest

from antiphon_models.errors import FolderError
from antiphon_models.folders import take

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
