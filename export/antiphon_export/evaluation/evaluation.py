"""A model measured on music: bits per event by field, beside baselines that learnt from the same music.

Every event is predicted from all before it in its piece; the first of a piece is given. The baselines learn
from the train split that belongs to the music. Where a folder has none because all of it is measured, they
learn from four fifths of its pieces and are measured on the fifth, five times, so that they never hear what
they are measured on either.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from antiphon_export.evaluation.judgement import Judgement
from antiphon_export.evaluation.material import Material
from antiphon_models.baselines.markov import baselines
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Losses

FOLDS = 5

FROM_THE_TRAIN_SPLIT = "the train split"
FROM_THE_REST = "the other pieces of the folder, in turn"


class Bits(msgspec.Struct, frozen=True):
    """Mean surprise, in bits: per event, by field, and per note."""

    bits_per_event: float
    dt: float
    velocity: float
    pitch: float
    bits_per_note: float


class Article(msgspec.Struct, frozen=True):
    """The network of the source articles, trained their way; its events are others, its notes the same."""

    bits_per_note: float
    minutes: float
    parameters: int


class Evaluation(msgspec.Struct, frozen=True):
    """All that was measured of one model.

    Attributes:
        model: what it is called.
        parameters: trained weights.
        quantisation: how they are stored.
        folder: of the music.
        split: of it.
        pieces, events, notes: that were predicted.
        bits: of the model.
        baselines: the same of each baseline that is a distribution over the same events.
        baselines_learnt_from: in words; empty where there are no baselines.
        article: the network of the source articles; None where it was not asked for.
        judgement: of its continuations.
        continued_from: the split of the pieces that were continued.
        remarks: what was left out, and why; a sentence each.
    """

    model: str
    parameters: int
    quantisation: str
    folder: str
    split: str
    pieces: int
    events: int
    notes: int
    bits: Bits
    baselines: dict[str, Bits]
    baselines_learnt_from: str
    article: Article | None
    judgement: Judgement | None
    continued_from: str
    remarks: list[str]

    @property
    def beside_the_best_baseline(self) -> str | None:
        """Return ``below_the_best_baseline`` in words, such as ``33.0% better than``."""
        below = self.below_the_best_baseline
        return None if below is None else f"{abs(below):.1%} {'better' if below >= 0 else 'worse'} than"

    @property
    def below_the_best_baseline(self) -> float | None:
        """Return by which share the model's loss is below that of the best baseline; None without one."""
        if not self.baselines:
            return None
        return 1.0 - self.bits.bits_per_event / min(each.bits_per_event for each in self.baselines.values())


@dataclass(frozen=True, slots=True)
class Amount:
    """How much music was predicted."""

    pieces: int
    events: int
    notes: int

    def bits(self, losses: Losses) -> Bits:
        """Return losses per event together with what they amount to per note."""
        per_event = losses.bits_per_event
        per_note = per_event * self.events / max(1, self.notes)
        return Bits(per_event, losses.dt, losses.velocity, losses.pitch, per_note)


def amount(pieces: Sequence[Piece]) -> Amount:
    """Return how many events and notes of some pieces are predicted: all but the first of each."""
    events = sum(len(piece) - 1 for piece in pieces)
    return Amount(len(pieces), events, sum(int((piece.velocity[1:] > 0).sum()) for piece in pieces))


def losses_of_baselines(material: Material) -> tuple[dict[str, Losses], str]:
    """Return the losses of each baseline, and what it learnt from; nothing where there is no such music."""
    if material.learnt is not None:
        return baselines(material.learnt, material.measured), FROM_THE_TRAIN_SPLIT
    if material.portion == "all" and len(material.measured) > 1:
        return _in_turn(material.measured), FROM_THE_REST
    return {}, ""


def _in_turn(pieces: Sequence[Piece]) -> dict[str, Losses]:
    folds = [pieces[fold::FOLDS] for fold in range(min(FOLDS, len(pieces)))]
    weighted: dict[str, list[tuple[Losses, int]]] = {}
    for number, held_out in enumerate(folds):
        rest = [piece for other, fold in enumerate(folds) if other != number for piece in fold]
        for name, losses in baselines(rest, held_out).items():
            weighted.setdefault(name, []).append((losses, amount(held_out).events))
    return {name: _mean(each) for name, each in weighted.items()}


def _mean(weighted: Sequence[tuple[Losses, int]]) -> Losses:
    total = sum(events for _, events in weighted)

    def of(field: str) -> float:
        return float(sum(getattr(losses, field) * events for losses, events in weighted) / total)

    return Losses(of("dt"), of("velocity"), of("pitch"))
