"""Between where a control stands, from 0 to 1, and the value of a setting. Pure; knows no MIDI.

A number is spread evenly over the travel; one that spans decades by its ratio, so that half a turn of
``guide.tempo`` is 1. Where -1 and 0 mean something of their own, they are at the very beginning.
"""

import math
from typing import Any

from antiphon.bindings import choices_of
from antiphon.schema import Setting

DECADE = 10.0
"""From this ratio of the ends on, a number is spread by ratio."""

WIDE = 100.0
"""A range from 0 that goes further than this is spread so that its small values have room: by the cube."""

EVEN_UNITS = frozenset({"MIDI note", "velocity"})
"""Units that are logarithms already, or are heard as if they were."""

FREE_UNTIL, HEARD_UNTIL = 1.5 / 127, 4.5 / 127
"""Where -1 and 0 end, of a setting in which they leave it free or to the player."""

HEARD = 3 / 127
"""Where 0 is shown there."""

STEP = 1 / 16
"""What a button that takes the next value of a number adds, as a share of the travel."""

FINEST = 127
"""Steps of a knob; numbers with fewer whole values are stepped through value by value."""


def value_at(setting: Setting, position: float) -> object:
    """Return the value that a position means, which is always one that the setting may have.

    Args:
        position: from 0 to 1.
    """
    choices = choices_of(setting)
    if choices:
        return choices[min(int(position * len(choices)), len(choices) - 1)]
    if setting.kind is bool:
        return position >= 0.5
    lowest, highest = _ends(setting)
    if not _leaves_free(setting):
        return _rounded(setting, _spread(setting, lowest, highest, position))
    if position < HEARD_UNTIL:
        return -1.0 if position < FREE_UNTIL else 0.0
    rest = (position - HEARD_UNTIL) / (1 - HEARD_UNTIL)
    return _rounded(setting, _spread(setting, 1.0, highest, rest))


def position_of(setting: Setting, value: Any) -> float | None:
    """Return where a control stands that means a value; None where it does not go through that."""
    choices = choices_of(setting)
    if choices:
        last = max(len(choices) - 1, 1)
        return choices.index(value) / last if value in choices else None
    if setting.kind is bool:
        return float(value)
    lowest, highest = _ends(setting)
    if not _leaves_free(setting):
        return _gathered(setting, lowest, highest, value)
    if value <= 0:
        return HEARD if value == 0 else 0.0
    return HEARD_UNTIL + (1 - HEARD_UNTIL) * _gathered(setting, 1.0, highest, max(value, 1.0))


def stepped(setting: Setting, value: Any, by: int) -> object:
    """Return the value ``by`` steps after another: choices go round, numbers stop at their ends."""
    choices = choices_of(setting)
    if choices:
        # What is none of them, such as a mood in words of one's own, comes before the first.
        index = choices.index(value) if value in choices else min(-by, 0)
        return choices[(index + by) % len(choices)]
    if setting.kind is bool:
        return not value
    lowest, highest = _ends(setting)
    if setting.kind is int and highest - lowest <= FINEST:
        return min(max(value + by, int(lowest)), int(highest))
    return value_at(setting, min(max((position_of(setting, value) or 0.0) + by * STEP, 0.0), 1.0))


def detent(setting: Setting) -> float:
    """Return the share of the travel that one click of an encoder is worth: a value, where there are few."""
    choices = choices_of(setting)
    if choices:
        return 1 / max(len(choices) - 1, 1)
    if setting.kind is bool:
        return 1.0
    lowest, highest = _ends(setting)
    return 1 / (highest - lowest) if setting.kind is int and highest - lowest <= FINEST else 1 / FINEST


def _ends(setting: Setting) -> tuple[float, float]:
    assert setting.lowest is not None, setting.dotted
    assert setting.highest is not None, setting.dotted
    return setting.lowest, setting.highest


def _leaves_free(setting: Setting) -> bool:
    return (
        setting.kind is float and setting.lowest == -1 and setting.highest is not None and setting.highest > 1
    )


def _is_by_ratio(setting: Setting, lowest: float, highest: float) -> bool:
    is_even = setting.kind is int or setting.unit in EVEN_UNITS
    return not is_even and lowest > 0 and highest / lowest >= DECADE


def _spread(setting: Setting, lowest: float, highest: float, position: float) -> float:
    if _is_by_ratio(setting, lowest, highest):
        return float(lowest * (highest / lowest) ** position)
    if lowest == 0 and highest > WIDE and setting.kind is float:
        return highest * position**3
    return lowest + (highest - lowest) * position


def _gathered(setting: Setting, lowest: float, highest: float, value: float) -> float:
    """Return the position of a value: what :func:`_spread` does, backwards."""
    if _is_by_ratio(setting, lowest, highest):
        return math.log(value / lowest) / math.log(highest / lowest)
    share = (value - lowest) / (highest - lowest)
    return math.cbrt(share) if lowest == 0 and highest > WIDE and setting.kind is float else share


def _rounded(setting: Setting, value: float) -> int | float:
    """Return a number as somebody would write it, within its range."""
    lowest, highest = _ends(setting)
    if setting.kind is int:
        return round(value)
    return min(max(float(f"{value:.4g}"), lowest), highest)
