"""The network of the source articles: an embedding, stateful Keras LSTM layers and one softmax over symbols.

As they built it: an embedding of 512, three LSTM layers of 256 that carry their state from one call to the
next, a dropout of 0.2 after each, and at every place in time a softmax, learnt with Adam on 16 lanes of 64
symbols. It puts out logits, the dense layer being time-distributed as it is; the softmax is in the loss and
in whatever draws, where it is computed without rounding errors. It knows nothing of what its symbols mean.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from antiphon_models import backends
from antiphon_models.backends import Tensor

Symbols = npt.NDArray[np.integer[Any]]

LANES, WINDOW = 16, 64


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is; of itself, as large as that of the articles."""

    embedding: int = 512
    units: int = 256
    layers: int = 3


ARTICLES = Shape()


class Stateful(keras.layers.LSTM):  # type: ignore[misc]
    """Keras's stateful LSTM, whose loop and gradient are those of :mod:`antiphon_models.backends`.

    The same weights give the same numbers; a step of training takes a third of the time.
    """

    def call(
        self, sequences: Tensor, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Tensor:
        """Return the outputs (lanes, time, units), and keep the state for the next call."""
        assert initial_state is None, "the state is its own"
        assert mask is None, "all symbols count"
        h, c = self.states
        weights = (self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias)
        outs, h_after, c_after = backends.chosen().unroll(sequences, h, c, weights, self.compute_dtype)
        h.assign(h_after)
        c.assign(c_after)
        return outs


def build(
    symbols: int, shape: Shape = ARTICLES, lanes: int = LANES, dropout: float = 0.0, optimizer: Any = "adam"
) -> Any:
    """Return a fresh network: symbols (lanes, time) in, logits (lanes, time, symbols) out."""
    layers: list[Any] = []
    for index in range(shape.layers):
        layers.append(Stateful(shape.units, return_sequences=True, stateful=True, name=f"recurrence{index}"))
        if dropout:
            layers.append(keras.layers.Dropout(dropout))
    network = keras.Sequential(
        [
            keras.Input(batch_shape=(lanes, None), dtype="int32"),
            keras.layers.Embedding(symbols, shape.embedding, name="embedding"),
            *layers,
            keras.layers.Dense(symbols, name="logits"),
        ],
        # Weights are kept under their paths, which begin with it.
        name="sequential",
    )
    nats = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    # Compiled by XLA the loop over time takes longer.
    network.compile(optimizer=optimizer, loss=nats, jit_compile=False)
    return network


def lessons(row: Symbols, lanes: int = LANES, window: int = WINDOW) -> Iterator[tuple[Symbols, Symbols]]:
    """Yield symbols (lanes, window) and those that follow each, to the end of the lanes.

    Each lane is a part of the row, and the state after a window is that before the next.
    """
    side_by_side = row[: len(row) // lanes * lanes].reshape(lanes, -1)
    for start in range(0, side_by_side.shape[1] - window, window):
        after = slice(start + 1, start + window + 1)
        yield side_by_side[:, start : start + window], side_by_side[:, after]


def teach(network: Any, heard: Symbols, following: Symbols) -> float:
    """Take one step and return the loss in nats per symbol."""
    # What Keras returns is a mean over all batches since its metrics were last reset.
    network.reset_metrics()
    return float(network.train_on_batch(heard, following))


def surprise(
    network: Any, rows: Sequence[Symbols], given: Sequence[int], lanes: int = LANES, window: int = WINDOW
) -> float:
    """Return all bits that some rows of symbols cost, each read from its beginning, the first ones given."""
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]), reverse=True)
    bits = 0.0
    for start in range(0, len(order), lanes):
        some = order[start : start + lanes]
        bits += _surprise_of_lanes(network, [rows[i] for i in some], [given[i] for i in some], lanes, window)
    return bits


def _surprise_of_lanes(
    network: Any, rows: Sequence[Symbols], given: Sequence[int], lanes: int, window: int
) -> float:
    """Return the bits of no more rows than there are lanes, each of them in a lane of its own."""
    windows = math.ceil((max(map(len, rows)) - 1) / window)
    side_by_side = np.zeros((lanes, windows * window + 1), np.int32)
    counts = np.zeros(side_by_side.shape, bool)
    for lane, (row, known) in enumerate(zip(rows, given, strict=True)):
        side_by_side[lane, : len(row)] = row
        counts[lane, known : len(row)] = True
    forget(network)
    bits = 0.0
    for start in range(0, windows * window, window):
        logits = network.predict_on_batch(side_by_side[:, start : start + window])
        after = slice(start + 1, start + window + 1)
        bits += float(bits_of(logits, side_by_side[:, after])[counts[:, after]].sum())
    return bits


def bits_of(logits: npt.NDArray[np.float32], symbols: Symbols) -> npt.NDArray[np.float64]:
    """Return the surprise (...) of symbols (...) given logits (..., choices), in bits."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(shifted, symbols[..., np.newaxis].astype(np.intp), axis=-1)[..., 0]
    return np.asarray((np.log(np.exp(shifted).sum(axis=-1)) - chosen) / math.log(2))


def recurrences(network: Any) -> list[Any]:
    """Return the LSTM layers, the first of them first."""
    return [layer for layer in network.layers if isinstance(layer, keras.layers.LSTM)]


def forget(network: Any) -> None:
    """Let a network have heard nothing."""
    for layer in recurrences(network):
        layer.reset_state()
