"""The trial on the model that ships, over pieces that are nobody's music."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon.adapters.engines.models import find_network
from antiphon_export.evaluation.continuations import ANSWER, QUESTION
from antiphon_export.evaluation.trial import default_sampling, tried
from default_config import loaded
from random_pieces import random_piece

MODEL = find_network("default").path
PIECES = [random_piece(seed, QUESTION + ANSWER) for seed in range(2)]


def test_pieces_are_continued_as_often_as_asked_and_held_against_what_was_learnt() -> None:
    told: list[tuple[int, int]] = []
    trial = tried(MODEL, PIECES, PIECES, answers=2, progress=lambda done, of: told.append((done, of)))
    assert trial is not None
    found = trial.judgement
    assert found.pieces == ["random 0", "random 1"]
    assert (found.model.continuations, found.real.continuations) == (4, 2)
    # The pieces were learnt, so how they go on is copied from there.
    assert found.real.runs is not None
    assert found.real.runs.original == 0.0
    assert found.model.runs is not None
    assert found.model.runs.longest < found.real.runs.longest
    assert told == [(1, 2), (2, 2)]
    assert [len(example.drawn) for example in trial.examples] == [ANSWER, ANSWER]
    assert np.isclose(sum(event.dt for event in trial.examples[0].question), PIECES[0].dt[:QUESTION].sum())


def test_pieces_that_are_too_short_are_not_continued() -> None:
    assert tried(MODEL, [random_piece(1, QUESTION + ANSWER - 1)], None, answers=1) is None


def test_the_default_sampling_is_what_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTIPHON_PLAY__TEMPERATURE", "0.1")
    assert default_sampling(MODEL).settings == loaded().config.settings
