"""Whoever steers it, by whatever door, and whatever the clock of the wall says: the promises hold."""

import pytest

from steered_room import live_through_steered


@pytest.mark.parametrize("seed", range(1, 13))
def test_sessions_that_are_steered_hold_their_promises(seed: int) -> None:
    """The first of those that the long run goes on with when it is asked for them."""
    assert live_through_steered(seed).steps > 200


def test_the_session_of_a_seed_is_always_the_same_also_where_it_is_steered() -> None:
    assert live_through_steered(5) == live_through_steered(5)
