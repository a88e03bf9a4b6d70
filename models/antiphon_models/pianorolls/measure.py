"""The surprise of whole rolls, in nats."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models import backends
from antiphon_models.backends import Tensor
from antiphon_models.network import EventNetwork
from antiphon_models.pianorolls.frames import PIANO, Keyboard, Roll
from antiphon_models.pianorolls.likelihood import surprise
from antiphon_models.pianorolls.windows import Lane, RollWindow, Score, next_window, score_of

Floats = npt.NDArray[np.float32]

LANES = 64
WINDOW = 128


class NatsOfARoll(NamedTuple):
    """The surprise of a roll: of all its frames, of the first of them, and how many they are."""

    total: float
    first_frame: float
    frames: int


class NatsPerFrame(NamedTuple):
    """The same figure by three ways of taking the mean.

    ``frames``: over all frames of all rolls.
    ``after_the_first``: the same, but the first frame of each roll is given and not counted.
    ``rolls``: the mean over rolls of each roll's mean over its frames.
    """

    frames: float
    after_the_first: float
    rolls: float


def nats_per_frame(rolls: Sequence[NatsOfARoll]) -> NatsPerFrame:
    """Return the means over some rolls, of which at least one has two frames."""
    total, first, frames = np.array(rolls, np.float64).T
    return NatsPerFrame(
        float(total.sum() / frames.sum()),
        float((total - first).sum() / (frames - 1).sum()),
        float((total / frames).mean()),
    )


def nats_of(network: EventNetwork, rolls: Sequence[Roll], keyboard: Keyboard = PIANO) -> list[NatsOfARoll]:
    """Return the surprise of each roll, its length being given."""

    def step(window: RollWindow, state: Sequence[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
        features, after = network((window, state))
        nats = surprise(network.heads, features, window)
        return nats.dt + nats.kind + nats.pitch, nats.closing, after

    read = backends.chosen().compiled(network, step)
    scores = [score_of(roll, keyboard) for roll in rolls]
    by_length = sorted(range(len(scores)), key=lambda index: -len(scores[index]))
    found: dict[int, NatsOfARoll] = {}
    for begin in range(0, len(by_length), LANES):
        together = by_length[begin : begin + LANES]
        nats = _nats_of_steps(read, network.start_state(len(together)), [scores[index] for index in together])
        for index, (events, closing) in zip(together, nats, strict=True):
            found[index] = _of_a_roll(scores[index], events, closing)
    return [found[index] for index in range(len(rolls))]


def _nats_of_steps(
    read: Callable[..., Any], state: Sequence[Tensor], scores: Sequence[Score]
) -> Iterator[tuple[Floats, Floats]]:
    """Yield, for each score, the nats of each step, and of those what says that the frame holds no more."""
    lanes = [Lane([score, None].__getitem__) for score in scores]
    parts: list[tuple[Floats, Floats]] = []
    while (window := next_window(lanes, WINDOW)) is not None:
        nats, closing, state = read(window, state)
        parts.append((np.asarray(nats), np.asarray(closing)))
    for lane, score in enumerate(scores):
        events, closing = (np.concatenate([part[which][lane] for part in parts]) for which in (0, 1))
        yield events[: len(score)], closing[: len(score)]


def _of_a_roll(score: Score, nats: Floats, closing: Floats) -> NatsOfARoll:
    in_first_frame = np.cumsum(score.frames) == score.frames
    of_first_frame = np.where(score.frames > 0, closing, nats)[in_first_frame]
    return NatsOfARoll(
        float(nats.sum(dtype=np.float64)), float(of_first_frame.sum()), int(score.frames.sum())
    )
