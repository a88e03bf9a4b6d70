"""On what terms something is played."""

import math

from antiphon.core.guide import UNGUIDED
from antiphon.core.terms import Room, Terms


def test_where_nothing_else_is_said_it_plays_for_ever_and_yields_to_the_player() -> None:
    terms = Terms(UNGUIDED)
    assert (terms.length, terms.touched, terms.is_prompt, terms.is_anew) == (math.inf, "yields", True, False)


def test_where_nobody_plays_there_is_all_the_room() -> None:
    assert (Room().taken, Room().pitches, Room().earliest) == (frozenset(), None, -math.inf)
