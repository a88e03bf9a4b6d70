"""How good the continuations of pieces are, beside how the pieces really go on and beside other pieces.

The real continuation says what can be expected at best of somebody who does not know the piece; another
piece's continuation says what comes for nothing. A model is judged by how far it is from the one to the
other.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from antiphon_export.evaluation.likeness import Likeness, Passage, likeness
from antiphon_export.evaluation.verbatim import Learnt

COPIED = 12
"""Notes from which a run that is shared with the training set counts as copied."""

GOAL_OF_GAP = 0.85
GOAL_OF_DENSITY = (0.8, 1.25)
GOAL_OF_ORIGINALITY = 0.99


class Runs(msgspec.Struct, frozen=True):
    """The longest runs of notes that continuations share with the training set, see
    ``antiphon_export.evaluation.verbatim``.

    Attributes:
        median: notes.
        of_99_percent: notes that 99 of 100 continuations do not exceed.
        longest: notes.
        original: share of the continuations in which every run is under ``COPIED`` notes.
    """

    median: float
    of_99_percent: float
    longest: int
    original: float


class Verdict(Likeness, frozen=True):
    """Continuations of one kind, each compared with its question: means of the first three figures, medians
    of the others, of the register that of the distance either way.

    Attributes:
        continuations: how many.
        runs: shared with the training set, in the same rhythm; None where that set is not known.
        runs_of_pitches: the same, whatever the rhythm.
    """

    continuations: int
    runs: Runs | None = None
    runs_of_pitches: Runs | None = None


class Judgement(msgspec.Struct, frozen=True):
    """All that is found about the continuations of some pieces.

    Attributes:
        pieces: their names.
        model: what the model drew.
        real: how the pieces go on.
        other: how the next piece of the list goes on; None where there is one piece only.
        improviser: what the whole daemon answers.
        gap_closed: where ``model`` is on the way from ``other``, 0, to ``real``, 1, by pitch classes.
    """

    pieces: list[str]
    model: Verdict
    real: Verdict
    other: Verdict | None
    improviser: Verdict | None
    gap_closed: float | None


def verdict(
    continuations: Sequence[Passage], questions: Sequence[Passage], learnt: Learnt | None
) -> Verdict | None:
    """Return what there is to say of continuations, one of each question; None where all are silent."""
    pairs = zip(continuations, questions, strict=True)
    sounding = [(each, question) for each, question in pairs if len(each) and len(question)]
    if not sounding:
        return None
    found = [likeness(each, question) for each, question in sounding]

    return Verdict(
        pitch_classes=float(np.mean([each.pitch_classes for each in found])),
        rhythm=float(np.mean([each.rhythm for each in found])),
        key=float(np.mean([each.key for each in found])),
        density=float(np.median([each.density for each in found])),
        loudness=float(np.median([each.loudness for each in found])),
        register=float(np.median([abs(each.register) for each in found])),
        continuations=len(sounding),
        runs=runs([each for each, _ in sounding], learnt, in_rhythm=True),
        runs_of_pitches=runs([each for each, _ in sounding], learnt, in_rhythm=False),
    )


def runs(continuations: Sequence[Passage], learnt: Learnt | None, *, in_rhythm: bool) -> Runs | None:
    """Return what continuations share with what was learnt from, where that is known."""
    if learnt is None:
        return None
    lengths = np.array([learnt.longest_run(each, in_rhythm=in_rhythm) for each in continuations])
    return Runs(
        median=float(np.median(lengths)),
        of_99_percent=float(np.quantile(lengths, 0.99, method="higher")),
        longest=int(lengths.max()),
        original=float((lengths < COPIED).mean()),
    )


def judge(
    names: Sequence[str],
    questions: Sequence[Passage],
    real: Sequence[Passage],
    drawn: Sequence[Sequence[Passage]],
    answered: Sequence[Passage],
    learnt: Learnt | None,
) -> Judgement | None:
    """Judge the continuations of pieces, for each of which there may be several that were drawn.

    Returns None where nothing sounds that could be judged.
    """
    asked = [question for question, each in zip(questions, drawn, strict=True) for _ in each]
    model = verdict([each for of_piece in drawn for each in of_piece], asked, learnt)
    really = verdict(real, questions, learnt)
    if model is None or really is None:
        return None
    other = verdict([*real[1:], real[0]], questions, None) if len(real) > 1 else None
    return Judgement(
        pieces=list(names),
        model=model,
        real=really,
        other=other,
        improviser=verdict(answered, questions, learnt) if answered else None,
        gap_closed=_gap_closed(model, really, other),
    )


def _gap_closed(model: Verdict, real: Verdict, other: Verdict | None) -> float | None:
    if other is None or real.pitch_classes <= other.pitch_classes:
        return None
    return (model.pitch_classes - other.pitch_classes) / (real.pitch_classes - other.pitch_classes)
