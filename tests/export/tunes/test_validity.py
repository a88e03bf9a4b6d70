"""What abc2midi says of tunes."""

import pytest

from antiphon_export.tunes.validity import complaints, shares_read
from antiphon_models.notes.abc_tunes import is_abc2midi_there
from missing import ABC2MIDI

GOOD = "X:1\nT:Good\nM:2/4\nL:1/8\nK:D\nABcd|\n"

if not is_abc2midi_there():
    pytest.skip(ABC2MIDI, allow_module_level=True)


def test_errors_and_warnings_are_told_apart() -> None:
    too_short = GOOD.replace("ABcd|", "ABcd|ABc|ABcd|ABcd|")
    assert complaints(GOOD) == []
    assert [line.split()[0] for line in complaints(too_short)] == ["Warning"]
    counted = shares_read([GOOD, too_short, "no tune"])
    assert (counted["tunes"], counted["no error"], counted["no line"]) == (3, 2, 1)
