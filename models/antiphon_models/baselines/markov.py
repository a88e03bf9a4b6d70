"""Frequencies and Markov models of order 1 to 3: exact distributions over the events of the network.

As in the network, dt is predicted first, velocity in the light of it, and pitch in the light of both; the
first event of a piece is given. The network is told what sounds, and gives no chance to the release of a
silent pitch or the onset of one that sounds. A Markov model cannot know that from a few events, so it is told
too: the impossible is left out and the rest made to sum to 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.baselines.contexts import CHAINS, THETA, Context, Orders
from antiphon_models.baselines.counts import Counts, Floats, count, packed, refine
from antiphon_models.baselines.history import FARTHEST, SIZES, Feature, History, Known
from antiphon_models.errors import TrainingError
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Losses

AT_ONCE = 4096
"""Held-out events whose distributions are in memory together."""

IMPOSSIBLE = 1e-12
"""What is left of the chance of what cannot be, so that a damaged piece costs much but not everything."""

SIZES_OF_FIELDS = {
    Known.DT: vocab.DT_BINS,
    Known.VELOCITY: vocab.VELOCITY_CLASSES,
    Known.PITCH: vocab.PITCHES,
}


def baselines(train: Sequence[Piece], held_out: Sequence[Piece]) -> dict[str, Losses]:
    """Return the mean losses of ``frequencies``, ``markov1``, ``markov2`` and ``markov3`` in bits.

    Frequencies are how often each value of a field occurs, whatever came before and whatever sounds.

    Raises:
        TrainingError: no piece of ``held_out`` has an event that could be predicted.
    """
    learnt, heard = History.of(train), History.of(held_out)
    if not len(heard):
        raise TrainingError("the baselines have no events to predict; give pieces of two events and more")
    possible = Possible(heard, heard.sounding())
    by_field = [
        losses_of(Known(field), orders, learnt, heard, possible) for field, orders in CHAINS._asdict().items()
    ]
    names = ["frequencies"] + [f"markov{order}" for order in range(1, len(by_field[0]))]
    return {name: Losses(*losses) for name, losses in zip(names, zip(*by_field, strict=True), strict=True)}


def losses_of(
    field: Known, orders: Orders, learnt: History, heard: History, possible: "Possible"
) -> list[float]:
    """Return the mean loss of a field in bits, for each order from 0 on."""
    sums, outcomes = np.zeros(len(orders)), heard.column(Feature(field, 0))
    levels = [[Level.of(field, context, learnt, heard) for context in order] for order in orders]
    for rows, refined in distributions(field, levels, len(heard), possible):
        chances = [each[np.arange(len(each)), outcomes[rows]] for each in refined]
        sums -= [np.log2(chance).sum() for chance in chances]
    return [float(each) for each in sums / len(heard)]


@dataclass(frozen=True, slots=True)
class Level:
    """One context of a chain: what was counted in it, and where it occurs in what is predicted.

    ``contexts``: (events,) of the events that are predicted.
    ``offsets``: (events,) semitones from a counted value to a pitch; None where pitches were counted.
    """

    counts: Counts
    contexts: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64] | None

    @classmethod
    def of(cls, field: Known, context: Context, learnt: History, heard: History) -> "Level":
        """Count a field of what was learnt from."""
        columns = [
            np.concatenate([learnt.column(feature), heard.column(feature)]) for feature in context.features
        ]
        sizes = [SIZES[feature.kind] for feature in context.features]
        numbers = packed(columns, sizes, len(learnt) + len(heard))
        counted = Feature(Known.INTERVAL if context.is_transposed else field, 0)
        counts = count(numbers[: len(learnt)], learnt.column(counted), THETA)
        before = heard.column(Feature(Known.PITCH, 1)).astype(np.int64) if context.is_transposed else None
        return cls(counts, numbers[len(learnt) :], None if before is None else before - FARTHEST)

    def refined(self, coarser: Floats, rows: slice) -> Floats:
        """Return the distributions (rows, values) of some predicted events, given coarser ones."""
        offsets = None if self.offsets is None else self.offsets[rows]
        return refine(coarser, self.counts, self.contexts[rows], offsets)


@dataclass(frozen=True, slots=True)
class Possible:
    """What can be, given what sounds before each predicted event."""

    heard: History
    sounding: npt.NDArray[np.uint8]

    def of(self, field: Known, rows: slice) -> npt.NDArray[np.bool_]:
        """Return (rows, values): whether a value can be; for a pitch, in the light of the velocity."""
        sounds = np.unpackbits(self.sounding[rows], axis=1).astype(bool)
        if field is Known.PITCH:
            is_onset = self.heard.column(Feature(Known.IS_ONSET, 0))[rows].astype(bool)
            can_be: npt.NDArray[np.bool_] = sounds ^ is_onset[:, np.newaxis]
            return can_be
        possible = np.ones((len(sounds), SIZES_OF_FIELDS[field]), bool)
        if field is Known.VELOCITY:
            possible[:, vocab.RELEASE] = sounds.any(axis=1)
        return possible


def distributions(
    field: Known, levels: Sequence[Sequence[Level]], events: int, possible: Possible
) -> Iterator[tuple[slice, list[Floats]]]:
    """Yield some of the predicted events and, for each order, their distributions (rows, values)."""
    size = SIZES_OF_FIELDS[field]
    for start in range(0, events, AT_ONCE):
        rows = slice(start, min(start + AT_ONCE, events))
        coarser, refined = np.full((rows.stop - start, size), 1.0 / size), []
        allowed = possible.of(field, rows)
        for order, contexts in enumerate(levels):
            for level in contexts:
                coarser = level.refined(coarser, rows)
            # Frequencies are of what occurs, whatever sounds.
            weights = 1.0 if order == 0 else np.where(allowed, 1.0, IMPOSSIBLE)
            weighted = coarser * weights
            refined.append(weighted / weighted.sum(axis=1, keepdims=True))
        yield rows, refined
