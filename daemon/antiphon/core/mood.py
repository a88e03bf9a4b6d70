"""What a mood makes of the music: a point between four corners, and what the music is like there.

The plane is that of J. A. Russell, "A Circumplex Model of Affect", Journal of Personality and Social
Psychology 39 (1980): how pleasant it is, and how roused. What music does with the two is an old finding:
tempo, loudness and the number of notes tell of arousal, the mode of valence (A. Gabrielsson and E. Lindström,
"The Role of Structure in the Musical Expression of Emotions", in: Handbook of Music and Emotion, 2010).

How dense, loud and high music can be is read off the very music that the shipped models learnt from, so that
a mood asks for what they know.
"""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from antiphon.core.guide import Guide
from antiphon.core.keys import Key
from antiphon.core.mood_phrases import Mood

PLACES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""Shares of the music that lie below the values that follow."""

DENSITIES = (3.1, 5.2, 7.9, 12.3, 17.7, 23.2, 32.1)
LOUDNESSES = (34.3, 38.5, 50.5, 68.7, 79.1, 90.0, 93.8)
REGISTERS = (51.3, 57.4, 60.8, 64.2, 67.9, 72.3, 79.9)
"""Onsets per second, mean velocity and mean pitch of the stretches of music that were learnt from
(``benchmarks/moods.py --learnt``).
"""

MIDDLE = 0.5

HIGHER = 0.5
"""How much of valence is told by the register."""

FASTEST = 1.5
"""How many times as fast as it was thought of the most roused music is played; the least, as much slower."""

MODAL = 0.2
"""Valence at which music is in major, and at whose opposite in minor; between the two it stays as it is."""

LOCK = 0.3
"""How far the utmost valence holds the notes to the scale: the network alone drifts back into the mode of the
question (docs/moods.md).
"""

UNHEARD = Key(0, is_minor=False)
"""C major, where nothing was heard and no key is set."""


def coloured(heard: Guide, mood: Mood) -> Guide:
    """Return a guide to music as much like what was heard as a mood allows; its key is not touched."""
    return replace(
        heard,
        density=moved(heard.density, DENSITIES, mood.arousal),
        loudness=moved(heard.loudness, LOUDNESSES, mood.arousal),
        register=moved(heard.register, REGISTERS, HIGHER * mood.valence),
        tempo=FASTEST**mood.arousal,
        lock=LOCK * abs(mood.valence) if is_modal(mood) else 0.0,
    )


def is_modal(mood: Mood) -> bool:
    """Whether a mood asks for major or for minor."""
    return abs(mood.valence) >= MODAL


def in_mode(key: Key | None, mood: Mood) -> Key:
    """Return the key of a mood: that of what was heard, or its relative, which shares its notes."""
    heard = UNHEARD if key is None else key
    return heard if heard.is_minor == (mood.valence < 0) else heard.relative


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
