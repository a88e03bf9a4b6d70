"""How loud an answer's note is played: as the engine has it, as the guide wants it, less while it fades."""

from msgspec import Struct

from antiphon.core.guide import Guide
from antiphon.core.units import Seconds, Velocity

SOFTEST, LOUDEST = 1, 127
"""Velocities of a note."""


class Fade(Struct, frozen=True, gc=False):
    """A diminuendo to nothing, ``begins`` and ``ends`` at a moment each."""

    begins: Seconds
    ends: Seconds

    def share_left(self, at: Seconds) -> float:
        """Return how loud it still is, from 1 to 0."""
        return min(max((self.ends - at) / (self.ends - self.begins), 0.0), 1.0)


def loudness(velocity: Velocity, at: Seconds, guide: Guide, fade: Fade | None) -> Velocity:
    """Return the velocity at which a note is played that the engine has at another; 0 stays a release."""
    if not velocity:
        return velocity
    wanted = velocity + guide.louder
    if fade is not None:
        wanted = round(wanted * fade.share_left(at))
    return Velocity(min(max(wanted, SOFTEST), LOUDEST))
