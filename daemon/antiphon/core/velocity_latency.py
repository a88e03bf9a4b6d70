"""How long after a note is sent it sounds, by its velocity: pairs such as ``1:155 40:90 100:0``, in ms.

A hammer that is thrown slowly takes longer. Between two pairs the time is interpolated, beyond the first and
the last it is theirs. A table can be made of what was measured; how that is done is not known here.
"""

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from antiphon.core.units import Seconds, Velocity

LONGEST_MS = 500.0
"""What is slower is no hammer, but a mistake."""

MOST_PAIRS = 32

CLOSE_ENOUGH: Seconds = 0.002
"""A pair is left out of a table that was measured where its neighbours say the same within this."""

FEWEST = 2
"""Times that a velocity has to be heard to count."""

_PAIR = re.compile(r"(\d{1,3}):(\d{1,3}(?:\.\d+)?)")


class Table(Struct, frozen=True):
    """Velocities in order, and the time of each. Without any, everything sounds at once."""

    velocities: tuple[int, ...] = ()
    seconds: tuple[Seconds, ...] = ()

    @property
    def longest(self) -> Seconds:
        return max(self.seconds, default=0.0)

    def at(self, velocity: int) -> Seconds:
        """Return how long a note of this velocity takes to sound."""
        pairs = [*zip(self.velocities, self.seconds, strict=True)]
        if not pairs:
            return 0.0
        above = next((index for index, (known, _) in enumerate(pairs) if known >= velocity), None)
        if above is None:
            return self.seconds[-1]
        if above == 0:
            return self.seconds[0]
        (low, slower), (high, faster) = pairs[above - 1], pairs[above]
        return slower + (faster - slower) * (velocity - low) / (high - low)

    def __str__(self) -> str:
        pairs = zip(self.velocities, self.seconds, strict=True)
        return " ".join(f"{velocity}:{round(1000 * seconds)}" for velocity, seconds in pairs)


@lru_cache(maxsize=8)
def table_of(text: str) -> Table:
    """Return the table that a text means which was not objected to."""
    pairs = sorted((int(found[1]), float(found[2]) / 1000) for found in _PAIR.finditer(text))
    return Table(tuple(velocity for velocity, _ in pairs), tuple(seconds for _, seconds in pairs))


def objection_to_latency(text: str) -> str:
    """Say what is wrong with a table, as the end of a sentence, or nothing."""
    words = text.split()
    pairs = [_PAIR.fullmatch(word) for word in words]
    wrong = next((word for word, pair in zip(words, pairs, strict=True) if pair is None), "")
    if wrong:
        return f"must be pairs of velocity and ms, such as 1:155 40:90 100:0, and {wrong[:20]} is none"
    found = [(int(pair[1]), float(pair[2])) for pair in pairs if pair is not None]
    if len(found) > MOST_PAIRS:
        return f"has {len(found)} pairs; {MOST_PAIRS} are the most"
    if any(not 1 <= velocity <= 127 for velocity, _ in found):
        return "names a velocity that is not from 1 to 127"
    if len({velocity for velocity, _ in found}) < len(found):
        return "names a velocity twice"
    if any(ms > LONGEST_MS for _, ms in found):
        return f"names more than {LONGEST_MS:.0f} ms"
    return ""


def fitted(heard: Mapping[Velocity, Sequence[Seconds]]) -> Table:
    """Return the table that was measured: of each velocity the median, none slower than a softer one.

    What was heard once only counts for nothing. Where a louder note seems to take longer, both are taken for
    the same (isotonic regression by pooling adjacent violators).

    Args:
        heard: of each velocity, how long its notes took.
    """
    pools: list[tuple[list[int], float]] = []
    for velocity in sorted(velocity for velocity, times in heard.items() if len(times) >= FEWEST):
        pools.append(([velocity], statistics.median(heard[velocity])))
        while len(pools) > 1 and pools[-1][1] > pools[-2][1]:
            (louder, slower), (softer, faster) = pools.pop(), pools.pop()
            together = len(softer) + len(louder)
            pools.append((softer + louder, (faster * len(softer) + slower * len(louder)) / together))
    pairs = [(velocity, max(seconds, 0.0)) for velocities, seconds in pools for velocity in velocities]
    return _without_what_follows(pairs)


def _without_what_follows(pairs: Sequence[tuple[int, Seconds]]) -> Table:
    """Leave out, one after the other, each pair that the rest says as well."""
    kept = [*pairs]
    for pair in pairs[1:-1]:
        rest = [each for each in kept if each != pair]
        if all(abs(_table(rest).at(velocity) - seconds) <= CLOSE_ENOUGH for velocity, seconds in pairs):
            kept = rest
    return _table(kept)


def _table(pairs: Iterable[tuple[int, Seconds]]) -> Table:
    velocities, seconds = [], []
    for velocity, time in pairs:
        velocities.append(velocity)
        seconds.append(time)
    return Table(tuple(velocities), tuple(seconds))
