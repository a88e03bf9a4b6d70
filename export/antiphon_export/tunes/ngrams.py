"""A model of characters that only counts: what followed the last few, at each order, mixed into one.

I. H. Witten and T. C. Bell, "The Zero-Frequency Problem", IEEE Transactions on Information Theory 37 (1991):
after a context that was seen n times and followed by t different characters, a share of t / (n + t) is left
to the next shorter context; below all of them, each character of the alphabet is as likely as any other.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

ORDER = 8


class NGrams:
    """What followed each context of up to ``order`` characters."""

    def __init__(self, texts: Iterable[str], alphabet: str, order: int = ORDER) -> None:
        self._alphabet, self._order = alphabet, order
        self._followed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for at, character in enumerate(text):
                for length in range(min(order, at) + 1):
                    self._followed[text[at - length : at]][character] += 1

    def chance(self, context: str, character: str) -> float:
        """Return how likely a character is after a context."""
        chance = 1.0 / len(self._alphabet)
        for length in range(min(self._order, len(context)) + 1):
            followed = self._followed.get(context[len(context) - length :])
            if followed is None:
                break
            seen, kinds = followed.total(), len(followed)
            chance = (followed[character] + kinds * chance) / (seen + kinds)
        return chance

    def bits_per_character(self, texts: Iterable[str]) -> float:
        """Return the mean surprise of all characters but the first of each text."""
        bits = [
            -math.log2(self.chance(text[max(0, at - self._order) : at], text[at]))
            for text in texts
            for at in range(1, len(text))
        ]
        return sum(bits) / len(bits)
