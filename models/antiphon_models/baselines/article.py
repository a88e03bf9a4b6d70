"""The LSTM of the source articles, trained their way, measured in bits per note.

An embedding of 512, three stateful Keras LSTM layers of 256 and one softmax over tokens; the pieces one after
another in one long row of tokens, cut into 16 lanes, and ``train_on_batch`` on 64 tokens of each at a time,
the state carried on; Adam as Keras sets it, pieces as they were played. The articles' dropout is left out:
in the few rounds through the pieces that a run takes it would only slow the pupil down.

A note is an onset. Bits per note are all bits over all onsets of the held-out pieces, the first event of each
being given, so they compare with bits per event times events per onset of a network that predicts the same
events; see ``tokens`` for why they are the same.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from antiphon_models import stateful
from antiphon_models.baselines.tokens import NOTE_OFF, TOKENS, Tokens, spelt, tokens_of
from antiphon_models.errors import TrainingError
from antiphon_models.notes.pieces import Piece
from antiphon_models.stateful import ARTICLES, LANES, WINDOW, Shape, Symbols, forget, lessons, teach

SEED = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a network of the articles.

    Attributes:
        bits_per_note: of the held-out pieces.
        steps, minutes: that the training took.
        parameters: trained weights.
    """

    bits_per_note: float
    steps: int
    minutes: float
    parameters: int


def article(
    train: Sequence[Piece],
    held_out: Sequence[Piece],
    minutes: float = math.inf,
    steps: int | None = None,
    report: Callable[[float], None] = lambda share: None,
    shape: Shape = ARTICLES,
) -> Outcome:
    """Train a network of the articles' shape and return its loss on the held-out pieces.

    Args:
        minutes, steps: the budget; whichever is spent first ends the training.
        report: is told how much of it is spent, 0 to 1.
        shape: of the network.

    Raises:
        TrainingError: there is no budget, the pieces to learn from are shorter than a window of every lane,
            there is nothing to predict, or the loss is no number any more.
    """
    if steps is None and math.isinf(minutes):
        raise TrainingError("the network of the articles learns until it is stopped; give minutes or steps")
    if not any(len(piece) > 1 for piece in held_out):
        raise TrainingError("the held-out pieces have no events to predict; give some of two events and more")
    keras.utils.set_random_seed(SEED)
    network = build(shape)
    taken, took = _learn(network, row_of(train), minutes, math.inf if steps is None else steps, report)
    bits, notes = surprise(network, held_out)
    return Outcome(bits / max(1, notes), taken, took, network.count_params())


def build(shape: Shape = ARTICLES, lanes: int = LANES) -> Any:
    """Return a fresh network: tokens (lanes, time) in, logits (lanes, time, 388) out, its state its own."""
    return stateful.build(TOKENS, shape, lanes)


def row_of(pieces: Sequence[Piece]) -> Tokens:
    """Return the tokens of all pieces, one after another."""
    rows = [tokens_of(spelt(piece))[0] for piece in pieces if len(piece)]
    return np.concatenate([np.zeros(0, np.int16), *rows])


def _learn(
    network: Any, row: Tokens, minutes: float, steps: float, report: Callable[[float], None]
) -> tuple[int, float]:
    """Train until the minutes or the steps are spent, and return how many steps and minutes it took."""
    if len(row) // LANES <= WINDOW:
        needed = LANES * (WINDOW + 1)
        raise TrainingError(
            f"the network of the articles needs {needed:,} tokens, not {len(row):,}; add pieces"
        )
    began, taken, took = time.monotonic(), 0, 0.0
    for heard, following in _rounds(network, row):
        if took >= minutes or taken >= steps:
            break
        report(max(took / minutes, taken / steps))
        _teach(network, heard, following)
        taken, took = taken + 1, (time.monotonic() - began) / 60
    return taken, took


def _rounds(network: Any, row: Tokens) -> Iterator[tuple[Symbols, Symbols]]:
    """Yield the lessons over and over; a network that begins again has heard nothing."""
    while True:
        forget(network)
        yield from lessons(row)


def _teach(network: Any, heard: Symbols, following: Symbols) -> None:
    nats = teach(network, heard, following)
    if not math.isfinite(nats):
        raise TrainingError(f"the loss of the network of the articles became {nats}; train it anew")


def surprise(network: Any, pieces: Sequence[Piece]) -> tuple[float, int]:
    """Return all bits that the events of some pieces cost, the first of each being given, and their notes."""
    rows = [tokens_of(spelt(piece)) for piece in pieces if len(piece) > 1]
    bits = stateful.surprise(network, [tokens for tokens, _ in rows], [given for _, given in rows])
    return bits, sum(_onsets(tokens[given:]) for tokens, given in rows)


def _onsets(tokens: Tokens) -> int:
    return int((tokens < NOTE_OFF).sum())
