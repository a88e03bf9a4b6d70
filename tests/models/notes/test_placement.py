"""Which pieces are kept, and in which split: nothing of one split is ever learnt from in another."""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missing import TRAINING
from random_pieces import random_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.notes.event_files import EventFiles
from antiphon_models.notes.ledger import Ledger
from antiphon_models.notes.pieces import Piece
from antiphon_models.notes.placement import AGREEMENT, left_out, note_duplicates, placed
from antiphon_models.notes.reading import Read
from antiphon_models.notes.sources import Source
from antiphon_models.notes.splits import STRONGEST_FIRST, Split, drawn_split, held_out_after_all, keys_digest


class File(NamedTuple):
    name: str
    piece: Piece
    listed: Split | None = None


class Outcome(NamedTuple):
    """What is kept, by name, with its split; and of what each other file is a duplicate."""

    kept: dict[str, Split]
    duplicates: dict[str, str]


def place(files: Sequence[File]) -> Outcome:
    with tempfile.TemporaryDirectory() as name, closing(Ledger(Path(name))) as ledger:
        folder = Path(name)
        ledger.take_stock(Source(file.name.encode(), file.name, listed=file.listed) for file in files)
        by_name = {file.name: file for file in files}
        with closing(EventFiles(folder, 0)) as events:
            for job in ledger.unread():
                piece = by_name[job.path.decode()].piece
                ledger.note_piece(job.id, Read(piece), events.append(piece))
                ledger.note_read(job.id)
            events.sync()
            ledger.commit(events.end)
        note_duplicates(ledger, folder)
        return Outcome(
            {piece.name: STRONGEST_FIRST[piece.split] for piece in placed(ledger)},
            {item.name: item.detail.removeprefix("of ") for item in left_out(ledger)},
        )


def played_again(piece: Piece, seconds_late: float) -> Piece:
    """Return the same keys, the last of them a little later."""
    dt = piece.dt.copy()
    dt[np.flatnonzero(piece.velocity)[-1]] += np.float32(seconds_late)
    return replace(piece, dt=dt)


PIECES = [random_piece(seed, 60) for seed in range(4)]

files_of_few_contents = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from((0.0, 0.004, 5.0)), st.sampled_from((None, *STRONGEST_FIRST))
    ),
    min_size=1,
    max_size=12,
).map(
    lambda drawn: [
        File(f"{number:02}.mid", played_again(PIECES[which], late), listed)
        for number, (which, late, listed) in enumerate(drawn)
    ]
)


@given(files=files_of_few_contents)
@settings(max_examples=40, deadline=None)
def test_the_same_keys_are_in_one_split_that_of_the_strongest_list_or_their_own(files: list[File]) -> None:
    kept, duplicates = place(files)
    is_listed = any(file.listed for file in files)
    held_out = None if is_listed else held_out_after_all(keys_digest(file.piece) for file in files)
    assert kept.keys() | duplicates.keys() == {file.name for file in files}
    assert set(duplicates.values()) <= kept.keys()
    assert not kept.keys() & duplicates.keys()
    for file in files:
        keys = keys_digest(file.piece)
        lists = {other.listed for other in files if keys_digest(other.piece) == keys}
        drawn = "valid" if keys == held_out else drawn_split(keys)
        strongest = next((split for split in STRONGEST_FIRST if split in lists), drawn)
        assert kept[duplicates.get(file.name, file.name)] == strongest


@given(files=files_of_few_contents)
@settings(max_examples=20, deadline=None)
def test_adding_music_that_no_list_names_holds_out_nothing_that_was_learnt_from(files: list[File]) -> None:
    before = place(files).kept
    more = [File(f"later {file.name}", file.piece) for file in files]
    after = place([*files, *more, File("later.mid", random_piece(99, 60))]).kept
    assert after.keys() == {*before, "later.mid"}
    has_lists = any(file.listed for file in files)
    pieces = {keys_digest(file.piece) for file in files}
    moved = {before[name] for name in before if after[name] != before[name]}
    # One that was alone is learnt from until there is a second; else only what stood in for valid moves.
    assert not has_lists or not moved
    assert moved <= ({"valid", "test"} if len(pieces) > 1 else {"train", "test"})


def test_of_a_few_pieces_of_no_list_one_is_always_held_out_and_one_learnt_from() -> None:
    to_learn = [seed for seed in range(60) if drawn_split(keys_digest(random_piece(seed, 60))) == "train"]
    files = [File(f"{seed}.mid", random_piece(seed, 60)) for seed in to_learn[:5]]
    assert set(place(files[:1]).kept.values()) == {"train"}
    for count in range(2, 6):
        assert sorted(place(files[:count]).kept.values()) == ["train"] * (count - 1) + ["valid"]
    copies = [file._replace(name=f"copy of {file.name}") for file in files]
    assert sorted(place([*files, *copies]).kept.values()) == ["train"] * 4 + ["valid"]


def test_where_a_list_names_some_and_holds_out_none_that_is_meant() -> None:
    files = [File("a.mid", PIECES[0], "train"), File("b.mid", PIECES[1], "train")]
    assert set(place(files).kept.values()) == {"train"}


def test_a_copy_whose_times_were_rounded_is_a_duplicate_and_another_performance_is_not() -> None:
    piece = PIECES[0]
    kept, duplicates = place(
        [
            File("a.mid", piece),
            File("b.mid", played_again(piece, AGREEMENT / 2)),
            File("c.mid", played_again(piece, 10 * AGREEMENT)),
        ]
    )
    assert duplicates == {"b.mid": "a.mid"}
    assert kept["a.mid"] == kept["c.mid"]


def test_a_performance_as_long_but_otherwise_timed_is_not_a_duplicate() -> None:
    piece = PIECES[0]
    dt = piece.dt.copy()
    first, second = np.flatnonzero(piece.velocity)[1:3]
    dt[first] += np.float32(0.2)
    dt[second] = max(0.0, dt[second] - 0.2)
    dt[-1] += np.float32(piece.dt.sum() - dt.sum())
    assert place([File("a.mid", piece), File("b.mid", replace(piece, dt=dt))]).duplicates == {}


def test_of_duplicates_the_one_with_the_strongest_list_of_its_own_is_kept() -> None:
    piece = PIECES[1]
    files = [File("a.mid", piece), File("b.mid", piece, "train"), File("c.mid", piece, "test")]
    assert place(files) == Outcome({"c.mid": "test"}, {"a.mid": "c.mid", "b.mid": "c.mid"})
    assert place(files[:2]) == Outcome({"b.mid": "train"}, {"a.mid": "b.mid"})


def test_loudness_does_not_make_another_piece() -> None:
    softer = replace(PIECES[2], velocity=(PIECES[2].velocity > 0).astype(np.uint8))
    assert place([File("a.mid", PIECES[2]), File("b.mid", softer)]).duplicates == {"b.mid": "a.mid"}
