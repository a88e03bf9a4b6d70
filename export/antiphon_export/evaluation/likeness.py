"""How like one passage of music is to another: pitch classes, rhythm, key, density, loudness, register.

A continuation is judged by these against the passage that it continues. It knows nothing of models: two
passages by the same hand can be compared as well, which is what the figures are to be held against.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from antiphon_models import guide
from antiphon_models.guide import PITCH_CLASSES
from antiphon_models.notes.pieces import Piece

Floats = npt.NDArray[np.float64]

TOGETHER = 0.035
"""Seconds within which the next note counts as struck at the same time: no hand strikes a chord at once."""

SHORTEST_PASSAGE = 0.1
"""Seconds that a passage is taken to last at least, so that it has a density."""

RHYTHM_EDGES = np.array([TOGETHER * 2 ** (step / 3) for step in range(22)])
"""Seconds between the bins of a rhythm histogram: a third of an octave each, from 35 ms to 4.5 s."""

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each pitch class above the tonic fits a key: C. L. Krumhansl and E. J. Kessler, "Tracing the
dynamic changes in perceived tonal organization", Psychological Review 89 (1982).
"""

SAME, FIFTH, RELATIVE, PARALLEL = 1.0, 0.5, 0.3, 0.2
"""What a key is worth that is a fifth away or shares its notes or its tonic: the weights of the key-finding
contests of MIREX since 2005.
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """The onsets of some consecutive events.

    Attributes:
        at: (onsets,) seconds after the passage began.
        velocity: (onsets,) 1 to 127.
        pitch: (onsets,) MIDI note numbers.
        seconds: that all events of the passage took.
    """

    at: Floats
    velocity: Floats
    pitch: npt.NDArray[np.int32]
    seconds: float

    def __len__(self) -> int:
        return len(self.pitch)


@dataclass(frozen=True, slots=True)
class Key:
    """A major or minor key; the tonic is 0 for C to 11 for B."""

    tonic: int
    is_minor: bool


class Likeness(msgspec.Struct, frozen=True):
    """How a passage compares with another, its model.

    Attributes:
        pitch_classes: share of the onsets that fall on the same pitch classes, 0 to 1.
        rhythm: share of the times between onsets that are equally long, 0 to 1.
        key: 1 for the same key, less for a related one, 0 for a strange one.
        density: onsets per second, as a multiple of the model's.
        loudness: mean velocity, as a multiple of the model's.
        register: mean pitch, in semitones above the model's.
    """

    pitch_classes: float
    rhythm: float
    key: float
    density: float
    loudness: float
    register: float


def passage(
    dt: npt.NDArray[np.floating], velocity: npt.NDArray[np.number], pitch: npt.NDArray[np.integer]
) -> Passage:
    """Return the onsets among events, given seconds before each, velocities and pitches, (events,) each."""
    at = np.cumsum(dt, dtype=np.float64)
    struck = velocity > 0
    seconds = max(float(at[-1]), SHORTEST_PASSAGE) if len(at) else SHORTEST_PASSAGE
    return Passage(at[struck], velocity[struck].astype(np.float64), pitch[struck].astype(np.int32), seconds)


def passage_of(piece: Piece) -> Passage:
    """Return the onsets among the events of a piece."""
    return passage(piece.dt, piece.velocity, piece.pitch)


def likeness(played: Passage, model: Passage) -> Likeness:
    """Return how ``played`` compares with ``model``; each holds at least one onset."""
    density, loudness, register, classes = _look(played)
    model_density, model_loudness, model_register, model_classes = _look(model)
    return Likeness(
        pitch_classes=overlap(classes, model_classes),
        rhythm=overlap(rhythm(played), rhythm(model)),
        key=agreement(key_of(classes), key_of(model_classes)),
        density=density / model_density,
        loudness=loudness / model_loudness,
        register=register - model_register,
    )


def _look(music: Passage) -> tuple[float, float, float, Floats]:
    return guide.likeness(music.seconds, music.velocity, music.pitch)


def overlap(left: Floats, right: Floats) -> float:
    """Return what two histograms, each of the sum 1, have in common: 0 to 1."""
    return float(np.minimum(left, right).sum())


def rhythm(music: Passage) -> Floats:
    """Return how the times from one onset to the next are spread over ``RHYTHM_EDGES``, with the sum 1.

    The first bin holds the notes of a chord. A single onset has no rhythm: all bins are 0.
    """
    bins = np.searchsorted(RHYTHM_EDGES, np.diff(music.at))
    return np.bincount(bins, minlength=len(RHYTHM_EDGES) + 1) / max(1, len(bins))


def key_of(classes: Floats) -> Key:
    """Return the key whose profile a histogram of pitch classes (12,) resembles most.

    The algorithm of Krumhansl and Schmuckler: the highest correlation over 24 keys; C. L. Krumhansl,
    "Cognitive Foundations of Musical Pitch" (1990).
    """
    profiles = np.array([np.roll(mode, tonic) for mode in (MAJOR, MINOR) for tonic in range(PITCH_CLASSES)])
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    likest = int(np.argmax(centred @ (classes - classes.mean()) / np.linalg.norm(centred, axis=1)))
    return Key(likest % PITCH_CLASSES, likest >= PITCH_CLASSES)


def agreement(key: Key, other: Key) -> float:
    """Return how near one key is to another, 0 to 1."""
    above = (key.tonic - other.tonic) % PITCH_CLASSES
    if key.is_minor == other.is_minor:
        return {0: SAME, 5: FIFTH, 7: FIFTH}.get(above, 0.0)
    relative = 9 if key.is_minor else 3
    return {0: PARALLEL, relative: RELATIVE}.get(above, 0.0)
