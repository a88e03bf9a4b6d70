"""What the music to come is to be like, and what the player's music has been like lately.

A guide is what an answer goes by; an impression is what is known of the player's music.
"""

from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice
from statistics import fmean

from msgspec import Struct

from antiphon.core.chords import Chord
from antiphon.core.keys import Key, Shares, key_of
from antiphon.core.units import Pitch, Seconds, Velocity

REMEMBERED = 128
"""Onsets of the player that make the impression, the last ones."""

FEWEST = 8
"""Onsets below which nothing can be said of how dense the music is, and in which key."""

LIVELIEST = 40.0
"""Onsets a second that count as the most: a single chord has no density."""

USUAL_DENSITY, USUAL_LOUDNESS, USUAL_REGISTER = 6.0, 66.0, 62.0
"""Onsets a second, mean velocity and mean pitch of what is played where nothing was heard or is asked for."""


class Guide(Struct, frozen=True, gc=False):
    """What the music to come is to be like; None leaves it free.

    The first four are for the engine, as well as it can; the others the answer sees to, whatever the engine.

    Attributes:
        density: onsets per second.
        loudness: mean velocity of the onsets.
        register: mean pitch of the onsets, a MIDI note number.
        pitch_classes: share of the onsets on C, C#, ..., B.
        tempo: how many times as fast it is played as the engine has it.
        louder: added to every velocity that the engine has.
        scale: pitch classes to which it keeps, as far as it is locked to them.
        lock: share of the onsets that are held to the scale, 0 to 1.
    """

    density: float | None = None
    loudness: float | None = None
    register: float | None = None
    pitch_classes: Shares | None = None
    tempo: float = 1.0
    louder: int = 0
    scale: frozenset[int] | None = None
    lock: float = 0.0


UNGUIDED = Guide()


@dataclass(frozen=True, slots=True)
class _Onset:
    after: Seconds | None
    """Since the onset before it in the same phrase, None for the first."""
    pitch: Pitch
    velocity: Velocity


class Impression:
    """What the player's music has been like lately; ``chord`` is the last one that sounded."""

    def __init__(self) -> None:
        self.chord: Chord | None = None
        self._onsets: deque[_Onset] = deque(maxlen=REMEMBERED)
        self._last: Seconds | None = None

    def begin_phrase(self) -> None:
        """Count the silence before the next onset as no part of the music."""
        self._last = None

    def hear(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> None:
        """Take in an onset of the player's."""
        self._onsets.append(_Onset(None if self._last is None else now - self._last, pitch, velocity))
        self._last = now

    @property
    def key(self) -> Key | None:
        """The key that it resembles most, however little there is of it; None where there is nothing."""
        return key_of(self._pitch_classes()) if self._onsets else None

    @property
    def key_name(self) -> str | None:
        """The name of that key, such as ``A minor``; None while too few onsets were heard to be sure."""
        return self.key.name if self.key is not None and len(self._onsets) >= FEWEST else None

    @property
    def density(self) -> float | None:
        """Onsets per second within the phrases; None while too little was heard."""
        return self._density() if len(self._onsets) >= FEWEST else None

    def pitches(self, lately: int) -> frozenset[Pitch]:
        """Return the pitches of the last so many onsets."""
        first = max(len(self._onsets) - lately, 0)
        return frozenset(onset.pitch for onset in islice(self._onsets, first, None))

    def forget(self) -> None:
        """Know nothing of the music: somebody else plays from now on."""
        self._onsets.clear()
        self._last = None
        self.chord = None

    def guide(self) -> Guide:
        """Return a guide to more of the same."""
        if not self._onsets:
            return UNGUIDED
        is_enough = len(self._onsets) >= FEWEST
        return Guide(
            density=self.density,
            # One note says how loud and how high it is to be; of the rest it takes a few.
            loudness=fmean(onset.velocity for onset in self._onsets),
            register=fmean(onset.pitch for onset in self._onsets),
            pitch_classes=self._pitch_classes() if is_enough else None,
        )

    def _pitch_classes(self) -> Shares:
        classes = Counter(onset.pitch % 12 for onset in self._onsets)
        return tuple(classes[each] / len(self._onsets) for each in range(12))

    def _density(self) -> float | None:
        times = [onset.after for onset in self._onsets if onset.after is not None]
        return len(times) / max(sum(times), len(times) / LIVELIEST) if times else None
