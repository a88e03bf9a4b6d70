"""How much of a tune is taken word for word from what was learnt: the longest stretch they share."""

from collections.abc import Iterable, Sequence


class Learnt:
    """The texts that were learnt, ready to be searched.

    All stretches of a few characters are looked up, and what is found is followed as far as it goes.
    """

    SHORTEST = 8
    """Characters; whatever is shared and shorter is no copy."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\x00".join(texts)
        self._places: dict[str, list[int]] = {}
        for at in range(len(self._text) - self.SHORTEST + 1):
            self._places.setdefault(self._text[at : at + self.SHORTEST], []).append(at)

    def longest_shared(self, text: str) -> str:
        """Return the longest stretch of a text that was learnt, empty where it is a short one."""
        longest = ""
        for at in range(len(text) - self.SHORTEST + 1):
            for place in self._places.get(text[at : at + self.SHORTEST], ()):
                length = self._shared(text, at, place)
                if length > len(longest):
                    longest = text[at : at + length]
        return longest

    def _shared(self, text: str, at: int, place: int) -> int:
        length = self.SHORTEST
        end = min(len(text) - at, len(self._text) - place)
        while length < end and text[at + length] == self._text[place + length]:
            length += 1
        return length


def quantile(numbers: Sequence[int], share: float) -> int:
    """Return the number below which about such a share of some numbers lies."""
    return sorted(numbers)[min(len(numbers) - 1, int(share * len(numbers)))]
