"""Whose turn it is, as far as the player's silence tells: how long a pause means "your turn"."""

from antiphon.core.settings import Turn
from antiphon.core.units import Seconds

UNKNOWN_PACE = 0.4
"""Seconds between notes that are assumed of a phrase with a single onset."""


def pause_that_ends_a_turn(pace: Seconds | None, turn: Turn) -> Seconds:
    """Return how long a silence has to last, following the player's own pace."""
    pause = turn.patience * (UNKNOWN_PACE if pace is None else pace)
    return min(max(pause, turn.shortest_pause), turn.longest_pause)
