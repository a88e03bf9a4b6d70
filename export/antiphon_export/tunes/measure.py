"""A file of a network of characters measured on text: the loss of the very file that the daemon loads."""

import statistics
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from antiphon.adapters.engines.runtime import without_notices
from antiphon_export.measure import bits_of
from antiphon_models.tunes.spec import SIGNATURE, CharSpec

Floats = npt.NDArray[np.float32]


class CharFile:
    """Reads text with a model file, one character at a time, the state carried along."""

    def __init__(self, path: Path, spec: CharSpec) -> None:
        with without_notices():
            self._step = Interpreter(str(path), num_threads=1).get_signature_runner(SIGNATURE)
            self._spec = spec
            # The runtime announces its delegate at the first step of all, and at no other.
            self.logits(spec.alphabet[:1])

    def measured(self, texts: Iterable[str]) -> tuple[float, float]:
        """Return the mean bits of all characters but each text's first, and the microseconds of a step."""
        bits, took = [], []
        for text in texts:
            for surprise, seconds in self._read(text):
                bits.append(surprise)
                took.append(seconds)
        return float(np.mean(bits)), 1e6 * statistics.median(took)

    def logits(self, text: str) -> Floats:
        """Return what it expects after each character of a text, (characters, choices)."""
        return np.stack([logits for logits, _ in self._steps(text)])

    def _read(self, text: str) -> Iterable[tuple[float, float]]:
        for (logits, seconds), following in zip(self._steps(text[:-1]), text[1:], strict=True):
            yield bits_of(logits, self._spec.alphabet.index(following)), seconds

    def _steps(self, text: str) -> Iterable[tuple[Floats, float]]:
        choices, names = len(self._spec.alphabet), self._spec.state_names
        still, cold = np.zeros((1, choices), np.float32), np.zeros((1, 1), np.float32)
        state = {name: np.zeros((1, self._spec.units), np.float32) for name in names}
        for character in text:
            index = np.array([self._spec.alphabet.index(character)], np.int32)
            began = time.perf_counter()
            out = self._step(
                character=index, temperature=cold, log_min_p=cold, noise=still, allow=still, **state
            )
            seconds = time.perf_counter() - began
            state = {name: out[f"{name}_after"] for name in names}
            yield out["logits"][0], seconds
