"""What somebody means who asks for a mood, in a word, in a phrase, or in two numbers.

    hopeful                       a word
    wonder and a little sad       several: their places are weighed against each other
    not very calm                 the opposite, half as far from the middle
    0.5, -0.3                     valence and arousal themselves
    none                          no mood: the answer is like what was played

A word of degree counts for the next mood after it. What it makes of music is not known here.
"""

import difflib
import math
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from antiphon.core.mood_words import Place, places

NO_MOOD = "none"

LONGEST = 120
"""Characters of a mood; more is no mood but a letter."""

DEGREES = {
    "little": 0.4,
    "bit": 0.4,
    "slightly": 0.4,
    "hint": 0.3,
    "touch": 0.3,
    "tinge": 0.3,
    "faintly": 0.3,
    "somewhat": 0.6,
    "fairly": 0.7,
    "rather": 0.8,
    "quite": 0.9,
    "half": 0.5,
    "almost": 0.7,
    "really": 1.2,
    "so": 1.2,
    "very": 1.35,
    "deeply": 1.35,
    "much": 1.2,
    "most": 1.35,
    "too": 1.2,
    "extremely": 1.6,
    "utterly": 1.6,
    "intensely": 1.5,
    "overwhelmingly": 1.6,
}
"""How much of the mood after it is meant."""

OPPOSITE = -0.5
"""Who says "not sad" does not mean beside themselves with joy."""

NEGATIONS = frozenset(["not", "no", "never", "without", "hardly", "neither", "nor", "isn't", "don't", "un"])

FILLERS = frozenset([
    "a", "an", "and", "at", "all", "as", "am", "are", "be", "being", "but", "by", "feel", "feeling",
    "feelings", "feels", "for", "full", "i", "i'm", "in", "is", "it", "it's", "its", "kind", "like",
    "make", "me", "mood", "moods", "more", "music", "my", "of", "on", "or", "piece", "play", "plus",
    "sense", "something", "sort", "sounding", "that", "the", "then", "there", "this", "to", "tune",
    "us", "we", "with", "yet", "you", "your",
])  # fmt: skip
"""Words that a phrase is held together with, and that say nothing of a mood."""

NEAREST = 3
"""How many words are named that are most like one that is not known."""

AROUND = 25
"""Words before and after it that it is compared with: to compare it with all would take the loop 20 ms."""


class Mood(Struct, frozen=True, gc=False):
    """A point of the plane; both from -1 to 1.

    Attributes:
        valence: from unpleasant to pleasant.
        arousal: from asleep to roused.
    """

    valence: float
    arousal: float


class Reading(Struct, frozen=True):
    """What a phrase was taken for.

    Attributes:
        mood: None where there is none, or nothing was understood.
        unknown: words that were passed over.
        objection: why it is no mood, in words that follow the phrase; empty where it is one.
    """

    mood: Mood | None = None
    unknown: tuple[str, ...] = ()
    objection: str = ""


def mood_of(text: str) -> Mood | None:
    """Return the mood that is meant; None for none."""
    return read(text).mood


def objection_to(text: str) -> str:
    """Say what is wrong with a mood, or nothing."""
    return read(text).objection


def in_words(text: str) -> str:
    """Say where a mood lies, and which of its words were passed over; nothing of one that is none."""
    reading = read(text)
    if reading.mood is None:
        return ""
    point = f"valence {reading.mood.valence:.2f} and arousal {reading.mood.arousal:.2f}"
    passed_over = f"; passed over: {', '.join(reading.unknown)}" if reading.unknown else ""
    return f'the mood "{text.strip()}" is {point}{passed_over}'


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """Take a phrase for what it is."""
    text = text.strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if not text:
        return Reading(objection='is empty; say a mood such as hopeful, or "none"')
    if len(text) > LONGEST:
        return Reading(objection=f"is longer than {LONGEST} characters; a few words will do")
    if text == NO_MOOD:
        return Reading()
    if re.search(r"\d|\b(nan|inf|infinity)\b", text):
        return _point(text)
    return _phrase(re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text), text)


def _point(text: str) -> Reading:
    """Read valence and arousal, as 0.5,-0.3 or 0.5 -0.3, in brackets or not."""
    try:
        valence, arousal = (float(number) for number in re.split(r"[\s,;]+", text.strip("()[] ")))
    except ValueError:
        return Reading(objection="is neither words nor two numbers; a point is valence, arousal: 0.5,-0.3")
    if not (abs(valence) <= 1 and abs(arousal) <= 1):
        return Reading(objection="is no point of the plane; valence and arousal are from -1 to 1")
    return Reading(Mood(valence, arousal))


def _phrase(words: Sequence[str], text: str) -> Reading:
    unknown: list[str] = []
    meant = list(_meant(words, unknown))
    if meant:
        return Reading(_weighed(meant), tuple(unknown))
    if not unknown:
        return Reading(objection='names no mood; say one such as hopeful, or "none"')
    nearest = ", ".join(nearest_to(unknown[0]))
    return Reading(unknown=tuple(unknown), objection=f"is an unknown mood, nearest: {nearest}")


def _meant(words: Sequence[str], unknown: list[str]) -> Iterator[tuple[float, Place]]:
    """Yield each mood that is named, with how much of it is meant; add the words that nobody knows."""
    degree = 1.0
    for word in _parted(words):
        if word in places():
            yield degree, places()[word]
            degree = 1.0
        elif word in NEGATIONS or word.endswith("n't"):
            degree *= OPPOSITE
        elif word in DEGREES:
            degree *= DEGREES[word]
        elif word not in FILLERS:
            unknown.append(word)


def _parted(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from [word] if word in places() or "-" not in word else word.split("-")


def _weighed(meant: Sequence[tuple[float, Place]]) -> Mood:
    """Return the middle of places by how much each is meant; a single one goes as far as it is meant."""
    whole = max(1.0, math.fsum(min(abs(degree), 1.0) for degree, _ in meant))
    valence, arousal = (math.fsum(degree * place[side] for degree, place in meant) / whole for side in (0, 1))
    return Mood(_within(valence), _within(arousal))


def _within(number: float) -> float:
    return min(max(number, -1.0), 1.0)


def nearest_to(word: str) -> list[str]:
    """Return known words that are spelt like one, out of those around it in the alphabet."""
    words = sorted(places())
    place = bisect(words, word)
    first = min(max(place - AROUND, 0), len(words) - 2 * AROUND)
    return difflib.get_close_matches(word, words[first : first + 2 * AROUND], n=NEAREST, cutoff=0.0)
