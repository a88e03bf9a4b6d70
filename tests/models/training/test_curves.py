"""The curves of a run: nothing is told twice, and nothing that did not come to be."""

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from antiphon_models.training.checkpoints import CheckpointError
from antiphon_models.training.curves import Curves, read_curve
from small_disk import fill, small_disk


def lines(*steps: int) -> list[dict[str, Any]]:
    return [{"step": step, "bits_per_event": 10.0 / step} for step in steps]


def write(folder: Path, after: int, *steps: int) -> None:
    with Curves(folder, after) as curves:
        for line in lines(*steps):
            curves.write(line)


def test_lines_come_back(tmp_path: Path) -> None:
    write(tmp_path, 0, 2, 4)
    assert read_curve(tmp_path) == lines(2, 4)


def test_a_run_that_has_not_begun_has_no_curve(tmp_path: Path) -> None:
    assert read_curve(tmp_path) == []


def test_a_run_that_is_taken_up_again_writes_what_came_after_anew(tmp_path: Path) -> None:
    write(tmp_path, 0, 2, 4, 6)
    write(tmp_path, 4, 6, 8)
    assert read_curve(tmp_path) == lines(2, 4, 6, 8)


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, 0, 2, 4)
    with (tmp_path / Curves.FILE).open("a") as file:
        file.write('{"step": 6, "bits')
    assert read_curve(tmp_path) == lines(2, 4)
    write(tmp_path, 6, 8)
    assert [json.loads(line)["step"] for line in (tmp_path / Curves.FILE).read_text().splitlines()] == [
        2,
        4,
        8,
    ]


def test_tensorboard_has_the_same_figures(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="tensorboardX is not installed: pip install 'antiphon[train]'")
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.record_writer import masked_crc32c

    write(tmp_path, 0, 2, 4)
    [path] = (tmp_path / Curves.TENSORBOARD).glob("*tfevents*")
    content, told = path.read_bytes(), []
    while content:
        length, record = content[:8], content[12 : 12 + int.from_bytes(content[:8], "little")]
        assert int.from_bytes(content[8:12], "little") == masked_crc32c(length)
        content = content[12 + len(record) :]
        assert int.from_bytes(content[:4], "little") == masked_crc32c(record)
        content = content[4:]
        event = Event.FromString(record)
        told += [(event.step, value.tag, value.simple_value) for value in event.summary.value]
    assert told == [(2, "bits_per_event", 5.0), (4, "bits_per_event", 2.5)]


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        with Curves(disk, 0) as curves:
            curves.write(lines(2)[0])
            fill(disk)
            with pytest.raises(CheckpointError, match=r"curve\.jsonl cannot be written \(no space left"):
                deque(map(curves.write, lines(*range(4, 2000))), maxlen=0)
        steps = [line["step"] for line in read_curve(disk)]
        assert steps[0] == 2
        assert steps[1:] == list(range(4, 4 + len(steps) - 1))
