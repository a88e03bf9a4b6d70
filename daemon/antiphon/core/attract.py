"""Playing by itself, when nobody does: when, and what; each piece a little different from the one before.

What a piece is like is drawn from the date and its number, so no night is like another, and each can be had
again. The rest an engine draws by the same seed.
"""

from collections.abc import Iterator
from hashlib import blake2b

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
    lots = lots_of(seed)
    longest = scene.settings.attract.seconds
    length = between((SHORTEST_SHARE * longest, longest), next(lots))
    return Terms(guide_to_a_piece(lots, scene), length, seed=seed, touched="fades", is_anew=True)


def seed_of_the_piece(scene: Scene) -> int:
    """Return a number for the next piece, out of the date, or where that is fixed, of the setting."""
    fixed = scene.settings.play.seed
    night = scene.day if fixed < 0 else fixed
    return int.from_bytes(_digest(f"night {night}, piece {scene.pieces}")[:4])


def lots_of(seed: int) -> Iterator[float]:
    """Yield eight numbers from 0 up to, but not including, 1: always the same ones for a seed."""
    digest = _digest(f"piece {seed}")
    for first in range(0, len(digest), 8):
        yield int.from_bytes(digest[first : first + 6]) / 2**48


def between(ends: tuple[float, float], lot: float) -> float:
    """Return what a lot picks out of a range."""
    return ends[0] + lot * (ends[1] - ends[0])


def guide_to_a_piece(lots: Iterator[float], scene: Scene) -> Guide:
    """Return a guide to a quiet piece, as if such music had been heard: mood and settings go before."""
    key = Key(int(12 * next(lots)), is_minor=next(lots) < 0.5)
    as_if_heard = Guide(
        density=between(DENSITIES, next(lots)),
        loudness=between(LOUDNESSES, next(lots)),
        register=between(REGISTERS, next(lots)),
        pitch_classes=key.shares,
    )
    guide = guide_from(as_if_heard, key, scene.settings)
    # Out of nothing an engine is as loud as it is asked to be: there is no music that it could go on from.
    return replace(guide, tempo=guide.tempo * between(TEMPOS, next(lots)), louder=0)


def _digest(text: str) -> bytes:
    return blake2b(text.encode()).digest()
