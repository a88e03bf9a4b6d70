"""What followed each context of one field of an event, remembered in its order, of which the latest counts.

A context is a number here and nothing is known of the music behind it. Those of a field come from coarse to
fine; the finer one is trusted through a gate,

    p(x | context) = (1 - g) p(x | the coarser one) + g c(x) / n

where ``g`` depends on how often the context was seen and whether it was always followed by the same. The
coarsest contexts count a loudness or a time for its neighbours as well, for nobody strikes twice alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from antiphon_models import vocab
from antiphon_models.markov.contexts import INTERVAL, TRANSPOSED, Keys
from antiphon_models.markov.drawing import drawn_of
from antiphon_models.markov.gates import Gate, learnt_by
from antiphon_models.markov.past import NO_RANK
from antiphon_models.markov.table import GATES, LEVELS, Floats

LATEST = 32
"""How many of what followed a context count, the last."""

SMOOTH = 2, 2, 1, 0
"""How many contexts of each field, the coarsest, count neighbours as well."""

ONE: Sequence[bytes] = tuple(bytes([value]) for value in range(256))

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


class Fading:
    """By how much less each outcome of a context counts than the one that came after it.

    Attributes:
        keep: how much is left of an outcome when another came.
        shares: of so many outcomes, from the oldest, the share of each.
    """

    def __init__(self, decay: float) -> None:
        self.keep = 1.0 - decay
        weights = [self.keep**ago for ago in reversed(range(LATEST))]
        self.shares: list[tuple[float, ...]] = [()] + [
            tuple(each / sum(weights[-many:]) for each in weights[-many:]) for many in range(1, LATEST + 1)
        ]

    def share_of(self, value: int, latest: Seen) -> float:
        """Return how much of what followed a context lately was a value."""
        if self.keep == 1.0:
            return latest.count(value) / len(latest)
        shares = zip(latest, self.shares[len(latest)], strict=True)
        return sum(share for each, share in shares if each == value)

    def chosen(self, many: int, random: Random) -> int:
        """Draw one of so many outcomes, counted from the oldest."""
        if self.keep == 1.0:
            return int(random.random() * many)
        return random.choices(range(many), self.shares[many])[0]


class Outcomes:
    """What followed each context of a field.

    Args:
        field: which it is.
        gates: of each of its contexts; they are learnt in place.
        fading: by which what was long ago counts for less.
    """

    def __init__(self, field: int, gates: list[list[Gate]], fading: Fading) -> None:
        self.gates = gates
        self._field = field
        self._fading = fading
        self._coarse = SMOOTH[field]
        self._by_interval = TRANSPOSED if field == INTERVAL else _BY_VALUE
        self._smooth: list[dict[int, Smooth]] = [{} for _ in range(self._coarse)]
        self._seen: list[dict[int, Seen]] = [{} for _ in range(LEVELS[field])]

    def copy(self) -> "Outcomes":
        """Return the same, going its own way."""
        gates = [[gate[:] for gate in level] for level in self.gates]
        other = Outcomes(self._field, gates, self._fading)
        other._seen = [
            {key: seen if isinstance(seen, bytes) else seen[:] for key, seen in level.items()}
            for level in self._seen
        ]
        other._smooth = [
            {key: Smooth(each.weights.copy(), each.outcomes, each.total) for key, each in level.items()}
            for level in self._smooth
        ]
        return other

    def learn(self, keys: Keys, value: int, chance: float, interval: int = 0) -> None:
        """Learn a value, and of each gate whether it would have been right to be open.

        Args:
            keys: the contexts in which it came, from coarse to fine.
            value: what it was; of a pitch, also the interval that led to it.
            chance: how likely it was without any of this.
        """
        for level in range(self._coarse):
            chance = self._learn_smoothly(level, keys[level], value, chance)
        for level in range(self._coarse, len(keys)):
            told = interval if self._by_interval[level] else value
            chance = self._learn_exactly(level, keys[level], told, chance)

    def forget(self, keys: Keys, value: int, interval: int = 0) -> None:
        """Forget a value; those that were learnt first are forgotten first."""
        for level, key in enumerate(keys):
            told = interval if self._by_interval[level] else value
            if level < self._coarse:
                self._forget_smoothly(level, key, told)
            else:
                self._forget_exactly(level, key)

    def drawn(self, keys: Keys, random: Random) -> int | None:
        """Draw a value: each gate, from the finest, lets it come from there or from a coarser context.

        None where none of them did.
        """
        for level in range(len(keys) - 1, self._coarse - 1, -1):
            seen = self._seen[level].get(keys[level])
            if seen is None:
                continue
            latest = seen if len(seen) <= LATEST else seen[-LATEST:]
            many = len(latest)
            gate = self.gates[level][2 * many.bit_length() + (latest.count(latest[0]) == many)]
            if random.random() * gate[1] < gate[0]:
                return latest[self._fading.chosen(many, random)]
        for level in range(self._coarse - 1, -1, -1):
            smooth = self._smooth[level].get(keys[level])
            if smooth is None:
                continue
            gate = self._gate_of(level, smooth)
            if random.random() * gate[1] < gate[0]:
                return drawn_of(smooth.weights, random)
        return None

    def mixed(self, keys: Keys, base: Floats, shift: int = 0) -> Floats:
        """Return chances, given those of the table; ``shift`` leads from an interval to its pitch."""
        left, chances = 1.0, dict[int, float]()
        for level in range(len(keys) - 1, self._coarse - 1, -1):
            seen = self._seen[level].get(keys[level])
            if seen is None:
                continue
            latest = seen if len(seen) <= LATEST else seen[-LATEST:]
            many = len(latest)
            alike = latest.count(latest[0]) == many
            gate = self.gates[level][2 * many.bit_length() + alike]
            share = left * gate[0] / gate[1]
            left -= share
            by = shift if self._by_interval[level] else 0
            if alike:
                value = latest[0] + by
                chances[value] = chances.get(value, 0.0) + share
                continue
            for value, part in zip(latest, self._fading.shares[many], strict=True):
                value += by
                chances[value] = chances.get(value, 0.0) + share * part
        return _with_chances(self._mixed_smoothly(keys, base, left), chances)

    def _mixed_smoothly(self, keys: Keys, base: Floats, left: float) -> Floats:
        parts = []
        for level in range(self._coarse - 1, -1, -1):
            smooth = self._smooth[level].get(keys[level])
            if smooth is None:
                continue
            gate = self._gate_of(level, smooth)
            share = left * gate[0] / gate[1]
            left -= share
            parts.append(smooth.weights * (share / smooth.total))
        mixed = base * left
        for part in parts:
            mixed += part
        return mixed

    def _learn_exactly(self, level: int, key: int, told: int, chance: float) -> float:
        """Learn a value in a fine context; return how likely it was, that context counted."""
        seen = self._seen[level].get(key)
        if seen is None:
            self._seen[level][key] = ONE[told]
            return chance
        latest = seen if len(seen) <= LATEST else seen[-LATEST:]
        many, first = len(latest), latest[0]
        if latest.count(first) == many:
            gate = self.gates[level][2 * many.bit_length() + 1]
            likely = 1.0 if first == told else 0.0
        else:
            gate = self.gates[level][2 * many.bit_length()]
            likely = self._fading.share_of(told, latest)
        if isinstance(seen, bytearray):
            seen.append(told)
        else:
            self._seen[level][key] = seen + ONE[told] if many < LATEST else bytearray(seen + ONE[told])
        return learnt_by(gate, likely, chance)

    def _learn_smoothly(self, level: int, key: int, value: int, chance: float) -> float:
        """Learn a value in a coarse context; return how likely it was, that context counted."""
        smooth = self._smooth[level].get(key)
        if smooth is None:
            smooth = self._smooth[level][key] = Smooth(np.zeros(_WIDTHS[self._field]))
        else:
            chance = learnt_by(
                self._gate_of(level, smooth), smooth.weights.item(value) / smooth.total, chance
            )
        if self._fading.keep < 1.0:
            smooth.weights *= self._fading.keep
            smooth.total *= self._fading.keep
        smooth.weights += _KERNELS[self._field][value]
        smooth.total += 1.0
        smooth.outcomes += 1
        return chance

    def _gate_of(self, level: int, smooth: Smooth) -> Gate:
        return self.gates[level][min(smooth.outcomes.bit_length(), GATES - 1)]

    def _forget_exactly(self, level: int, key: int) -> None:
        seen = self._seen[level][key]
        if len(seen) == 1:
            del self._seen[level][key]
        elif isinstance(seen, bytearray):
            del seen[0]
        else:
            self._seen[level][key] = seen[1:]

    def _forget_smoothly(self, level: int, key: int, value: int) -> None:
        smooth = self._smooth[level][key]
        smooth.outcomes -= 1
        if not smooth.outcomes:
            del self._smooth[level][key]
            return
        weight = self._fading.keep**smooth.outcomes
        smooth.weights -= weight * _KERNELS[self._field][value]
        np.maximum(smooth.weights, 0.0, out=smooth.weights)
        smooth.total = float(smooth.weights.sum())


def _with_chances(mixed: Floats, chances: dict[int, float]) -> Floats:
    """Add the chances of single values; what is beyond the last pitch is left out, the rest made whole."""
    lost = 0.0
    for value, chance in chances.items():
        if 0 <= value < len(mixed):
            mixed[value] += chance
        else:
            lost += chance
    return mixed / (1.0 - lost) if lost else mixed
