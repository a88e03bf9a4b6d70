"""Files that are there whole or not at all."""

from pathlib import Path

import numpy as np
import pytest

from antiphon_models.training.checkpoints import (
    CheckpointError,
    read_arrays,
    write_arrays,
    write_bytes,
)
from small_disk import fill, small_disk


def test_arrays_come_back(tmp_path: Path) -> None:
    arrays = {"a/b": np.arange(3, dtype=np.float32), "scalar": np.array(7)}
    write_arrays(tmp_path / "kept.npz", arrays)
    kept = read_arrays(tmp_path / "kept.npz")
    assert kept.keys() == arrays.keys()
    assert all(np.array_equal(kept[name], arrays[name]) for name in arrays)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]


def test_on_a_full_disk_the_old_file_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        path = disk / "file"
        write_bytes(path, b"old")
        fill(disk)
        with pytest.raises(CheckpointError, match=r"file cannot be written \(no space left on device\)"):
            write_bytes(path, bytes(8192))
        assert path.read_bytes() == b"old"
        assert sorted(each.name for each in disk.iterdir()) == ["file", "filling"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"no archive"])
def test_a_damaged_file_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.npz"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"kept\.npz is damaged; delete it"):
        read_arrays(path)
