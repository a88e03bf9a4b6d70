"""A table learnt from pieces."""

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.markov import contexts, learning
from antiphon_models.markov.past import SILENCE
from antiphon_models.markov.table import GATES, LEVELS, Counts, Table
from random_pieces import random_piece

PIECES = [random_piece(seed, 400) for seed in range(6)]


@pytest.fixture(scope="module")
def counts() -> Counts:
    return learning.learn(PIECES[:4], PIECES[4:], fewest=5)


def test_it_knows_what_it_learnt_better_than_what_is_new(counts: Counts) -> None:
    table = Table(counts)
    seen, new = (learning.measure(table, pieces).bits_per_event for pieces in (PIECES[:4], PIECES[4:]))
    nothing = learning.measure(Table(learning.learn(PIECES[:1], [], fewest=10**6)), PIECES[4:])
    assert seen < new < nothing.bits_per_event


def test_contexts_that_were_seldom_seen_are_left_out(counts: Counts) -> None:
    strict = learning.learn(PIECES[:4], [], fewest=50)
    assert 0 < len(strict.keys) < len(counts.keys)


def test_how_much_is_done_is_reported() -> None:
    told: list[float] = []
    learning.learn(PIECES[:2], [], report=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(0.8)


def test_gates_are_chances_for_each_context_of_a_style(counts: Counts) -> None:
    assert counts.gates.shape == (sum(LEVELS), GATES, 2)
    right, of = counts.gates[..., 0], counts.gates[..., 1]
    assert (right > 0).all()
    assert (right < of).all()


def test_the_contexts_of_a_file_are_found_again(counts: Counts) -> None:
    usual = Table(counts).distribution(contexts.DT, contexts.of_dt(SILENCE).table)
    nothing = Table(learning.learn(PIECES[:1], [], fewest=10**6))
    evenly = nothing.distribution(contexts.DT, contexts.of_dt(SILENCE).table)
    assert usual.max() > 2 * evenly.max()
