"""What an evaluation counts, and from what its baselines learn."""

from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.evaluation.evaluation import (
    FROM_THE_REST,
    FROM_THE_TRAIN_SPLIT,
    Amount,
    amount,
    losses_of_baselines,
)
from antiphon_export.evaluation.material import Material, Portion
from antiphon_models.baselines.markov import baselines
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Losses
from random_pieces import random_piece

PIECES = [random_piece(seed, 20 + 7 * seed) for seed in range(6)]


def material(measured: list[Piece], learnt: list[Piece] | None, portion: Portion = "all") -> Material:
    return Material(Path("music"), portion, measured, measured, portion, learnt, {})


def test_all_events_but_the_first_of_each_piece_are_predicted() -> None:
    counted = amount(PIECES)
    assert (counted.pieces, counted.events) == (6, sum(19 + 7 * seed for seed in range(6)))
    # The first event of a piece is an onset, and given.
    assert counted.notes == sum(int((piece.velocity > 0).sum()) for piece in PIECES) - 6


def test_bits_per_note_are_those_of_all_events_shared_out_among_the_notes() -> None:
    bits = Amount(pieces=1, events=100, notes=40).bits(Losses(1.0, 0.5, 2.0))
    assert bits.bits_per_event == pytest.approx(3.5)
    assert bits.bits_per_note == pytest.approx(3.5 * 100 / 40)


def test_baselines_learn_from_what_was_learnt() -> None:
    found, learnt_from = losses_of_baselines(material(PIECES[:2], PIECES[2:], "valid"))
    assert found == baselines(PIECES[2:], PIECES[:2])
    assert learnt_from == FROM_THE_TRAIN_SPLIT
    assert set(found) == {"frequencies", "markov1", "markov2", "markov3"}


def test_baselines_of_a_whole_folder_never_hear_what_they_are_measured_on() -> None:
    """With one piece in each fold the mean is that of leaving out each piece in turn."""
    pieces = PIECES[:3]
    found, learnt_from = losses_of_baselines(material(pieces, None))
    each = [
        baselines([other for other in pieces if other is not piece], [piece])["markov2"] for piece in pieces
    ]
    total = sum(losses.dt * (len(piece) - 1) for losses, piece in zip(each, pieces, strict=True))
    assert learnt_from == FROM_THE_REST
    assert found["markov2"].dt == pytest.approx(total / amount(pieces).events)


def test_where_there_is_nothing_to_learn_from_there_are_no_baselines() -> None:
    assert losses_of_baselines(material(PIECES[:1], None)) == ({}, "")
    assert losses_of_baselines(material(PIECES, None, "valid")) == ({}, "")
