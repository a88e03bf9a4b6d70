"""Frequencies and Markov models against music whose entropy is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import vocab
from antiphon_models.baselines.contexts import CHAINS
from antiphon_models.baselines.counts import Floats
from antiphon_models.baselines.history import Feature, History, Known
from antiphon_models.baselines.markov import Level, Possible, baselines, distributions
from antiphon_models.errors import TrainingError
from antiphon_models.notes.pieces import Piece
from random_pieces import random_piece, with_another_end


def two_voices(seed: int, events: int, pitches: tuple[int, int] = (60, 67)) -> Piece:
    """Return a piece whose voices change, each at its turn, between silence and sound.

    An onset waits longer than a release, nine times in ten, and is soft after a loud one and loud after a
    soft one, three times in four.
    """
    rng = np.random.default_rng(seed)
    dt, velocity, pitch, loudness = [], [], [], 20
    for index in range(events):
        is_onset = index // 2 % 2 == 0
        dt.append((0.3 if is_onset else 0.1) if rng.random() < 0.9 else (0.1 if is_onset else 0.3))
        if is_onset:
            loudness = (100 if loudness == 20 else 20) if rng.random() < 0.75 else loudness
        velocity.append(loudness if is_onset else 0)
        pitch.append(pitches[index % 2])
    fields = np.array(dt, np.float32), np.array(velocity, np.uint8), np.array(pitch, np.uint8)
    return Piece(f"two voices {seed}", *fields, np.zeros(events, np.uint8), False)


def entropy(*chances: float) -> float:
    return float(-sum(chance * np.log2(chance) for chance in chances))


@pytest.fixture(scope="module")
def much() -> list[Piece]:
    return [two_voices(seed, 2000) for seed in range(20)]


def refined(field: Known, learnt: History, heard: History) -> list[Floats]:
    """Return the distributions (events, values) of a field for each order."""
    possible = Possible(heard, heard.sounding())
    orders = getattr(CHAINS, field.value)
    levels = [[Level.of(field, context, learnt, heard) for context in order] for order in orders]
    parts = [part for _, part in distributions(field, levels, len(heard), possible)]
    return [np.concatenate(order) for order in zip(*parts, strict=True)]


@pytest.mark.parametrize("field", [Known.DT, Known.VELOCITY, Known.PITCH])
def test_every_distribution_sums_to_one(field: Known) -> None:
    learnt = History.of([random_piece(seed, 60) for seed in range(5)])
    heard = History.of([random_piece(seed, 60) for seed in range(5, 8)])
    for chances in refined(field, learnt, heard):
        assert len(chances) == len(heard)
        assert chances.min() > 0
        np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-9)


def test_what_cannot_be_is_given_no_chance_worth_naming() -> None:
    heard = History.of([random_piece(1, 80)])
    possible = Possible(heard, heard.sounding())
    sounds = np.unpackbits(heard.sounding(), axis=1).astype(bool)
    is_onset = heard.column(Feature(Known.VELOCITY, 0)) > vocab.RELEASE
    everything = slice(0, len(heard))
    pitches = possible.of(Known.PITCH, everything)
    assert (pitches[is_onset] == ~sounds[is_onset]).all()
    assert (pitches[~is_onset] == sounds[~is_onset]).all()
    assert (possible.of(Known.VELOCITY, everything)[:, vocab.RELEASE] == sounds.any(axis=1)).all()
    assert pitches[np.arange(len(heard)), heard.column(Feature(Known.PITCH, 0))].all()


def test_all_that_is_regular_is_learnt_in_the_end(much: list[Piece]) -> None:
    """Who plays and whether it is an onset follow from the two events before; the rest is drawn."""
    losses = baselines(much, [two_voices(99, 4000)])
    assert losses["markov2"].pitch == pytest.approx(0.0, abs=0.05)
    assert losses["markov3"].pitch == pytest.approx(0.0, abs=0.05)
    assert losses["markov2"].dt == pytest.approx(entropy(0.9, 0.1), abs=0.05)
    assert losses["markov3"].dt == pytest.approx(entropy(0.9, 0.1), abs=0.05)
    # Half of the events are onsets, of one of two loudnesses, and the last one is among the three before.
    assert losses["markov3"].velocity == pytest.approx(entropy(0.75, 0.25) / 2, abs=0.05)


def test_frequencies_are_the_entropy_of_what_occurs(much: list[Piece]) -> None:
    frequencies = baselines(much, [two_voices(99, 4000)])["frequencies"]
    assert frequencies.dt == pytest.approx(1.0, abs=0.02)
    assert frequencies.velocity == pytest.approx(entropy(0.5, 0.25, 0.25), abs=0.02)
    assert frequencies.pitch == pytest.approx(1.0, abs=0.02)


def test_more_music_helps(much: list[Piece]) -> None:
    held_out = [two_voices(99, 1000)]
    learnt: Sequence[Sequence[Piece]] = [[two_voices(1, 50)], [two_voices(1, 500)], much[:5]]
    for name in ("markov1", "markov2", "markov3"):
        losses = [baselines(pieces, held_out)[name].bits_per_event for pieces in learnt]
        assert losses == sorted(losses, reverse=True)


def test_a_transposed_piece_is_recognised() -> None:
    learnt = [two_voices(seed, 1000, (48 + seed, 55 + seed)) for seed in range(5)]
    held_out = [two_voices(99, 1000, (70, 77))]
    losses = baselines(learnt, held_out)
    assert losses["markov3"].pitch < 1.0 < 5.0 < losses["frequencies"].pitch


@pytest.mark.parametrize("field", [Known.DT, Known.VELOCITY, Known.PITCH])
def test_what_is_expected_does_not_depend_on_what_comes_later(field: Known) -> None:
    learnt, cut = History.of([random_piece(seed, 60) for seed in range(5)]), 25
    whole = random_piece(8, 41)
    before = refined(field, learnt, History.of([whole]))
    after = refined(field, learnt, History.of([with_another_end(whole, random_piece(9, 41), cut)]))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one[: cut - 1], other[: cut - 1])
        # Frequencies do not even depend on what came before.
        assert (one[cut:] != other[cut:]).any() == (one is not before[0])


def test_what_was_learnt_from_nothing_is_uniform() -> None:
    losses = baselines([], [random_piece(1, 30)])
    assert losses["frequencies"].bits_per_event == pytest.approx(
        np.log2(vocab.DT_BINS * vocab.VELOCITY_CLASSES * vocab.PITCHES)
    )


def test_nothing_to_predict_is_refused() -> None:
    with pytest.raises(TrainingError, match="no events to predict"):
        baselines([random_piece(1, 30)], [random_piece(2, 1)])
