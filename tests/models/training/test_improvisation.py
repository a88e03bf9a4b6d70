"""What a network makes up by itself is music that could have been played to it."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models import vocab
from antiphon_models.network import EventNetwork, build
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Spec
from antiphon_models.training.evaluate import evaluate
from antiphon_models.training.improvisation import improvise


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(Spec(units=8, layers=2))


def test_only_what_sounds_is_released_and_only_what_is_silent_struck(network: EventNetwork) -> None:
    pieces = improvise(network, pieces=3, events=60, seed=1)
    assert [len(piece) for piece in pieces] == [60, 60, 60]
    for piece in pieces:
        sounding: set[int] = set()
        for velocity, pitch in zip(piece.velocity.tolist(), piece.pitch.tolist(), strict=True):
            assert (pitch in sounding) == (velocity == 0)
            sounding ^= {pitch}
        assert set(piece.dt.tolist()) <= {np.float32(seconds) for seconds in vocab.DT_GRID}
        assert not piece.part.any()


def test_the_same_seed_improvises_the_same_and_another_something_else(network: EventNetwork) -> None:
    def pitches(seed: int) -> list[list[int]]:
        return [piece.pitch.tolist() for piece in improvise(network, 2, 40, seed)]

    assert pitches(1) == pitches(1) != pitches(2)


def test_it_improvises_by_what_it_holds_likely(network: EventNetwork) -> None:
    """Its own music surprises it as much as its uncertainty says: less than music drawn without it."""
    own = improvise(network, 16, 100, seed=3)
    assert (
        evaluate(network, own).bits_per_event
        < evaluate(network, [_any(piece) for piece in own]).bits_per_event
    )


def _any(piece: Piece) -> Piece:
    """Return a piece with the same notes at times drawn evenly."""
    rng = np.random.default_rng(1)
    dt = rng.choice(np.array(vocab.DT_GRID, np.float32), len(piece))
    return Piece(piece.name, dt, piece.velocity, piece.pitch, piece.part, is_gridded=False)
