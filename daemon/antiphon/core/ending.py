"""Whether the player is done, as far as the music tells that was played before they paused.

Three witnesses are heard, and each has its say in how likely it is that a silence is the end of a phrase and
no rest within it: the engine, which has an opinion on when the music goes on; the player's own rests of late;
and how the phrase closed. Nothing here knows the settings, or what follows from it.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import NamedTuple

from msgspec import Struct

from antiphon.core.engine import Timing
from antiphon.core.units import Seconds
from antiphon_models.vocab import DT_EDGES

LONG_REST: Seconds = 2.0
"""A silence that lasts so long is the end of a phrase, whatever was meant by it."""

HARDLY_ANY = 1e-9
"""The least chance that counts."""

NEARLY: Seconds = 0.008
"""How exactly the length of a pause is found."""

A_LITTLE: Seconds = 0.3
"""Added to how long a note was held: among short ones it makes no difference which is shorter."""


class Evidence(NamedTuple):
    """What each witness says of a silence of some length; and by how much that counts, in ``WEIGHTS``.

    Attributes:
        expected: logarithm of the share of such silences that become long rests, as the engine has it.
        unusual: minus the logarithm of the share of the player's own rests that were longer.
        always: 1.
        held: logarithm of how long the last onset was held, and a little.
        home: 1 where every note of the last chord is of the chord on the tonic, else 0.
        accent: by how many times 20 velocities the last chord is louder than what went before.
        slowing: logarithm of how many times as long as usual the last intervals are.
    """

    expected: float
    unusual: float
    always: float
    held: float
    home: float
    accent: float
    slowing: float


WEIGHTS = Evidence(0.94, 0.37, -0.21, 0.42, 1.00, 0.22, 0.48)
"""Learnt from the pauses in pieces; docs/turn-taking.md has the command."""

CHANGING = 2
"""How many of these change while it is silent, the first."""


class Close(Struct, frozen=True, gc=False):
    """How a phrase broke off.

    Attributes:
        held: seconds from the last onset until everything was let go.
        home: whether every note of the last chord is of the chord on the tonic.
        accent: by how many velocities the loudest note of that chord is louder than the notes of late.
        slowing: how many times as long as usual the last intervals between onsets are.
        rests: the player's own rests of late, seconds, in rising order.
    """

    held: Seconds
    home: bool
    accent: float
    slowing: float
    rests: Sequence[Seconds]


class Ending:
    """A silence that may be the end of a phrase, with all that is known of it when it begins.

    Args:
        close: how the phrase broke off.
        timing: when the engine expects the next event.
        lag: seconds from the last event that the engine heard until the silence began.
    """

    def __init__(self, close: Close, timing: Timing, lag: Seconds) -> None:
        self._close = close
        self._or_later = list(accumulate(reversed(timing)))
        self._lag = lag
        self._becomes_long = self._outlasting(LONG_REST)
        self._from_the_start = math.fsum(map(mul, WEIGHTS[CHANGING:], self._lasting()))

    def log_odds(self, silence: Seconds) -> float:
        """Return the logarithm of the odds that the player is done, when it was silent for so long.

        It never falls as the silence goes on.
        """
        return self._from_the_start + math.fsum(map(mul, WEIGHTS, self._changing(silence)))

    @property
    def likely_after(self) -> Seconds:
        """How long it has to be silent until the player is likelier done than not."""
        shortest, longest = 0.0, LONG_REST
        while longest - shortest > NEARLY:
            middle = (shortest + longest) / 2
            if self.log_odds(middle) >= 0.0:
                longest = middle
            else:
                shortest = middle
        return longest

    def evidence(self, silence: Seconds) -> Evidence:
        """Return what each witness says when it was silent for so long."""
        return Evidence(*self._changing(silence), *self._lasting())

    def _changing(self, silence: Seconds) -> tuple[float, float]:
        """Return what changes while it is silent."""
        rests = self._close.rests
        longer = len(rests) - bisect_right(rests, silence)
        return self._expected(silence), math.log((len(rests) + 2) / (longer + 1))

    def _lasting(self) -> tuple[float, float, float, float, float]:
        """Return what is so from the start."""
        close = self._close
        held = math.log(close.held + A_LITTLE)
        return 1.0, held, float(close.home), close.accent / 20, math.log(close.slowing)

    def _expected(self, silence: Seconds) -> float:
        """Return the logarithm of the share of the silences of this length that become long rests."""
        return min(self._becomes_long - self._outlasting(silence), 0.0)

    def _outlasting(self, silence: Seconds) -> float:
        """Return the logarithm of how likely nothing comes before; within a bin it changes evenly."""
        elapsed = silence + self._lag
        bin_ = min(bisect_left(DT_EDGES, elapsed), len(DT_EDGES) - 1)
        began, ended = (DT_EDGES[bin_ - 1] if bin_ else 0.0), DT_EDGES[bin_]
        part = min((elapsed - began) / (ended - began), 1.0)
        return (1 - part) * self._log_chance_from(bin_) + part * self._log_chance_from(bin_ + 1)

    def _log_chance_from(self, bin_: int) -> float:
        """Return the logarithm of how likely the next event comes in a bin or later."""
        return math.log(max(self._or_later[-1 - bin_], HARDLY_ANY))
