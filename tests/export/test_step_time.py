"""How long a step takes: a time that could be one."""

from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.step_time import microseconds_per_step


def test_a_step_takes_more_than_no_time_and_less_than_all_of_it(float_file: Path) -> None:
    """A tenth of a second for so small a network would be seconds or nanoseconds taken for microseconds."""
    assert 1.0 < microseconds_per_step(float_file, steps=20) < 100_000.0
