"""Whole tunes, written and taken down."""

import pytest

from antiphon.adapters.engines.kinds import Form
from antiphon.adapters.engines.tunes.composing import as_abc, notes_of_tune, written
from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon.adapters.engines.tunes.scribe import Manner
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ConfigurationError
from uniform_scribe import UniformCharNetwork

WARM = Manner(1.0, 0.0)


def test_a_tune_has_the_key_and_the_metre_that_were_asked_for() -> None:
    tune = written(UniformCharNetwork(), WARM, 3, Form("D major", "6/8"))
    assert "M:6/8" in tune.text
    assert "K:D\n" in tune.text
    assert tune.text.startswith("X:1\nT:")
    assert list(tune.notes) == notes_of_tune(tune.text)
    assert len(tune.notes) > 16


def test_the_same_seed_writes_the_same_tune() -> None:
    network = UniformCharNetwork()
    assert written(network, WARM, 3, Form()) == written(network, WARM, 3, Form())
    assert written(network, WARM, 3, Form()) != written(network, WARM, 4, Form())


@pytest.mark.parametrize(
    ("form", "told"),
    [(Form(meter="17/16"), "4/4"), (Form(key="H"), "no key"), (Form(key="F# major"), "sharps")],
)
def test_what_nobody_writes_is_refused(form: Form, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        written(UniformCharNetwork(), WARM, 1, form)


def test_notes_are_taken_down_and_read_back() -> None:
    notes = [Note(0.2 * at, 0.2 * at + 0.19, Pitch(60 + 2 * (at % 7)), Velocity(80)) for at in range(24)]
    abc = as_abc(notes, "C major", "4/4", "A scale")
    assert "T:A scale" in abc
    sounds, _ = sounds_of(abc)
    assert [each.pitch for each in sounds] == [note.pitch for note in notes]


def test_of_no_notes_there_is_a_tune_of_a_rest() -> None:
    assert "z" in as_abc([])
