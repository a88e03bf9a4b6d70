"""Where in the beat a note falls: drawn to a grid, and swung. Pure; knows neither the answer nor the clock.

The same rule holds for every moment and never turns two of them round. What has been imagined stays as it
was; only when it sounds is different.
"""

import math

from antiphon.core.metre import Metre
from antiphon.core.settings import Tempo
from antiphon.core.units import Beats, Seconds

STRAIGHT = 0.5
"""The share of a beat that the first of two even eighths takes."""

GRIDS: dict[str, Beats] = {
    "1/4": 1.0,
    "1/8": 1 / 2,
    "1/8 triplet": 1 / 3,
    "1/16": 1 / 4,
    "1/16 triplet": 1 / 6,
    "1/32": 1 / 8,
}
"""The beats between two lines of each grid."""


def onset_at(moment: Seconds, metre: Metre, tempo: Tempo) -> Seconds:
    """Return when a note begins that was imagined to begin at a moment."""
    beat = metre.beat_at(moment)
    drawn = beat + tempo.quantise * (nearest(beat, GRIDS[tempo.grid]) - beat)
    return moment + (swung(drawn, tempo.swing) - beat) * metre.period


def release_at(moment: Seconds, begun: Seconds, metre: Metre, tempo: Tempo) -> Seconds:
    """Return when a note ends that was imagined to end at a moment.

    It makes room for one that is drawn back to the same line, but is not cut to less than half for that.

    Args:
        moment: when it was imagined to end.
        begun: when it begins to sound.
        metre: the beats.
        tempo: the settings.
    """
    beat = metre.beat_at(moment)
    back = tempo.quantise * min(0.0, nearest(beat, GRIDS[tempo.grid]) - beat)
    sooner, kept = (moment + (swung(at, tempo.swing) - beat) * metre.period for at in (beat + back, beat))
    return sooner if sooner - begun >= (kept - begun) / 2 else kept


def farthest_back(metre: Metre, tempo: Tempo) -> Seconds:
    """Return by how much a note may begin sooner than it was imagined, at most."""
    return tempo.quantise * GRIDS[tempo.grid] / 2 * metre.period


def nearest(beat: Beats, grid: Beats) -> Beats:
    """Return the line of a grid that is nearest."""
    return round(beat / grid) * grid


def swung(beat: Beats, swing: float) -> Beats:
    """Return where a point of the beat comes to lie when the first of two eighths takes that share of it."""
    whole = math.floor(beat)
    part = beat - whole
    if part < STRAIGHT:
        return whole + part / STRAIGHT * swing
    return whole + swing + (part - STRAIGHT) / (1.0 - STRAIGHT) * (1.0 - swing)


def leaves_all_as_it_is(tempo: Tempo) -> bool:
    """Tell whether notes fall where they were imagined."""
    return tempo.quantise == 0.0 and tempo.swing == STRAIGHT
