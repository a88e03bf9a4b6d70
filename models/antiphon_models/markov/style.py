"""One player's style: what followed each context of their own, mixed with what is known of all music.

It is learnt event by event, and can be forgotten again. The contexts of an event's time, its loudness and its
pitch are known here, what followed each of them is kept in the :mod:`~antiphon_models.markov.outcomes`.
"""

from collections.abc import Collection
from random import Random

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.markov import contexts
from antiphon_models.markov.contexts import DT, INTERVAL, LOUDNESS, RANK, UNISON, Contexts
from antiphon_models.markov.drawing import drawn_below, drawn_of
from antiphon_models.markov.gates import gates_by_field
from antiphon_models.markov.outcomes import Fading, Outcomes
from antiphon_models.markov.past import NO_RANK, Past, rank_of
from antiphon_models.markov.table import Floats, Table

TRIES = 4
"""Draws until one is allowed; then all chances are looked at, which takes longer."""


class Style:
    """What one player does, on top of a table.

    Args:
        table: what is known of all music.
        decay: by how much less each outcome of a context counts than the one that came after it.
    """

    def __init__(self, table: Table, decay: float = 0.0) -> None:
        self.events = 0
        self._table = table
        self._decay = decay
        fading = Fading(decay)
        self._outcomes = [
            Outcomes(field, gates, fading) for field, gates in enumerate(gates_by_field(table.gates))
        ]

    def learn(self, past: Past, event: tuple[int, int, int]) -> None:
        """Learn that an event followed what was heard, and how far the contexts could have told it."""
        dt, velocity, pitch = event
        self._learn(DT, contexts.of_dt(past), dt)
        self._learn(LOUDNESS, contexts.of_loudness(past, dt), velocity)
        if velocity:
            at, before = contexts.of_onset(past, dt), past.struck[0]
            chance = self._table.pitches(at.table, before)[pitch]
            self._outcomes[INTERVAL].learn(at.own, pitch, chance, pitch - before + UNISON)
        elif (rank := rank_of(pitch, past.sounding)) != NO_RANK:
            self._learn(RANK, contexts.of_release(past, dt), rank)
        self.events += 1

    def forget(self, past: Past, event: tuple[int, int, int]) -> None:
        """Forget an event; those that were learnt first are forgotten first."""
        dt, velocity, pitch = event
        self._outcomes[DT].forget(contexts.of_dt(past).own, dt)
        self._outcomes[LOUDNESS].forget(contexts.of_loudness(past, dt).own, velocity)
        if velocity:
            interval = pitch - past.struck[0] + UNISON
            self._outcomes[INTERVAL].forget(contexts.of_onset(past, dt).own, pitch, interval)
        elif (rank := rank_of(pitch, past.sounding)) != NO_RANK:
            self._outcomes[RANK].forget(contexts.of_release(past, dt).own, rank)
        self.events -= 1

    def times(self, past: Past) -> Floats:
        """Return the chances of the dt bins, (62,)."""
        return self._mixed(DT, contexts.of_dt(past))

    def loudnesses(self, past: Past, dt: int) -> Floats:
        """Return the chances of the velocity classes, (33,), given when; a release is that of what sounds."""
        chances = self._mixed(LOUDNESS, contexts.of_loudness(past, dt))
        if not past.sounding:
            chances[vocab.RELEASE] = 0.0
            chances /= chances.sum()
        return chances

    def onsets(self, past: Past, dt: int) -> Floats:
        """Return the chances of the pitches of an onset, (128,), given when; what sounds is not struck."""
        chances = self.onset_weights(past, dt)
        return np.asarray(chances / chances.sum())

    def onset_weights(self, past: Past, dt: int) -> Floats:
        """Return the same as far as it goes without making the sum 1; an array of the caller's own."""
        at, before = contexts.of_onset(past, dt), past.struck[0]
        base = self._table.pitches(at.table, before)
        weights = self._outcomes[INTERVAL].mixed(at.own, base, before - UNISON)
        for pitch in past.sounding:
            weights[pitch] = 0.0
        return weights

    def releases(self, past: Past, dt: int) -> Floats:
        """Return the chances of the pitches of a release, (128,), given when; only of what sounds."""
        ranks = self._mixed(RANK, contexts.of_release(past, dt))
        chances = np.zeros(vocab.PITCHES)
        for rank, pitch in enumerate(past.sounding):
            chances[pitch] = ranks[min(rank, NO_RANK - 1)]
        return np.asarray(chances / chances.sum()) if past.sounding else chances

    def draw_time(self, past: Past, random: Random, first: int, end: int) -> int:
        """Draw a dt bin from one up to, but not including, another."""
        at = contexts.of_dt(past)
        for _ in range(TRIES):
            if first <= (drawn := self._drawn(DT, at, random)) < end:
                return drawn
        return first + drawn_of(self.times(past)[first:end], random)

    def draw_loudness(self, past: Past, dt: int, random: Random, is_onset: bool | None = None) -> int:
        """Draw a velocity class, given when; ``is_onset`` where it has to be one, or must not."""
        if is_onset is None and not past.sounding:
            is_onset = True
        if is_onset is False:
            return vocab.RELEASE
        at = contexts.of_loudness(past, dt)
        for _ in range(TRIES):
            drawn = self._drawn(LOUDNESS, at, random)
            if drawn or is_onset is None:
                return drawn
        return 1 + drawn_of(self.loudnesses(past, dt)[1:], random)

    def draw_release(self, past: Past, dt: int, random: Random, pitches: Collection[int]) -> int:
        """Draw which of some pitches ends, given when."""
        sounding = [*past.sounding]
        at = contexts.of_release(past, dt)
        for _ in range(TRIES):
            rank = self._drawn(RANK, at, random)
            if rank < len(sounding) and sounding[rank] in pitches:
                return sounding[rank]
        among = [pitch for pitch in sounding if pitch in pitches] or sorted(pitches)
        return among[int(random.random() * len(among))]

    def chance(self, past: Past, event: tuple[int, int, int]) -> tuple[float, float, float]:
        """Return the chances of an event's time, its loudness given that, and its pitch given both."""
        dt, velocity, pitch = event
        pitches = self.onsets(past, dt) if velocity else self.releases(past, dt)
        return (
            float(self.times(past)[dt]),
            float(self.loudnesses(past, dt)[velocity]),
            float(pitches[pitch]),
        )

    def copy(self) -> "Style":
        """Return a style that has learnt the same and goes its own way."""
        other = Style(self._table, self._decay)
        other.events = self.events
        other._outcomes = [each.copy() for each in self._outcomes]
        return other

    def gates(self) -> npt.NDArray[np.float32]:
        """Return what was learnt of the gates, in the form of a table's."""
        return np.array([level for each in self._outcomes for level in each.gates], np.float32)

    def _learn(self, field: int, at: Contexts, value: int) -> None:
        chance = self._table.distribution(field, at.table)[value]
        self._outcomes[field].learn(at.own, value, chance)

    def _mixed(self, field: int, at: Contexts) -> Floats:
        return self._outcomes[field].mixed(at.own, self._table.distribution(field, at.table))

    def _drawn(self, field: int, at: Contexts, random: Random) -> int:
        drawn = self._outcomes[field].drawn(at.own, random)
        return drawn_below(self._table.rising(field, at.table), random) if drawn is None else drawn
