"""Numbers of things, and how long something took, in words."""

SECONDS_UNTIL = 2.0
"""Minutes from which it is minutes that are counted."""


def counted(number: int, thing: str, things: str = "") -> str:
    """Return how many there are, such as ``1 step`` or ``1,200 steps``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def duration(minutes: float) -> str:
    """Return how long something took: ``20 seconds``, to a tenth ``2.5 minutes``, and ``100 minutes``."""
    if minutes < SECONDS_UNTIL:
        return counted(round(60 * minutes), "second")
    shown = f"{minutes:.0f}" if minutes >= 10 else f"{minutes:.1f}".removesuffix(".0")
    return f"{shown} minutes"
