"""What a plan is made of."""

import pytest

from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.memory import Memory
from antiphon.core.plan import Planned
from antiphon.core.units import Pitch, Velocity
from uniform_engine import UniformEngine

BEFORE = Memory(UniformEngine(), 0.0).past()


@pytest.mark.parametrize(
    ("velocity", "sent"),
    [(90, PlayNote(1.5, Pitch(67), Velocity(90))), (0, ReleaseNote(1.5, Pitch(67)))],
)
def test_it_says_what_would_be_sent(velocity: int, sent: PlayNote | ReleaseNote) -> None:
    planned = Planned(1.5, Velocity(velocity), Pitch(60), BEFORE)
    assert planned.is_onset == (velocity > 0)
    assert planned.as_sent(transpose=7) == sent
