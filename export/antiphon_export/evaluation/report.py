"""An evaluation as a page to read, in Markdown."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from antiphon_export.evaluation.continuations import ANSWER, QUESTION
from antiphon_export.evaluation.evaluation import Article, Bits, Evaluation
from antiphon_export.evaluation.judgement import (
    COPIED,
    GOAL_OF_DENSITY,
    GOAL_OF_GAP,
    GOAL_OF_ORIGINALITY,
    Judgement,
    Runs,
)
from antiphon_models.counted import counted, duration

GOAL_BELOW_BASELINES = 0.3

HOW_CONTINUATIONS_ARE_JUDGED = f"""\
The first {QUESTION} events of a piece are the question. *Drawn on*: the engine goes on where the question
breaks off, for {ANSWER} events, at the default sampling, guided by what it heard as the daemon guides it.
*Answered*: the whole daemon answers the same question after the keys went up, for as long as it likes. Each
is compared with its question, and so are the {ANSWER} events with which the piece itself goes on, and those
of the next piece of the list, which is what comes for nothing.

- *Goal*: what the models that ship are meant to reach; one of your own may please you without.
- *Pitch classes*: what the histograms of the onsets by pitch class have in common (the sum of the smaller of
  each pair of shares), mean over all continuations. *Share of the way*: how far this is from the other
  piece's figure to the real continuation's.
- *Rhythm*: the same of the times from each onset to the next, in bins of a third of an octave from 35 ms to
  4.5 s.
- *Key*: 1 for the same key, 0.5 a fifth away, 0.3 for the relative and 0.2 for the parallel key, mean; keys
  are found by the algorithm of Krumhansl and Schmuckler with the profiles of Krumhansl and Kessler (1982).
- *Density* and *loudness*: median ratio of the onsets per second, and of the mean velocity, to the
  question's.
- *Register*: median distance of the mean pitch from the question's, in semitones.
- *Copied notes*: the longest run of notes that is also somewhere in the training set, in any key: the same
  intervals in the same order, chords read upwards, in the same rhythm within a quarter of the tempo or 35 ms,
  of a trill or a repeated note no more than three. *Whatever the rhythm* counts the intervals alone; scales
  and broken chords are then found in any music."""


def page(evaluation: Evaluation, command: str, picture: str | None) -> str:
    """Return the report.

    Args:
        evaluation: what it says.
        command: with which it was made.
        picture: the file beside it that belongs to it.
    """
    parts = [
        f"# How well the model *{evaluation.model}* plays",
        f"`{command}`",
        *([f"![loss, likeness, and some answers]({picture})"] if picture else []),
        "## Surprise",
        _surprise(evaluation),
        *([_continuations(evaluation.judgement, evaluation.continued_from)] if evaluation.judgement else []),
        *(
            ["## Left out", "\n".join(f"- {remark}" for remark in evaluation.remarks)]
            if evaluation.remarks
            else []
        ),
    ]
    return "\n\n".join(parts) + "\n"


def title_of(baseline: str) -> str:
    """Return what a baseline is called to people: ``markov2`` is "Markov, order 2"."""
    return f"Markov, order {baseline.removeprefix('markov')}" if baseline.startswith("markov") else baseline


def title_of_article(article: Article) -> str:
    """Return what the network of the articles is called to people."""
    return f"LSTM of the articles, {duration(article.minutes)}"


def name_of_piece(name: str) -> str:
    """Return what a piece is called to people: its file without folder and suffix, and which tune of it."""
    return re.sub(r"\.(?:midi?|abc)(?=#\d+$|$)", "", Path(name).name, flags=re.IGNORECASE)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, all columns but the first aligned to the right."""
    rule = ["---", *["---:"] * (len(titles) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [titles, rule, *rows])


def _surprise(evaluation: Evaluation) -> str:
    named = {f"**{evaluation.model}**": evaluation.bits}
    named |= {title_of(name): bits for name, bits in evaluation.baselines.items()}
    rows = [[name, *_figures(bits)] for name, bits in named.items()]
    if evaluation.article is not None:
        rows.append(
            [title_of_article(evaluation.article), *[""] * 4, f"{evaluation.article.bits_per_note:.2f}"]
        )
    parts = [
        f"On {counted(evaluation.pieces, 'piece')} ({evaluation.folder}, {evaluation.split}) with "
        f"{counted(evaluation.events, 'event')} and {counted(evaluation.notes, 'note')}; the model has "
        f"{evaluation.parameters:,} parameters (quantisation: {evaluation.quantisation}).",
        table(["bits", "per event", "time", "velocity", "pitch", "per note"], rows),
    ]
    beside = evaluation.beside_the_best_baseline
    if beside is not None:
        parts.append(
            f"The baselines learnt from {evaluation.baselines_learnt_from}. The model is {beside} "
            f"the best of them (the goal for models that ship: {GOAL_BELOW_BASELINES:.0%} better)."
        )
    return "\n\n".join(parts)


def _figures(bits: Bits) -> list[str]:
    fields = (bits.bits_per_event, bits.dt, bits.velocity, bits.pitch, bits.bits_per_note)
    return [f"{field:.2f}" for field in fields]


def _continuations(judgement: Judgement, continued_from: str) -> str:
    columns = [judgement.model, judgement.improviser, judgement.real, judgement.other]
    lowest, highest = GOAL_OF_DENSITY
    closed = "" if judgement.gap_closed is None else f"{judgement.gap_closed:.0%}"

    def row(title: str, field: str, form: str, goal: str = "") -> list[str]:
        return [title, *(format(getattr(each, field), form) if each else "" for each in columns), goal]

    rows = [
        row("pitch classes", "pitch_classes", ".2f"),
        ["share of the way", closed, "", "100%", "0%", f"at least {GOAL_OF_GAP:.0%}"],
        row("rhythm", "rhythm", ".2f"),
        row("key", "key", ".2f"),
        row("density", "density", ".2f", f"{lowest} to {highest}"),
        row("loudness", "loudness", ".2f"),
        row("register", "register", ".1f"),
        *_rows_of_runs("copied notes", [each.runs if each else None for each in columns], is_the_goal=True),
        *_rows_of_runs(
            "whatever the rhythm",
            [each.runs_of_pitches if each else None for each in columns],
            is_the_goal=False,
        ),
        ["continuations", *(str(each.continuations) if each else "" for each in columns), ""],
    ]
    titles = ["", "drawn on", "answered", "real", "another piece's", "goal"]
    return "\n\n".join(
        [
            f"## Continuations of {counted(len(judgement.pieces), 'piece')}",
            f"From the pieces of {continued_from} that have {QUESTION + ANSWER} events and more.",
            table(titles, rows),
            HOW_CONTINUATIONS_ARE_JUDGED,
            f"The pieces: {', '.join(f'`{name_of_piece(name)}`' for name in judgement.pieces)}.",
        ]
    )


def _rows_of_runs(title: str, columns: Sequence[Runs | None], is_the_goal: bool) -> list[list[str]]:
    if not any(columns):
        return []
    goal = f"at least {GOAL_OF_ORIGINALITY:.0%}" if is_the_goal else ""
    # How another piece goes on is how a piece goes on: the column would say the same again.
    shown = [*columns[:-1], None]
    lengths = [f"{each.median:.0f}, {each.of_99_percent:.0f}" if each else "" for each in shown]
    original = [f"{each.original:.1%}" if each else "" for each in shown]
    return [
        [f"{title}: median, 99 in 100", *lengths, ""],
        [f"{title}: under {COPIED}", *original, goal],
    ]
