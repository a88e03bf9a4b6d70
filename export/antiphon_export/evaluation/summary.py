"""An evaluation as it is told on a terminal, and to programs. It prints nothing itself."""

from collections.abc import Iterator
from typing import Any

import msgspec
from rich.table import Table

from antiphon_export.evaluation.evaluation import Evaluation
from antiphon_export.evaluation.judgement import COPIED, Judgement, Verdict
from antiphon_export.evaluation.report import title_of, title_of_article
from antiphon_models.counted import counted


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return everything that was measured, of the baselines the sums apart from the fields."""
    told = msgspec.to_builtins(evaluation)
    judgement, baselines = told.pop("judgement"), told.pop("baselines")
    return {
        **told.pop("bits"),
        "baselines": {name: bits["bits_per_event"] for name, bits in baselines.items()},
        "below_best_baseline": evaluation.below_the_best_baseline,
        "baselines_by_field": baselines,
        "continuations": judgement,
        **told,
    }


def as_tables(evaluation: Evaluation) -> Iterator[Table | str]:
    """Yield tables and lines of text, as they follow each other."""
    yield (
        f"{counted(evaluation.events, 'event')}, {counted(evaluation.notes, 'note')}, "
        f"{counted(evaluation.pieces, 'piece')} ({evaluation.folder}, {evaluation.split}); "
        "how many bits of surprise, and fewer are better:\n"
    )
    yield _bits(evaluation)
    beside = evaluation.beside_the_best_baseline
    if beside is not None:
        learnt = f"which learnt from {evaluation.baselines_learnt_from}"
        yield f"\n{beside} the best of frequencies and Markov chains, {learnt}"
    if judgement := evaluation.judgement:
        yield (
            f"\n{counted(len(judgement.pieces), 'piece')} of {evaluation.continued_from} continued, "
            f"{counted(judgement.model.continuations, 'time')} in all: drawn on by the network alone, "
            "answered by the whole daemon, as they really go on, and as another's goes on. Beside the "
            "question: what they have in common of pitches, rhythm and key; density and loudness as shares "
            "of its own; register in semitones from it. Original is what has under "
            f"{COPIED} notes in a row from the train split.\n"
        )
        yield _continuations(judgement)
        closed = judgement.gap_closed
        if closed is not None:
            yield f"\npitches: {closed:.0%} of the way from another piece to the real continuation"
    for remark in evaluation.remarks:
        yield f"\n{remark}"


def _bits(evaluation: Evaluation) -> Table:
    table = _table("bits", "per event", "time", "velocity", "pitch", "per note")
    rows = {evaluation.model: evaluation.bits}
    rows |= {title_of(name): bits for name, bits in evaluation.baselines.items()}
    for name, bits in rows.items():
        figures = (bits.bits_per_event, bits.dt, bits.velocity, bits.pitch, bits.bits_per_note)
        table.add_row(name, *(f"{figure:.3f}" for figure in figures))
    if evaluation.article is not None:
        table.add_row(
            title_of_article(evaluation.article), *[""] * 4, f"{evaluation.article.bits_per_note:.3f}"
        )
    return table


def _continuations(judgement: Judgement) -> Table:
    table = _table("", "pitches", "rhythm", "key", "density", "loudness", "register", "original")
    kinds = {
        "drawn on": judgement.model,
        "answered": judgement.improviser,
        "really": judgement.real,
        "another's": judgement.other,
    }
    for kind, verdict in kinds.items():
        if verdict:
            table.add_row(kind, *_figures(verdict))
    return table


def _figures(verdict: Verdict) -> list[str]:
    return [
        f"{verdict.pitch_classes:.0%}",
        f"{verdict.rhythm:.0%}",
        f"{verdict.key:.0%}",
        f"{verdict.density:.0%}",
        f"{verdict.loudness:.0%}",
        f"{verdict.register:.1f}",
        f"{verdict.runs.original:.1%}" if verdict.runs else "",
    ]


def _table(first: str, *others: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for title in others:
        table.add_column(title, justify="right")
    return table
