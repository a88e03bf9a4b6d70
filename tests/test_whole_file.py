"""A file that is written is there whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from antiphon.whole_file import try_to_write, whole_file
from small_disk import fill, small_disk

DIES_IN_THE_MIDST = """
import os, signal, sys
from pathlib import Path
from antiphon.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"new" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    for content in (b"old", b"new"):
        with whole_file(path) as file:
            file.write(content)
            assert path.exists() == (content == b"new")
        assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["settings"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    link.symlink_to(kept)
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert kept.read_bytes() == b"new"


def test_what_goes_wrong_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        fail_in_the_midst(path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["settings"]


def fail_in_the_midst(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise ZeroDivisionError


def test_who_is_killed_in_the_midst_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_bytes(b"old")
    killed = subprocess.run([sys.executable, "-c", DIES_IN_THE_MIDST, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"


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
