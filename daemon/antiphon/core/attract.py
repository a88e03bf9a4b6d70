"""Playing by itself, when nobody does: when, and what; each piece a little different from the one before.

What a piece is like is drawn from the date and its number, so no night is like another, and each can be had
again. The rest an engine draws by the same seed.
"""

import random

from msgspec.structs import replace

from antiphon.core.guidance import guide_from
from antiphon.core.guide import Guide
from antiphon.core.keys import Key
from antiphon.core.scene import Scene
from antiphon.core.terms import Terms
from antiphon.core.units import Seconds

DENSITIES = (1.5, 6.0)
"""Onsets per second of a piece."""

REGISTERS = (52.0, 68.0)
"""Mean pitch of a piece."""

LOUDNESSES = (38.0, 58.0)
"""Mean velocity of a piece: nobody has asked for it."""

TEMPOS = (0.8, 1.05)
"""Times as fast as the engine has it."""

SHORTEST_SHARE = 0.5
"""Of the longest piece, that a piece lasts at least."""


def plays_alone_at(scene: Scene) -> Seconds | None:
    """Return when it plays by itself; None while somebody is there, or at quiet hours."""
    attract = scene.settings.attract
    if not scene.is_open or not scene.player.is_still or scene.player.phrase.onsets:
        return None
    return scene.quiet_since + (attract.rest if scene.alone else attract.after)


def terms_of_a_piece(scene: Scene) -> Terms:
    """Return the terms of the next piece that it plays by itself."""
    seed = seed_of_the_piece(scene)
    drawn = random.Random(seed)
    longest = scene.settings.attract.seconds
    length = drawn.uniform(SHORTEST_SHARE * longest, longest)
    return Terms(guide_to_a_piece(drawn, scene), length, seed=seed, touched="fades", is_anew=True)


def seed_of_the_piece(scene: Scene) -> int:
    """Return a number for the next piece, out of the date, or where that is fixed, of the setting."""
    fixed = scene.settings.play.seed
    night = scene.day if fixed < 0 else fixed
    return random.Random(f"night {night}, piece {scene.pieces}").getrandbits(32)


def guide_to_a_piece(drawn: random.Random, scene: Scene) -> Guide:
    """Return a guide to a quiet piece, as if such music had been heard: mood and settings go before."""
    key = Key(drawn.randrange(12), is_minor=drawn.random() < 0.5)
    as_if_heard = Guide(
        density=drawn.uniform(*DENSITIES),
        loudness=drawn.uniform(*LOUDNESSES),
        register=drawn.uniform(*REGISTERS),
        pitch_classes=key.shares,
    )
    guide = guide_from(as_if_heard, key, scene.settings)
    # Out of nothing an engine is as loud as it is asked to be: there is no music that it could go on from.
    return replace(guide, tempo=guide.tempo * drawn.uniform(*TEMPOS), louder=0)
