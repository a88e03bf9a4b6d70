"""A model file reads text as the daemon does."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon.adapters.engines.models import find_model
from antiphon_export.tunes.measure import CharFile
from antiphon_models.tunes.spec import CharCard

TUNE = 'X:1\nM:6/8\nL:1/8\nK:D\nA|"D"dfed2A|"D"dfed2A|"D"d2Ad2f|"D"a6|\n\n'


def test_the_shipped_network_knows_tunes() -> None:
    model = find_model("char-lstm", CharCard)
    bits, microseconds = CharFile(model.path, model.card.spec).measured([TUNE, TUNE[::-1]])
    forwards, _ = CharFile(model.path, model.card.spec).measured([TUNE])
    assert forwards < 1.6 < bits
    assert microseconds > 0


def test_bits_are_those_of_its_logits() -> None:
    model = find_model("char-lstm", CharCard)
    file, alphabet = CharFile(model.path, model.card.spec), model.card.spec.alphabet
    logits = file.logits(TUNE[:-1]).astype(np.float64)
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    bits = [
        -np.log2(row[alphabet.index(character)]) for row, character in zip(chances, TUNE[1:], strict=True)
    ]
    assert file.measured([TUNE])[0] == pytest.approx(np.mean(bits), rel=1e-4)
