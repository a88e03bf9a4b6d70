"""The network of a shipped model in plain NumPy, in 32 bits: what it would cost with no runtime at all."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.question import Floats, Question
from antiphon.adapters.engines.step_graph import Bins, Played
from antiphon_models import vocab
from antiphon_models.spec import IMPOSSIBLE

FIELDS = np.cumsum((0, vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES))


class NumpyNetwork:
    """Takes in one event and draws the next, by the weights beside a model file.

    Args:
        weights: ``weights.npz``, each under the path of its variable.
        layers: LSTM layers.
    """

    def __init__(self, weights: Path, layers: int) -> None:
        with np.load(weights, allow_pickle=False) as held:
            self._weights: Mapping[str, Floats] = {
                name.partition("/")[2]: held[name].astype(np.float32) for name in held
            }
        self._layers = layers

    def start_state(self) -> list[Floats]:
        """Return h and c of each layer in turn, (units,) each."""
        return [np.zeros_like(self._weights["sounding_in/bias"])] * (2 * self._layers)

    def step(
        self, event: Played, sounding: Floats, state: list[Floats], question: Question
    ) -> tuple[list[Floats], Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        weights = self._weights
        flow = sounding @ weights["sounding_in/kernel"] + weights["sounding_in/bias"]
        flow += question.manner.guide[0] @ weights["guide_in/kernel"]
        fields = (*event, question.manner.asked.item())
        for name, field in zip(("dt", "velocity", "pitch", "part", "asked"), fields, strict=True):
            flow += weights[f"{name}_in/embeddings"][field]
        after: list[Floats] = []
        for layer in range(self._layers):
            h, c = self._recur(layer, flow, *state[2 * layer : 2 * layer + 2])
            flow = flow + h if layer else h
            after += [h, c]
        return after, self._draw(flow, sounding, question)

    def _recur(self, layer: int, x: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
        kernel, recurrent, bias = (
            self._weights[f"lstm_{layer}/{name}"] for name in ("kernel", "recurrent_kernel", "bias")
        )
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    def _draw(self, flow: Floats, sounding: Floats, question: Question) -> Bins:
        weights = self._weights
        seen = relu(self._dense("context", flow) + sounding @ weights["heads/sounding/kernel"])
        dt = drawn(0, self._dense("dt", seen), question, question.allow_dt)
        hidden = self._dense("velocity_hidden", seen) + weights["heads/velocity_dt/embeddings"][dt]
        logits = self._dense("velocity", relu(hidden))
        logits[vocab.RELEASE] += IMPOSSIBLE * (not sounding.any())
        class_ = drawn(1, logits, question, question.allow_class)
        hidden = self._dense("pitch_hidden", seen) + weights["heads/pitch_dt/embeddings"][dt]
        logits = self._dense("pitch", relu(hidden + weights["heads/pitch_velocity/embeddings"][class_]))
        is_release = class_ == vocab.RELEASE
        logits += IMPOSSIBLE * ((sounding > 0.0) != is_release)
        allowed = question.allow_release if is_release else question.allow_onset
        return dt, class_, drawn(2, logits, question, allowed)

    def _dense(self, name: str, x: Floats) -> Floats:
        product: Floats = x @ self._weights[f"heads/{name}/kernel"] + self._weights[f"heads/{name}/bias"]
        return product


def drawn(field: int, logits: Floats, question: Question, allowed: Floats) -> int:
    """Return what is drawn for a field; the same arithmetic as in the graph."""
    manner = question.manner
    logits = logits + allowed[0]
    logits = logits + IMPOSSIBLE * (logits < logits.max() + manner.log_min_p[0, field])
    noise = question.noise[0, FIELDS[field] : FIELDS[field + 1]]
    return int(np.argmax(logits / manner.temperature[0, field] + noise))


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    positive: npt.NDArray[np.float32] = 1.0 / (1.0 + np.exp(-x))
    return positive


def relu(x: Floats) -> Floats:
    """Return what is above 0."""
    positive: npt.NDArray[np.float32] = np.maximum(x, 0.0)
    return positive
