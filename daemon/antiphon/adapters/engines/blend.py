"""The network and what the player has taught, blended into one: a product of their distributions.

The chances of each field are those of the network to the power of ``1 - w`` times those of the style to the
power of ``w``. The graph adds what allows and forbids to its logits, so it takes such a product as well, in
the very call that it is asked by: the style's logarithms are added, times ``w / (1 - w)``, and what divides
the logits is divided by ``1 - w`` itself.

The graph draws a time before it knows the style's word on what follows it. So the style's chances of a
velocity and of a pitch are those at the two likeliest times, one with the event before and one after it,
each as much as the style expects that. Times are exact. At 1 the style is asked alone.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec.structs import replace

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.markov.engine import MarkovEngine
from antiphon.adapters.engines.question import Floats, Manner, Question
from antiphon.adapters.engines.step_graph import Network
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon_models.markov.past import SILENCE, Past
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Floats as Chances

TOGETHER = 2
"""Dt bins, the first, in which an event belongs to the one before it."""

UNHEARD_OF = 1e-5
"""The least chance that counts: what somebody never did is not forbidden."""

HARDLY_ANY = 0.03
"""Share of the times that is left out of account."""

ALONE = 0.99
"""Share of the style from which on the network has no say."""


class BlendedEngine(LstmEngine):
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        network: what is stepped.
        markov: learns from the player; nobody else may use it.
        seed: of everything that is drawn at a temperature above 0.
    """

    def __init__(self, network: Network, markov: MarkovEngine, seed: int) -> None:
        super().__init__(network, seed)
        self._markov = markov
        self.kept = markov.kept

    def prime(self, event: MusicEvent) -> None:
        """Hear an event, both of them; where the player played it, the style learns from it."""
        super().prime(event)
        self._markov.prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Draw the next event, in one call of the network."""
        if constraints.blend >= ALONE:
            return self._markov.sample(constraints)
        return super().sample(constraints)

    def snapshot(self) -> Snapshot:
        return super().snapshot(), self._markov.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        heard, past = snapshot
        super().restore(heard)
        self._markov.restore(past)

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        super().reseed(seed)
        self._markov.reseed(seed)

    def _question(self, constraints: Constraints) -> Question:
        question = super()._question(constraints)
        past = self._markov.heard.past
        if constraints.blend <= 0.0 or past is SILENCE:
            return question
        return blended(question, self._markov.learner.style, past, constraints.blend)


def blended(question: Question, style: Style, past: Past, share: float) -> Question:
    """Return a question by which a style has its share in what is drawn.

    Args:
        share: above 0 and below 1.
    """
    weight = share / (1.0 - share)
    times = style.times(past)
    likeliest = _likeliest_times(times)
    loudness = _expected([(part, style.loudnesses(past, dt)) for dt, part in likeliest])
    onsets = _expected([(part, style.onsets(past, dt)) for dt, part in likeliest])
    releases = _expected([(part, style.releases(past, dt)) for dt, part in likeliest])
    return replace(
        question,
        manner=bolder(question.manner, share),
        allow_dt=question.allow_dt + weighed(times, weight),
        allow_class=question.allow_class + weighed(loudness, weight),
        allow_onset=question.allow_onset + weighed(onsets, weight),
        allow_release=question.allow_release + weighed(releases, weight),
    )


def _likeliest_times(times: Chances) -> list[tuple[int, float]]:
    """Return the likeliest time together with the event before and after it, each with its share."""
    together = float(times[:TOGETHER].sum())
    at_once, later = int(times[:TOGETHER].argmax()), TOGETHER + int(times[TOGETHER:].argmax())
    kept = [(dt, part) for dt, part in ((at_once, together), (later, 1 - together)) if part > HARDLY_ANY]
    whole = sum(part for _, part in kept)
    return [(dt, part / whole) for dt, part in kept]


def _expected(parts: Sequence[tuple[float, Chances]]) -> Chances:
    (share, chances), *more = parts
    expected = share * chances
    for share, chances in more:
        expected += share * chances
    return expected


def weighed(chances: Chances, weight: float) -> Floats:
    """Return what is added to logits for some chances, (1, values)."""
    return (weight * np.log(np.maximum(chances, UNHEARD_OF)))[None].astype(np.float32)


@lru_cache(maxsize=64)
def bolder(manner: Manner, share: float) -> Manner:
    """Return a manner in which the network's logits count for the rest of the share."""
    rest = 1.0 - share
    least = np.maximum(manner.log_min_p / np.float32(rest), np.float32(-1e4))
    return replace(manner, temperature=manner.temperature / np.float32(rest), log_min_p=least)
