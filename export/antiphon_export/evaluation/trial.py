"""The trial: a model continues pieces that it never heard, and the continuations are judged."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.adapters.engines.models import read_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.config import load
from antiphon.core.engine import MusicEvent
from antiphon.settings import Config
from antiphon_export.evaluation.continuations import (
    ANSWER,
    QUESTION,
    answered,
    as_passage,
    drawn_on,
    events_of,
    spread,
)
from antiphon_export.evaluation.judgement import Judgement, judge
from antiphon_export.evaluation.likeness import passage_of
from antiphon_export.evaluation.verbatim import Learnt
from antiphon_models.notes.pieces import Piece
from antiphon_models.stages import Progress, unseen


@dataclass(frozen=True, slots=True)
class Example:
    """A question, how the model goes on, and how the piece does."""

    name: str
    question: list[MusicEvent]
    drawn: list[MusicEvent]
    real: list[MusicEvent]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: the judgement, and a drawn answer to each piece to look at."""

    judgement: Judgement
    examples: list[Example]


def default_sampling(model: Path) -> Config:
    """Return the configuration as it is shipped, whatever this user has set, for one model file."""
    return load(None, [f"model.file={model}"], {}, system_file=Path(os.devnull)).config


def tried(
    model: Path,
    pieces: Sequence[Piece],
    learnt: Sequence[Piece] | None,
    answers: int,
    progress: Progress = unseen,
) -> Trial | None:
    """Let a model file continue pieces, ``answers`` times each, at the default sampling.

    Returns None where no piece is long enough, or nothing sounds.

    Args:
        model: a file with its card beside it.
        pieces: of which some are chosen, the same ones each time.
        learnt: the training set, in which what was played is looked for; None where it is not known.
        answers: to each piece, with the seeds 0, 1, 2 ...
        progress: told how many pieces have been continued, of how many.

    Raises:
        ModelError: the model is missing or damaged.
    """
    chosen = spread(pieces)
    if not chosen:
        return None
    config = default_sampling(model)
    network = StepGraph(read_network(model))
    asked = [piece.excerpt(0, QUESTION) for piece in chosen]
    real = [piece.excerpt(QUESTION, QUESTION + ANSWER) for piece in chosen]
    questions = list(map(events_of, asked))
    drawn: list[list[list[MusicEvent]]] = []
    by_the_improviser = []
    for number, question in enumerate(questions, start=1):
        drawn.append(list(drawn_on(network, config.settings, question, range(answers))))
        by_the_improviser.append(answered(config, question, seed=0))
        progress(number, len(chosen))
    judgement = judge(
        [piece.name for piece in chosen],
        list(map(passage_of, asked)),
        list(map(passage_of, real)),
        [[as_passage(each) for each in of_piece] for of_piece in drawn],
        by_the_improviser,
        None if learnt is None else Learnt(map(passage_of, learnt)),
    )
    if judgement is None:
        return None
    rows = zip(questions, drawn, real, strict=True)
    return Trial(
        judgement,
        [Example(piece.name, question, each[0], events_of(piece)) for question, each, piece in rows],
    )
