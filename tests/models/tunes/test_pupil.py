"""A network that reads a row, and goes on where it was."""

from dataclasses import replace

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon_models.errors import CorpusError
from antiphon_models.tunes.pupil import CharPupil
from antiphon_models.tunes.rows import Row
from antiphon_models.tunes.spec import CharSpec
from antiphon_models.tunes.train import OF_THE_ARTICLES

SPEC = CharSpec("ab", False, embedding=4, units=8, layers=2)
RECIPE = replace(OF_THE_ARTICLES, lanes=2, window=8)
ROW = Row(["ab" * 30, "ba" * 10], "ab", False, 1)


def test_it_learns_what_is_always_the_same() -> None:
    pupil = CharPupil(SPEC, RECIPE, ROW)
    bits = [pupil.learn(0.03) for _ in range(60)]
    assert np.mean(bits[-5:]) < 0.5 < bits[0]


def test_it_goes_on_as_if_nothing_had_come_between() -> None:
    """Over the end of a round, with dropout's dice, the optimiser and what each lane has heard."""
    one, other = CharPupil(SPEC, RECIPE, ROW), CharPupil(SPEC, replace(RECIPE, seed=2), ROW)
    for _ in range(3):
        one.learn(0.01)
    other.remember(one.memory())
    assert [one.learn(0.01) for _ in range(6)] == [other.learn(0.01) for _ in range(6)]


def test_too_little_text_is_refused() -> None:
    with pytest.raises(CorpusError, match="add text"):
        CharPupil(SPEC, RECIPE, Row(["ab"], "ab", False, 1))
