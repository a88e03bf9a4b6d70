"""A model file measured on music: the loss of the very file that the daemon loads.

The file is run as the daemon runs it, one event at a time with the state carried along. Each field's
logits are conditioned on what really came by allowing nothing else, so the sum is the model's own
cross-entropy and can be held against the network's.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from antiphon_models import vocab
from antiphon_models.pieces import Piece
from antiphon_models.spec import IMPOSSIBLE, SIGNATURE, Losses, Spec
from antiphon_models.windows import Lane, once, windows

Floats = npt.NDArray[np.float32]


class FileUnderTest:
    """Steps a model file and says how surprised it was."""

    def __init__(self, path: Path, spec: Spec) -> None:
        self._step = Interpreter(str(path), num_threads=1).get_signature_runner(SIGNATURE)
        self._states = spec.state_names
        self._units = spec.units
        self._free = {
            "temperature": np.ones((1, 3), np.float32),
            "log_min_p": np.full((1, 3), IMPOSSIBLE, np.float32),
            "noise": np.zeros((1, vocab.DT_BINS + vocab.VELOCITY_CLASSES + vocab.PITCHES), np.float32),
            "allow_onset": np.zeros((1, vocab.PITCHES), np.float32),
            "allow_release": np.zeros((1, vocab.PITCHES), np.float32),
        }

    def start_state(self) -> dict[str, Floats]:
        return {name: np.zeros((1, self._units), np.float32) for name in self._states}

    def surprise(
        self,
        event: npt.NDArray[np.int32],
        sounding: Floats,
        state: dict[str, Floats],
        following: npt.NDArray[np.int32],
    ) -> tuple[Floats, dict[str, Floats]]:
        """Return the loss of each field of the following event in bits, and the state before it."""
        dt, velocity, pitch = (np.array([field], np.int32) for field in event)
        out = self._step(
            dt=dt,
            velocity=velocity,
            pitch=pitch,
            sounding=sounding[None],
            allow_dt=only(int(following[0]), vocab.DT_BINS),
            allow_class=only(int(following[1]), vocab.VELOCITY_CLASSES),
            **self._free,
            **state,
        )
        names = ("dt_logits", "velocity_logits", "pitch_logits")
        bits = [bits_of(out[name][0], int(field)) for name, field in zip(names, following, strict=True)]
        return np.array(bits, np.float32), {name: out[f"{name}_after"] for name in self._states}


def measure(path: Path, spec: Spec, pieces: Iterable[Piece]) -> Losses:
    """Return the mean loss of a model file over all events of the pieces, in bits."""
    model = FileUnderTest(path, spec)
    state = model.start_state()
    total, events = np.zeros(3), 0
    for window in windows([Lane(once(list(pieces)))], 256):
        if window.fresh[0]:
            state = model.start_state()
        for step in range(int(window.weights.sum())):
            heard, following = window.events[0, step : step + 2]
            bits, state = model.surprise(heard, window.sounding[0, step], state, following)
            total += bits
            events += 1
    dt, velocity, pitch = (float(field) for field in total / events)
    return Losses(dt, velocity, pitch)


def only(index: int, width: int) -> Floats:
    """Return what allows one choice and forbids every other, (1, width)."""
    allowed = np.full((1, width), IMPOSSIBLE * 10, np.float32)
    allowed[0, index] = 0.0
    return allowed


def bits_of(logits: Floats, index: int) -> float:
    """Return the cross-entropy of one choice in bits."""
    shifted = logits - logits.max()
    return float((np.log(np.exp(shifted).sum()) - shifted[index]) / np.log(2))
