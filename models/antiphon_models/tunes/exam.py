"""Bits per character of texts that a network never read."""

from collections.abc import Sequence
from typing import Any

from antiphon_models.stateful import surprise
from antiphon_models.tunes.pupil import network_of
from antiphon_models.tunes.rows import indices
from antiphon_models.tunes.spec import CharSpec

GIVEN = 1
"""Characters of a text that cost nothing: the first."""

LANES, WINDOW = 16, 256


class CharExam:
    """Measures one network on some texts, as often as wanted.

    It reads with a twin of its own, which the weights are copied to: the network that learns keeps what its
    lanes have heard.
    """

    def __init__(self, network: Any, spec: CharSpec, texts: Sequence[str]) -> None:
        self._network = network
        self._twin = network_of(spec, LANES)
        self._rows = [indices(text, spec.alphabet) for text in texts if len(text) > GIVEN]

    def taken(self) -> dict[str, float]:
        for mine, theirs in zip(self._twin.weights, self._weights(), strict=True):
            mine.assign(theirs)
        return {"held_out": self.bits() / sum(len(row) - GIVEN for row in self._rows)}

    def bits(self) -> float:
        """Return all bits that the texts cost."""
        return surprise(self._twin, self._rows, [GIVEN] * len(self._rows), LANES, WINDOW)

    def _weights(self) -> list[Any]:
        return [each for layer in self._network.layers for each in layer.trainable_weights]
