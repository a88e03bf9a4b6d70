"""Playing along: what the player leaves to somebody who plays beside them, and what that one makes of it.

Whoever complements keeps away from the player's hands: between or beside them, denser where they are sparse,
and never on a key that they hold. Whoever plays into the gaps waits until the player has paused for a
moment.
"""

from functools import lru_cache
from itertools import pairwise
from statistics import fmean

from msgspec.structs import replace

from antiphon.core.guide import Guide
from antiphon.core.scene import Scene
from antiphon.core.settings import Duet
from antiphon.core.terms import Room, Terms, Touched
from antiphon.core.units import Pitch, Seconds

IMPRESSION: Seconds = 1.0
"""How long it listens before it joins in."""

APART = 3
"""Semitones between the player's hands and where it plays, at least: closer than that, two parts are one."""

REACH = 22
"""Semitones beside the player's hands that it uses, at most: farther away, it would be somewhere else."""

WIDE = 4
"""Semitones between the hands, less those that are kept apart, in which there is room for a part."""

SPARSEST = 0.5
"""Notes a second that it plays at least, however busy the player is."""

MIDDLE = 60
"""The player is high from here on."""


def joins_in_at(scene: Scene) -> Seconds | None:
    """Return when it joins in: a moment after the player has begun."""
    phrase = scene.player.phrase
    if not phrase.onsets or scene.settings.duet.style == "harmonise":
        return None
    return phrase.began + IMPRESSION


def terms_of_a_duet(scene: Scene) -> Terms:
    """Return the terms as they are after what was heard last."""
    heard, duet = scene.player.guide(scene.settings), scene.settings.duet
    if duet.style == "complement":
        heard = complement_of(heard, scene.player.density, beside_the(scene.player.struck_lately), duet)
    # What joins each note cannot join them while something else is played along.
    touched: Touched = "yields" if duet.style == "harmonise" else "goes on"
    return Terms(heard, length=duet.lingers, touched=touched, part="it", is_prompt=False)


def complement_of(heard: Guide, density: float | None, beside: frozenset[Pitch] | None, duet: Duet) -> Guide:
    """Return a guide to what is missing beside music that is heard.

    Args:
        heard: what the player's music is like, or what the settings ask for in its place.
        density: onsets per second that the player plays of late; None where that is not known.
        beside: the pitches that there is room for; None is all of them.
        duet: what both together are to be like.
    """
    left = None if density is None else max(duet.density - density, SPARSEST)
    return replace(heard, density=left, register=fmean(beside) if beside else heard.register)


def room_in_a_duet(scene: Scene) -> Room:
    """Return what the player leaves: the keys that they do not hold, a moment after they struck one."""
    player, duet = scene.player, scene.settings.duet
    beside = beside_the(player.struck_lately) if duet.style == "complement" else None
    struck = player.struck_at
    return Room(player.holding, beside, struck + duet.gap)


@lru_cache(maxsize=64)
def beside_the(struck: frozenset[Pitch]) -> frozenset[Pitch] | None:
    """Return the pitches where the player's hands leave most room; None is everywhere.

    That is between the two hands, where these are far enough apart, and else on that side of them which is
    nearer to the middle of the keyboard.

    Args:
        struck: pitches that they struck of late.
    """
    if not struck:
        return None
    hands = sorted(struck)
    left, right = max(pairwise(hands), key=lambda two: two[1] - two[0], default=(hands[0], hands[0]))
    if right - left >= 2 * APART + WIDE:
        return _pitches(left + APART, right - APART)
    if hands[0] + hands[-1] >= 2 * MIDDLE:
        return _pitches(hands[0] - REACH, hands[0] - APART)
    return _pitches(hands[-1] + APART, hands[-1] + REACH)


def _pitches(lowest: int, highest: int) -> frozenset[Pitch]:
    return frozenset(map(Pitch, range(min(max(lowest, 0), 127), min(max(highest, 0), 127) + 1)))
