"""When a phrase is heard to close: its last note is waited on for longer than the others.

That is the attack-point rule of grouping: among onsets, a longer interval than those around it is heard as the
boundary of a group (F. Lerdahl and R. Jackendoff, "A Generative Theory of Tonal Music", 1983, rule 2b). How
many times longer it has to be falls as the time runs out. Nothing here knows what is planned or played; onsets
are moments, in order.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from antiphon.core.units import Seconds

FAR_ENOUGH = 0.7
"""Share of the length from which the phrase may close."""

LONGEST_CLOSE = 6.0
"""Seconds before the length is reached from which the phrase may close, at most: who asks for ten minutes does
not mean seven.
"""

EARLY = 3.0
"""Usual intervals that close the phrase when it has just come far enough: a long note among the usual ones, or
a rest, but not a dotted note.
"""

LATE = 1.2
"""Usual intervals that close the phrase when the length is reached: whatever is longer than usual."""

SHORTEST_CLOSE = 0.3
"""Seconds that are waited on a last note at least: in quick music three intervals are still no rest."""

FERMATA = 2.0
"""Usual intervals for which the last notes are held, where they last as long as one: what a note lasts that a
player ends on.
"""

TOGETHER = 0.035
"""Seconds within which onsets are one chord, and no interval lies between them."""

LATELY = 32
"""Onsets that tell what is usual, the last ones: the music may have become quicker or slower."""

FEWEST_INTERVALS = 2
"""Intervals below which nothing can be said of what is usual."""


def usual_interval(onsets: Sequence[Seconds]) -> Seconds | None:
    """Return the usual time from one onset to the next; None where there are too few."""
    intervals = [after - before for before, after in pairwise(onsets) if after - before >= TOGETHER]
    return median(intervals) if len(intervals) >= FEWEST_INTERVALS else None


def is_closed(onsets: Sequence[Seconds], until: Seconds, left: Seconds, length: Seconds) -> bool:
    """Tell whether a phrase is heard to close if no note follows its onsets ``until`` a moment.

    Args:
        onsets: of the phrase so far.
        until: a moment after them.
        left: seconds from there until the length is reached; negative beyond.
        length: seconds that the phrase may last.
    """
    window = min((1 - FAR_ENOUGH) * length, LONGEST_CLOSE)
    if left > window or (usual := usual_interval(onsets)) is None:
        return False
    intervals = LATE + (EARLY - LATE) * max(left, 0.0) / window
    return until - onsets[-1] >= max(intervals * usual, SHORTEST_CLOSE)


def held(onsets: Sequence[Seconds], release: Seconds) -> Seconds:
    """Return when a note ends under a fermata on the last onset, that would end at ``release`` without."""
    usual = usual_interval(onsets)
    if usual is None:
        return release
    last = onsets[-1]
    return max(release, last + FERMATA * min(release - last, usual))
