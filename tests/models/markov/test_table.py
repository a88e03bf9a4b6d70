"""The table that ships, and tables as files."""

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
