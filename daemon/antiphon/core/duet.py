"""Playing along: what the player leaves to somebody who plays beside them, and what that one makes of it.

Whoever complements keeps away from the player's hands: on the other side of them, denser where they are
sparse, and never on a key that they hold. Whoever plays into the gaps waits until the player has paused for a
moment.
"""

from msgspec.structs import replace

from antiphon.core.guide import Guide
from antiphon.core.scene import Scene
from antiphon.core.settings import Duet
from antiphon.core.terms import Room, Terms
from antiphon.core.units import Pitch, Seconds

IMPRESSION: Seconds = 1.0
"""How long it listens before it joins in."""

APART = 3
"""Semitones between the player's hands and where it plays, at least: closer than that, two parts are one."""

REACH = 27
"""Semitones beside the player's hands that it uses, at most: farther away, it would be somewhere else."""

FAR = 19
"""Semitones from the middle of the player's hands to the middle of its own part: an octave and a fifth."""

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
    heard = scene.player.guide(scene.settings)
    duet = scene.settings.duet
    guide = complement_of(heard, scene.player.density, duet) if duet.style == "complement" else heard
    return Terms(guide, length=duet.lingers, touched="goes on", part="it", is_prompt=False)


def complement_of(heard: Guide, density: float | None, duet: Duet) -> Guide:
    """Return a guide to what is missing beside music that is heard.

    Args:
        heard: what the player's music is like, or what the settings ask for in its place.
        density: onsets per second that the player plays of late; None where that is not known.
        duet: what both together are to be like.
    """
    left = None if density is None else max(duet.density - density, SPARSEST)
    register = heard.register
    if register is not None:
        register += -FAR if register >= MIDDLE else FAR
    return replace(heard, density=left, register=register)


def room_in_a_duet(scene: Scene) -> Room:
    """Return what the player leaves: the keys that they do not hold, a moment after they struck one."""
    player, duet = scene.player, scene.settings.duet
    beside = beside_the(player.compass) if duet.style == "complement" else None
    struck = player.struck_at
    return Room(player.sounding, beside, struck + duet.gap)


def beside_the(compass: tuple[Pitch, Pitch] | None) -> frozenset[Pitch] | None:
    """Return the pitches on that side of the player's hands which has more room; None is everywhere.

    Args:
        compass: the lowest and the highest pitch that they struck of late; None where they struck none.
    """
    if compass is None:
        return None
    lowest, highest = compass
    if lowest + highest >= 2 * MIDDLE:
        return frozenset(map(Pitch, range(max(lowest - REACH, 0), max(lowest - APART, 0) + 1)))
    return frozenset(map(Pitch, range(min(highest + APART, 127), min(highest + REACH, 127) + 1)))
