"""The table that ships, and tables as files."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_models import shelf, vocab
from antiphon_models.markov import contexts
from antiphon_models.markov.past import SILENCE
from antiphon_models.markov.table import Table, TableError, in_eighths, read_counts, written
from players import events

SHIPPED = shelf.SHIPPED / "markov" / shelf.TABLE_FILE


@pytest.fixture(scope="module")
def table() -> Table:
    return Table.read(SHIPPED)


@given(heard=st.lists(events, max_size=12), dt=st.integers(0, vocab.DT_BINS - 1))
@settings(max_examples=50, deadline=None)
def test_every_distribution_sums_to_1_and_leaves_nothing_out(
    table: Table, heard: list[tuple[int, int, int]], dt: int
) -> None:
    past = SILENCE
    for event in heard:
        past = past.after(event)
    told = [
        table.distribution(contexts.DT, contexts.of_dt(past).table),
        table.distribution(contexts.LOUDNESS, contexts.of_loudness(past, dt).table),
        table.distribution(contexts.RANK, contexts.of_release(past, dt).table),
        table.pitches(contexts.of_onset(past, dt).table, past.struck[0]),
    ]
    for chances in told:
        assert chances.min() > 0
        assert chances.sum() == pytest.approx(1.0)
    rising = table.rising(contexts.DT, contexts.of_dt(past).table)
    np.testing.assert_allclose(rising, np.cumsum(told[0]))


def test_a_file_holds_all_of_a_table(tmp_path: Path) -> None:
    counts = read_counts(SHIPPED)
    (tmp_path / "again.npz").write_bytes(written(counts))
    again = read_counts(tmp_path / "again.npz")
    for name in type(counts).__slots__:
        np.testing.assert_array_equal(getattr(again, name), getattr(counts, name))


def test_counts_are_kept_to_a_twelfth() -> None:
    counts = np.array([1, 2, 3, 7, 100, 12345, 10**9])
    np.testing.assert_allclose(np.exp2(in_eighths(counts) / 8.0), counts, rtol=1 / 12)


@pytest.mark.parametrize("content", [b"", b"a song", SHIPPED.read_bytes()[:1000], SHIPPED.read_bytes()[:-1]])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.npz").write_bytes(content)
    with pytest.raises(TableError):
        Table.read(tmp_path / "broken.npz")


def test_a_table_of_another_version_is_refused(tmp_path: Path) -> None:
    with np.load(SHIPPED) as file:
        arrays: dict[str, Any] = dict(file) | {"form": np.array(2)}
    np.savez(tmp_path / "newer.npz", **arrays)
    with pytest.raises(TableError, match="another version"):
        Table.read(tmp_path / "newer.npz")


def stored(folder: Path, **changed: Any) -> Path:
    """Write the shipped table with some of its arrays changed."""
    with np.load(SHIPPED) as file:
        arrays: dict[str, Any] = dict(file) | changed
    np.savez(folder / "other.npz", **arrays)
    return folder / "other.npz"


@pytest.mark.parametrize(
    "changed",
    [
        {"values": np.full(1025434, 255, np.uint8)},
        {"logs": np.zeros(3, np.uint8)},
        {"depth": np.full(64837, 250, np.uint8)},
        {"keys": np.zeros(64837)},
        {"usual": np.full(128, np.nan, np.float32)},
        {"usual": np.ones(3, np.float32)},
        {"gates": np.ones((1, 2, 2), np.float32)},
        {"form": np.array([1, 2])},
    ],
)
def test_arrays_that_nobody_could_play_by_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(TableError):
        Table.read(stored(tmp_path, **changed))


def test_a_member_that_is_no_array_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(SHIPPED) as whole, zipfile.ZipFile(tmp_path / "other.npz", "w") as file:
        for name in whole.namelist():
            file.writestr(name, b"a song" if name == "keys.npy" else whole.read(name))
    with pytest.raises(TableError):
        Table.read(tmp_path / "other.npz")


def test_an_array_whose_heading_breaks_off_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as file:
        file.writestr("form.npy", b"\x93NUMPY\x01\x00\x10\x00{'descr': (((((\n")
    with pytest.raises(TableError):
        Table.read(tmp_path / "other.npz")
