"""A model file measured on music: the loss of the very file that the daemon loads.

The file is run as the daemon runs it, one event at a time with the state carried along. Each field's
logits are conditioned on what really came by allowing nothing else, so the sum is the model's own
cross-entropy and can be held against the network's.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from antiphon.adapters.engines.runtime import without_notices
from antiphon_models import guide, vocab
from antiphon_models.lessons.augmentation import once
from antiphon_models.lessons.windows import Lane, windows
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import IMPOSSIBLE, SIGNATURE, Losses, Spec

Floats = npt.NDArray[np.float32]
Inputs = dict[str, npt.NDArray[Any]]
"""Everything that the graph of ``antiphon_models.spec`` is given for one step, by name."""

LOGITS = ("dt_logits", "velocity_logits", "pitch_logits")


class Moment(NamedTuple):
    """One event of a piece, what sounds after it, and the event that follows.

    ``heard`` and ``following`` are (4,) int32: dt bin, velocity class, pitch, part.
    """

    heard: npt.NDArray[np.int32]
    sounding: Floats
    following: npt.NDArray[np.int32]
    begins: bool
    """Whether it is the first of its piece."""
    asked: int = 0
    guide: Floats = np.zeros(guide.WIDTH, np.float32)


class FileUnderTest:
    """Steps a model file and says how surprised it was."""

    def __init__(self, path: Path, spec: Spec) -> None:
        with without_notices():
            self._step = Interpreter(str(path), num_threads=1).get_signature_runner(SIGNATURE)
        self._states = spec.state_names
        self._units = spec.units

    def start_state(self) -> dict[str, Floats]:
        return {name: np.zeros((1, self._units), np.float32) for name in self._states}

    def step(self, inputs: Inputs) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Floats]]:
        """Return all that comes out of one step, and of it the state, by the names under which it goes in."""
        out = self._step(**inputs)
        return out, {name: out[f"{name}_after"] for name in self._states}

    def surprise(self, moment: Moment, state: dict[str, Floats]) -> tuple[Floats, dict[str, Floats]]:
        """Return the loss of each field of the following event in bits, and the state before it."""
        out, after = self.step(inputs_for(moment, state))
        fields = zip(LOGITS, moment.following, strict=False)
        bits = [bits_of(out[name][0], int(field)) for name, field in fields]
        return np.array(bits, np.float32), after


def measure(path: Path, spec: Spec, pieces: Iterable[Piece]) -> Losses:
    """Return the mean loss of a model file over all events of the pieces, in bits."""
    model = FileUnderTest(path, spec)
    state = model.start_state()
    total, events = np.zeros(3), 0
    for moment in moments(Lane(once(list(pieces)))):
        if moment.begins:
            state = model.start_state()
        bits, state = model.surprise(moment, state)
        total += bits
        events += 1
    dt, velocity, pitch = (float(field) for field in total / events)
    return Losses(dt, velocity, pitch)


def moments(lane: Lane) -> Iterator[Moment]:
    """Yield every event but the last of what a lane plays."""
    for window in windows([lane], 256):
        for step in range(int(window.weights.sum())):
            heard, following = window.events[0, step : step + 2]
            begins = step == 0 and bool(window.fresh[0])
            asked, sounding = int(window.asked[0, step]), window.sounding[0, step]
            yield Moment(heard, sounding, following, begins, asked, window.guide[0])


def beginnings(pieces: Sequence[Piece], events: int) -> list[Piece]:
    """Return pieces cut so short that all together have about so many events, from each its beginning."""
    share = max(2, math.ceil(events / len(pieces)))
    return [piece.excerpt(0, share) for piece in pieces]


def inputs_for(moment: Moment, state: dict[str, Floats]) -> Inputs:
    """Return the inputs of a step that hears an event and may draw only what really followed."""
    heard = dict(zip(("dt", "velocity", "pitch", "part"), moment.heard.reshape(4, 1), strict=True))
    return {
        **heard,
        "asked": np.array([moment.asked], np.int32),
        "guide": moment.guide[None],
        "sounding": moment.sounding[None],
        "temperature": np.ones((1, 3), np.float32),
        "log_min_p": np.full((1, 3), IMPOSSIBLE, np.float32),
        "noise": np.zeros((1, sum(vocab.CHOICES)), np.float32),
        "allow_dt": only(int(moment.following[0]), vocab.DT_BINS),
        "allow_class": only(int(moment.following[1]), vocab.VELOCITY_CLASSES),
        "allow_onset": np.zeros((1, vocab.PITCHES), np.float32),
        "allow_release": np.zeros((1, vocab.PITCHES), np.float32),
        **state,
    }


def only(index: int, width: int) -> Floats:
    """Return what allows one choice and forbids every other, (1, width)."""
    allowed = np.full((1, width), IMPOSSIBLE * 10, np.float32)
    allowed[0, index] = 0.0
    return allowed


def bits_of(logits: Floats, index: int) -> float:
    """Return the cross-entropy of one choice in bits."""
    shifted = logits - logits.max()
    return float((np.log(np.exp(shifted).sum()) - shifted[index]) / np.log(2))
