"""What a mood makes of the music: a point between four corners, and what the music is like there.

The plane is that of J. A. Russell, "A Circumplex Model of Affect", Journal of Personality and Social
Psychology 39 (1980): how pleasant it is, and how roused. What music does with the two is an old finding: tempo,
loudness and the number of notes tell of arousal, the mode of valence (A. Gabrielsson and E. Lindström, "The
Role of Structure in the Musical Expression of Emotions", in: Handbook of Music and Emotion, 2010).

How dense, loud and high music can be is read off the very music that the shipped models learnt from, so that a
mood asks for what they know.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from antiphon.core.guide import Guide
from antiphon.core.keys import Key
from antiphon.core.mood_phrases import Mood


PLACES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""Shares of the music that lie below the values that follow."""

DENSITIES = (3.1, 5.2, 8.0, 12.5, 17.8, 23.2, 32.0)
LOUDNESSES = (34.0, 38.0, 48.0, 66.0, 78.0, 86.0, 94.0)
REGISTERS = (51.0, 57.2, 60.7, 64.2, 68.0, 72.3, 80.0)
"""Of stretches of 256 events: onsets per second, mean velocity, mean pitch (benchmarks/moods.py --learnt)."""

MIDDLE = 0.5

FASTEST = 1.25
MODE = 0.2
"""Valence from which the music is in major, and below the negative of which in minor."""

TONIC = 0


def coloured(heard: Guide, mood: Mood) -> Guide:
    """Return a guide to music that is as much like what was heard as a mood allows."""
    loudness = moved(heard.loudness, LOUDNESSES, mood.arousal)
    usual = heard.loudness if heard.loudness is not None else LOUDNESSES[3]
    return replace(
        heard,
        density=moved(heard.density, DENSITIES, mood.arousal),
        loudness=loudness,
        register=moved(heard.register, REGISTERS, HIGHER * mood.valence),
        tempo=FASTEST**mood.arousal,
        louder=round(SHARE * (loudness - usual)),
        lock=LOCK * abs(mood.valence) if abs(mood.valence) >= MODE else 0.0,
    )


HIGHER = 0.5
SHARE = 1.0
LOCK = 0.0
RELATIVE = False


def in_mode(key: Key | None, mood: Mood) -> Key | None:
    """Return the key of a mood, that of what was heard or its relative."""
    if abs(mood.valence) < MODE:
        return key
    is_minor = mood.valence < 0
    if key is None:
        return Key(TONIC, is_minor)
    if is_minor == key.is_minor or not RELATIVE:
        return Key(key.tonic, is_minor)
    return Key((key.tonic + (9 if is_minor else 3)) % 12, is_minor)


def moved(value: float | None, values: Sequence[float], towards: float) -> float:
    """Return a value that is further up or down among the music than another.

    Args:
        value: from which it moves; None from the middle.
        values: of the music, at ``PLACES``.
        towards: how much of the way it goes: 0 stays, 1 is as high as the music goes, -1 as low.
    """
    place = MIDDLE if value is None else interpolated(value, values, PLACES)
    end = PLACES[-1] if towards > 0 else PLACES[0]
    return interpolated(place + abs(towards) * (end - place), PLACES, values)


def interpolated(at: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the value of the line through some points, that ends with the first and the last of them."""
    if not xs[0] < at < xs[-1]:
        return ys[0] if at <= xs[0] else ys[-1]
    index = bisect_right(xs, at)
    share = (at - xs[index - 1]) / (xs[index] - xs[index - 1])
    return ys[index - 1] + share * (ys[index] - ys[index - 1])
