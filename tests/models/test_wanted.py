"""What is asked for is a value."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from antiphon_models.wanted import Wanted


def test_it_does_not_change_once_it_was_asked() -> None:
    wanted = Wanted(Path("tunes"), Path("run"), ["me"], {"steps": 3, "minutes": None})
    with pytest.raises(FrozenInstanceError):
        wanted.out = Path("elsewhere")  # type: ignore[misc]
