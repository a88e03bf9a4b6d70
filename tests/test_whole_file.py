"""A file that is written is there whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from antiphon.whole_file import written_whole

DIES_IN_THE_MIDST = """
import os, signal, sys
from pathlib import Path
from antiphon.whole_file import written_whole
with written_whole(Path(sys.argv[1])) as file:
    file.write(b"new" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    for content in (b"old", b"new"):
        with written_whole(path) as file:
            file.write(content)
            assert path.exists() == (content == b"new")
        assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["settings"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    link.symlink_to(kept)
    with written_whole(link) as file:
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
    with written_whole(path) as file:
        file.write(b"half")
        raise ZeroDivisionError


def test_who_is_killed_in_the_midst_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_bytes(b"old")
    killed = subprocess.run([sys.executable, "-c", DIES_IN_THE_MIDST, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "nowhere" / "settings"):
        pass
