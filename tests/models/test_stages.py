"""How far a long command is, shown where somebody is looking."""

import pytest

from missing import TRAINING

pytest.importorskip("rich", reason=TRAINING)

from antiphon_models.stages import on_the_terminal


def test_where_nobody_is_looking_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with on_the_terminal()("reading") as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")
