"""One player's style: what followed each context of their own, mixed with what is known of all music.

It is learnt event by event. Each context remembers what followed it, in its order, and of that the latest
counts. The finer context is trusted through a gate,

    p(x | context) = (1 - g) p(x | the coarser one) + g c(x) / n

where ``g`` depends on how often the context was seen and whether it was always followed by the same. Gates
are learnt too, from how well each would have told what the player did next (the expectation-maximisation of
Jelinek and Mercer, Interpolated estimation of Markov source parameters from sparse data, 1980, one event at
a time): with somebody who repeats themselves they open, with somebody who never does they stay shut.

The coarsest contexts count a loudness or a time for its neighbours as well, for nobody strikes twice alike.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.markov import contexts
from antiphon_models.markov.contexts import DT, INTERVAL, LOUDNESS, RANK, TRANSPOSED, UNISON, Keys
from antiphon_models.markov.past import NO_RANK, Past, rank_of
from antiphon_models.markov.table import GATES, LEVELS, Floats, Table

LATEST = 32
"""How many of what followed a context count, the last."""

SMOOTH = 2, 2, 1, 0
"""How many contexts of each field, the coarsest, count neighbours as well."""

TRIES = 4
"""Draws until one is allowed; then all chances are looked at, which takes longer."""

TRUST = 0.1
"""How far a gate is open of which nothing is known."""

STRENGTH = 20.0
"""Events that what a gate begins with counts for."""

WIDEST = 0.999
"""How far a gate is open at most: nothing is certain."""

MEMORY_OF_GATES = 500.0
"""Events after which a gate begins to forget: the music changes."""

_BY_INTERVAL = TRANSPOSED
_BY_VALUE = (False,) * len(TRANSPOSED)

_WIDTHS = vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES, NO_RANK

Seen = bytes | bytearray


def _neighbours(width: int, spread: float, alone: int = 0) -> Floats:
    """Return (width, width): of each value, how far it counts for every other; the first ones alone."""
    apart = np.subtract.outer(np.arange(width), np.arange(width))
    kernel = np.exp(-0.5 * (apart / spread) ** 2)
    kernel[:alone] = kernel[:, :alone] = 0.0
    kernel[range(alone), range(alone)] = 1.0
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True))


_KERNELS = (
    _neighbours(vocab.DT_BINS, 1.0),
    _neighbours(vocab.VELOCITY_CLASSES, 1.5, alone=1),
    np.eye(vocab.PITCHES),
    np.eye(NO_RANK),
)


@dataclass(slots=True)
class Smooth:
    """What followed a coarse context: the weight of each value, and how many outcomes there were."""

    weights: Floats
    outcomes: int = 0
    total: float = 0.0


def first_gates() -> npt.NDArray[np.float32]:
    """Return gates of which nothing is known: (contexts, 14, 2), how often each was right, of how many."""
    gates = np.ones((sum(LEVELS), GATES, 2), np.float32)
    gates[..., 0] = TRUST
    return gates


class Style:
    """What one player does, on top of a table.

    Args:
        table: what is known of all music.
        decay: by how much less each outcome of a context counts than the one that came after it.
    """

    def __init__(self, table: Table, decay: float = 0.0) -> None:
        self.events = 0
        self._table = table
        self._keep = 1.0 - decay
        self._smooth: list[list[dict[int, Smooth]]] = [[{} for _ in range(many)] for many in SMOOTH]
        self._seen: list[list[dict[int, Seen]]] = [[{} for _ in range(many)] for many in LEVELS]
        weights = [self._keep**ago for ago in reversed(range(LATEST))]
        self._shares = [()] + [
            tuple(each / sum(weights[-many:]) for each in weights[-many:]) for many in range(1, LATEST + 1)
        ]
        self._gates = _opened(table.gates)

    def learn(self, past: Past, event: tuple[int, int, int]) -> None:
        """Learn that an event followed what was heard, and how far the contexts could have told it."""
        dt, velocity, pitch = event
        at = contexts.of_dt(past)
        self._take(DT, at.own, dt, self._table.distribution(DT, at.table)[dt])
        at = contexts.of_loudness(past, dt)
        self._take(LOUDNESS, at.own, velocity, self._table.distribution(LOUDNESS, at.table)[velocity])
        if velocity:
            at, before = contexts.of_onset(past, dt), past.struck[0]
            chance = self._table.pitches(at.table, before)[pitch]
            self._take(INTERVAL, at.own, pitch, chance, pitch - before + UNISON)
        elif (rank := rank_of(pitch, past.sounding)) != NO_RANK:
            at = contexts.of_release(past, dt)
            self._take(RANK, at.own, rank, self._table.distribution(RANK, at.table)[rank])
        self.events += 1

    def forget(self, past: Past, event: tuple[int, int, int]) -> None:
        """Forget an event; those that were learnt first are forgotten first."""
        dt, velocity, pitch = event
        self._drop(DT, contexts.of_dt(past).own, dt)
        self._drop(LOUDNESS, contexts.of_loudness(past, dt).own, velocity)
        if velocity:
            self._drop(INTERVAL, contexts.of_onset(past, dt).own, pitch, pitch - past.struck[0] + UNISON)
        elif (rank := rank_of(pitch, past.sounding)) != NO_RANK:
            self._drop(RANK, contexts.of_release(past, dt).own, rank)
        self.events -= 1

    def times(self, past: Past) -> Floats:
        """Return the chances of the dt bins, (62,)."""
        at = contexts.of_dt(past)
        return self._mixed(DT, at.own, self._table.distribution(DT, at.table))

    def loudnesses(self, past: Past, dt: int) -> Floats:
        """Return the chances of the velocity classes, (33,), given when; a release is that of what sounds."""
        at = contexts.of_loudness(past, dt)
        chances = self._mixed(LOUDNESS, at.own, self._table.distribution(LOUDNESS, at.table))
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
        weights = self._mixed(INTERVAL, at.own, self._table.pitches(at.table, before), before - UNISON)
        for pitch in past.sounding:
            weights[pitch] = 0.0
        return weights

    def releases(self, past: Past, dt: int) -> Floats:
        """Return the chances of the pitches of a release, (128,), given when; only of what sounds."""
        at = contexts.of_release(past, dt)
        ranks = self._mixed(RANK, at.own, self._table.distribution(RANK, at.table))
        chances = np.zeros(vocab.PITCHES)
        for rank, pitch in enumerate(past.sounding):
            chances[pitch] = ranks[min(rank, NO_RANK - 1)]
        return np.asarray(chances / chances.sum()) if past.sounding else chances

    def draw_time(self, past: Past, random: Random, first: int, end: int) -> int:
        """Draw a dt bin from one up to, but not including, another."""
        at = contexts.of_dt(past)
        for _ in range(TRIES):
            if first <= (drawn := self._drawn(DT, at.own, at.table, random)) < end:
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
            drawn = self._drawn(LOUDNESS, at.own, at.table, random)
            if drawn or is_onset is None:
                return drawn
        return 1 + drawn_of(self.loudnesses(past, dt)[1:], random)

    def draw_release(self, past: Past, dt: int, random: Random, pitches: Collection[int]) -> int:
        """Draw which of some pitches ends, given when."""
        sounding = [*past.sounding]
        at = contexts.of_release(past, dt)
        for _ in range(TRIES):
            rank = self._drawn(RANK, at.own, at.table, random)
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
        other = Style(self._table, 1.0 - self._keep)
        other.events = self.events
        other._seen = [
            [
                {key: seen if isinstance(seen, bytes) else seen[:] for key, seen in level.items()}
                for level in levels
            ]
            for levels in self._seen
        ]
        other._smooth = [
            [
                {key: Smooth(each.weights.copy(), each.outcomes, each.total) for key, each in level.items()}
                for level in levels
            ]
            for levels in self._smooth
        ]
        other._gates = [[[gate[:] for gate in level] for level in levels] for levels in self._gates]
        return other

    def gates(self) -> npt.NDArray[np.float32]:
        """Return what was learnt of the gates, in the form of a table's."""
        return np.array([level for levels in self._gates for level in levels], np.float32)

    def _take(self, field: int, keys: Keys, value: int, chance: float, interval: int = 0) -> None:
        """Learn a value, and of each gate whether it would have been right to be open."""
        coarse = SMOOTH[field]
        for level in range(coarse):
            chance = self._take_smoothly(field, level, keys[level], value, chance)
        counted = _BY_INTERVAL if field == INTERVAL else _BY_VALUE
        for level in range(coarse, len(keys)):
            told = interval if counted[level] else value
            level_seen, key = self._seen[field][level], keys[level]
            seen = level_seen.get(key)
            if seen is None:
                level_seen[key] = ONE[told]
                continue
            latest = seen if len(seen) <= LATEST else seen[-LATEST:]
            many, first = len(latest), latest[0]
            if latest.count(first) == many:
                gate = self._gates[field][level][2 * many.bit_length() + 1]
                likely = 1.0 if first == told else 0.0
            else:
                gate = self._gates[field][level][2 * many.bit_length()]
                likely = latest.count(told) / many if self._keep == 1.0 else self._share_of(told, latest)
            chance = _opened_by(gate, likely, chance)
            if isinstance(seen, bytearray):
                seen.append(told)
            else:
                level_seen[key] = seen + ONE[told] if many < LATEST else bytearray(seen + ONE[told])

    def _take_smoothly(self, field: int, level: int, key: int, value: int, chance: float) -> float:
        """Learn a value in a coarse context; return how likely it was, that context counted."""
        smooth = self._smooth[field][level].get(key)
        if smooth is None:
            smooth = self._smooth[field][level][key] = Smooth(np.zeros(_WIDTHS[field]))
        else:
            gate = self._gates[field][level][min(smooth.outcomes.bit_length(), GATES - 1)]
            chance = _opened_by(gate, smooth.weights.item(value) / smooth.total, chance)
        if self._keep < 1.0:
            smooth.weights *= self._keep
            smooth.total *= self._keep
        smooth.weights += _KERNELS[field][value]
        smooth.total += 1.0
        smooth.outcomes += 1
        return chance

    def _share_of(self, value: int, latest: Seen) -> float:
        shares = zip(latest, self._shares[len(latest)], strict=True)
        return sum(share for each, share in shares if each == value)

    def _drop(self, field: int, keys: Keys, value: int, interval: int = 0) -> None:
        for level, key in enumerate(keys):
            counted = interval if field == INTERVAL and TRANSPOSED[level] else value
            if level < SMOOTH[field]:
                self._drop_smoothly(field, level, key, counted)
                continue
            seen = self._seen[field][level][key]
            if len(seen) == 1:
                del self._seen[field][level][key]
            elif isinstance(seen, bytearray):
                del seen[0]
            else:
                self._seen[field][level][key] = seen[1:]

    def _drop_smoothly(self, field: int, level: int, key: int, value: int) -> None:
        smooth = self._smooth[field][level][key]
        smooth.outcomes -= 1
        if not smooth.outcomes:
            del self._smooth[field][level][key]
            return
        weight = self._keep**smooth.outcomes
        smooth.weights -= weight * _KERNELS[field][value]
        np.maximum(smooth.weights, 0.0, out=smooth.weights)
        smooth.total = float(smooth.weights.sum())

    def _drawn(self, field: int, keys: Keys, table_keys: Keys, random: Random) -> int:
        """Draw a value: each gate, from the finest, lets it come from there or from a coarser context."""
        gates, coarse = self._gates[field], SMOOTH[field]
        for level in range(len(keys) - 1, coarse - 1, -1):
            seen = self._seen[field][level].get(keys[level])
            if seen is None:
                continue
            latest = seen if len(seen) <= LATEST else seen[-LATEST:]
            many = len(latest)
            gate = gates[level][2 * many.bit_length() + (latest.count(latest[0]) == many)]
            if random.random() * gate[1] < gate[0]:
                return latest[self._chosen(many, random)]
        for level in range(coarse - 1, -1, -1):
            smooth = self._smooth[field][level].get(keys[level])
            if smooth is None:
                continue
            gate = gates[level][min(smooth.outcomes.bit_length(), GATES - 1)]
            if random.random() * gate[1] < gate[0]:
                return drawn_of(smooth.weights, random)
        rising = self._table.rising(field, table_keys)
        return min(int(rising.searchsorted(random.random() * rising[-1], "right")), len(rising) - 1)

    def _chosen(self, many: int, random: Random) -> int:
        if self._keep == 1.0:
            return int(random.random() * many)
        return random.choices(range(many), self._shares[many])[0]

    def _mixed(self, field: int, keys: Keys, base: Floats, shift: int = 0) -> Floats:
        """Return chances, given those of the table; ``shift`` leads from an interval to its pitch."""
        gates, seen_of = self._gates[field], self._seen[field]
        left, chances = 1.0, dict[int, float]()
        for level in range(len(keys) - 1, SMOOTH[field] - 1, -1):
            seen = seen_of[level].get(keys[level])
            if seen is None:
                continue
            latest = seen if len(seen) <= LATEST else seen[-LATEST:]
            many = len(latest)
            alike = latest.count(latest[0]) == many
            gate = gates[level][2 * many.bit_length() + alike]
            share = left * gate[0] / gate[1]
            left -= share
            by = shift if field == INTERVAL and TRANSPOSED[level] else 0
            if alike:
                value = latest[0] + by
                chances[value] = chances.get(value, 0.0) + share
                continue
            for value, part in zip(latest, self._shares[many], strict=True):
                value += by
                chances[value] = chances.get(value, 0.0) + share * part
        mixed = self._mixed_smoothly(field, keys, base, left)
        return _with_chances(mixed, chances)

    def _mixed_smoothly(self, field: int, keys: Keys, base: Floats, left: float) -> Floats:
        gates, mixed, parts = self._gates[field], None, []
        for level in range(SMOOTH[field] - 1, -1, -1):
            smooth = self._smooth[field][level].get(keys[level])
            if smooth is None:
                continue
            gate = gates[level][min(smooth.outcomes.bit_length(), GATES - 1)]
            share = left * gate[0] / gate[1]
            left -= share
            parts.append(smooth.weights * (share / smooth.total))
        mixed = base * left
        for part in parts:
            mixed += part
        return mixed


def _opened_by(gate: list[float], likely: float, chance: float) -> float:
    """Return how likely a value was behind a gate, which learns from that."""
    through = gate[0] / gate[1] * likely
    chance = chance - gate[0] / gate[1] * chance + through
    gate[0] += through / chance
    gate[1] += 1.0
    if gate[1] > MEMORY_OF_GATES:
        gate[0] *= 0.5
        gate[1] *= 0.5
    if gate[0] > WIDEST * gate[1]:
        gate[0] = WIDEST * gate[1]
    return chance


def drawn_of(weights: Floats, random: Random) -> int:
    """Draw an index, by weights of which one at least is above 0; else any."""
    rising = np.cumsum(weights)
    if not rising[-1] > 0.0:
        return int(random.random() * len(weights))
    return min(int(rising.searchsorted(random.random() * rising[-1], "right")), len(weights) - 1)


ONE: Sequence[bytes] = tuple(bytes([value]) for value in range(256))


def _with_chances(mixed: Floats, chances: dict[int, float]) -> Floats:
    """Add the chances of single values; what is beyond the last pitch is left out, the rest made whole."""
    lost = 0.0
    for value, chance in chances.items():
        if 0 <= value < len(mixed):
            mixed[value] += chance
        else:
            lost += chance
    return mixed / (1.0 - lost) if lost else mixed


def _opened(gates: npt.NDArray[np.float32]) -> list[list[list[list[float]]]]:
    """Return gates as they are learnt: how often right, of how many. A table's count for a few events."""
    opened, start = [], 0
    for many in LEVELS:
        levels = gates[start : start + many].astype(np.float64)
        trust = levels[..., 0] / np.maximum(levels[..., 1], 1e-9)
        opened.append(np.stack([trust * STRENGTH, np.full_like(trust, STRENGTH)], axis=-1).tolist())
        start += many
    return opened
