"""On what terms something is played: how long, like what, and what becomes of it when a key is touched.

An answer goes by them, and a mode draws them up. They say nothing of when it begins.
"""

import math
from typing import Literal

from msgspec import Struct

from antiphon.core.guide import Guide
from antiphon.core.units import Part, Pitch, Seconds

Touched = Literal["yields", "goes on", "fades"]
"""What it does when the player strikes a key: falls silent at once, or goes on, with what has not sounded yet
imagined anew, or becomes softer and softer until it is silent.
"""


class Terms(Struct, frozen=True, gc=False):
    """What is to be played.

    Attributes:
        guide: what the music is to be like.
        length: seconds after which no new note begins.
        closes_after: seconds after which its phrase may close; None towards the end of its length.
        seed: where given, the same question is answered in the same way.
        touched: what becomes of it when the player strikes a key.
        part: the part that the engine is asked for; None where nobody is told apart.
        inherited: pitches that sound already and are now its own to end.
        is_prompt: whether its first note comes at once, or when the engine has it come.
        is_anew: whether all that was heard before is forgotten first.
    """

    guide: Guide
    length: Seconds = math.inf
    closes_after: Seconds | None = None
    seed: int | None = None
    touched: Touched = "yields"
    part: Part | None = None
    inherited: frozenset[Pitch] = frozenset()
    is_prompt: bool = True
    is_anew: bool = False


class Room(Struct, frozen=True, gc=False):
    """What the player leaves to somebody who plays beside them.

    Attributes:
        taken: pitches that sound already, since the player holds them.
        pitches: those that it may use; None is all of them.
        earliest: the moment before which no note begins.
    """

    taken: frozenset[Pitch] = frozenset()
    pitches: frozenset[Pitch] | None = None
    earliest: Seconds = -math.inf
