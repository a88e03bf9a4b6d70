import os
from pathlib import Path

import pytest

from antiphon.adapters.files.whole_file import try_to_write, whole_file
from small_disk import fill, small_disk


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [*tmp_path.iterdir()] == [path]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with whole_file(tmp_path / "a.bin") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert not [*tmp_path.iterdir()]


def test_to_try_changes_nothing(tmp_path: Path) -> None:
    old = tmp_path / "old.bin"
    old.write_bytes(b"old")
    try_to_write(old)
    try_to_write(tmp_path / "new.bin")
    assert [*tmp_path.iterdir()] == [old]
    assert old.read_bytes() == b"old"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.bin"
    os.mkfifo(pipe)
    for path, why in (
        (pipe, "it is not a file"),
        (tmp_path, "there is a folder of that name"),
        (tmp_path / "none" / "a.bin", "No such file"),
    ):
        with pytest.raises(OSError, match=why):
            try_to_write(path)
    assert pipe.is_fifo()


def test_where_nothing_can_be_made_or_removed_the_first_trouble_is_told(tmp_path: Path) -> None:
    # As on a disk that is read-only, both fail alike.
    with pytest.raises(OSError, match="File name too long"):
        try_to_write(tmp_path / ("a" * 300))


def test_a_full_disk_leaves_no_beginning_of_a_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        fill(disk)
        with pytest.raises(OSError, match="No space left"), whole_file(disk / "a.bin") as file:
            file.write(bytes(100_000))
        assert [path.name for path in disk.iterdir()] == ["filling"]
