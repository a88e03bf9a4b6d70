"""When a phrase is heard to close: its last note is waited on for longer than the others.

That is the attack-point rule of grouping: among onsets, a longer interval than those around it is heard as
the boundary of a group (F. Lerdahl and R. Jackendoff, "A Generative Theory of Tonal Music", 1983, rule 2b).
How much longer it has to be falls as the time runs out, and a note of the chord on the tonic is a better one
to end on. Nothing here knows what is planned or played.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from antiphon.core.units import Pitch, Seconds

FAR_ENOUGH = 0.7
"""Share of the length from which the phrase may close."""

LONGEST_CLOSE = 6.0
"""Seconds before the length is reached from which the phrase may close, at most: who asks for ten minutes
does not mean seven.
"""

EARLY = 3.0
"""Usual intervals that close the phrase when it has just come far enough: a long note or a rest, but neither
a note of twice the length nor a dotted one.
"""

LATE = 0.5
"""Usual intervals that close the phrase when the length is reached: any note that is not quicker than usual,
for what follows would be cut.
"""

ELSEWHERE = 1.5
"""Usual intervals more that it takes on a note that is not at home: the long ones among even notes, still."""

FERMATA = 2.0
"""Usual intervals for which the last notes are held, where they last as long as one: about what a note lasts
that a player ends on.
"""

TOGETHER = 0.035
"""Seconds within which onsets are one chord, and no interval lies between them."""

LATELY = 32
"""Onsets that tell what is usual, the last ones: the music may have become quicker or slower."""

FEWEST_INTERVALS = 2
"""Intervals below which nothing can be said of what is usual."""


class Onset(Struct, frozen=True, gc=False):
    """When a note began, and which."""

    at: Seconds
    pitch: Pitch


def usual_interval(onsets: Sequence[Onset]) -> Seconds | None:
    """Return the usual time from one onset to the next; None where there are too few."""
    intervals = [after.at - before.at for before, after in pairwise(onsets)]
    apart = [interval for interval in intervals if interval >= TOGETHER]
    return median(apart) if len(apart) >= FEWEST_INTERVALS else None


def closing_window(length: Seconds) -> Seconds:
    """Return how long before its length is reached a phrase may close, where nothing else is asked for."""
    return min((1 - FAR_ENOUGH) * length, LONGEST_CLOSE)


def is_closed(
    onsets: Sequence[Onset], until: Seconds, left: Seconds, window: Seconds, home: frozenset[int]
) -> bool:
    """Tell whether a phrase is heard to close if no note follows its onsets until a moment.

    Args:
        onsets: of the phrase so far, in order.
        until: a moment after them.
        left: seconds from there until the length is reached; negative beyond.
        window: seconds before the length is reached in which the phrase may close.
        home: pitch classes on which it ends well; empty where that is not known.
    """
    if left > window or (usual := usual_interval(onsets)) is None:
        return False
    last = onsets[-1]
    intervals = LATE + (EARLY - LATE) * max(left, 0.0) / window
    if last.pitch % 12 not in home:
        intervals += ELSEWHERE
    return until - last.at >= intervals * usual


def held(onsets: Sequence[Onset], release: Seconds) -> Seconds:
    """Return when a note ends under a fermata on the last onset, that would end at ``release`` without."""
    usual = usual_interval(onsets)
    if usual is None:
        return release
    last = onsets[-1].at
    return max(release, last + FERMATA * min(release - last, usual))
