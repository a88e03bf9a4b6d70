"""Whose turn it is, as far as the player's silence tells: how long a pause means "your turn"."""

from antiphon.core.ending import Ending
from antiphon.core.settings import Turn
from antiphon.core.units import Seconds

UNKNOWN_PACE = 0.4
"""Seconds between notes that are assumed of a phrase with a single onset."""

LESS_SURE = 1.5
"""Times the shortest pause, below which the pace alone ends no turn: it knows less."""

HASTY = 2.0
"""The patience with which a turn is over as soon as the player is likelier done than not. At a quarter more,
no more turns are taken wrongly in the music that the odds were learnt from than by a pause of a second.
"""


CONVERSATION: Seconds = 10.0
"""How long somebody plays until they are waited for twice as long at the same pace: who puts a question in a
few notes wants an answer at once, and who has played for minutes is playing a piece.
"""


def pause_that_ends_a_turn(pace: Seconds | None, turn: Turn) -> Seconds:
    """Return how long a silence has to last, following the player's own pace."""
    pause = turn.patience * (UNKNOWN_PACE if pace is None else pace)
    return min(max(pause, LESS_SURE * turn.shortest_pause), turn.longest_pause)


def pause_after(ending: Ending, turn: Turn) -> Seconds:
    """Return how long a silence has to last, following the music."""
    pause = turn.patience / HASTY * ending.likely_after
    return min(max(pause, turn.shortest_pause), turn.longest_pause)


def pause_in_a_conversation(ending: Ending, pace: Seconds | None, lasted: Seconds, turn: Turn) -> Seconds:
    """Return how long a silence has to last, following the music, and for a question the player's pace.

    The odds that the music tells were learnt from pieces, in which hardly any silence is the end. The longer
    the player has played, the more they hold.

    Args:
        ending: the silence.
        pace: the player's median time between onsets; None before the second.
        lasted: how long they have played since the last answer.
        turn: the settings.
    """
    longest = pause_that_ends_a_turn(pace, turn) * (1 + lasted / CONVERSATION)
    return min(pause_after(ending, turn), longest)
