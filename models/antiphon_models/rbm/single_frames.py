"""The frames of the published benchmark, one at a time: a restricted Boltzmann machine without memory.

N. Boulanger-Lewandowski, Y. Bengio and P. Vincent, "Modeling Temporal Dependencies in High-Dimensional
Sequences" (2012), list such a machine beside those that remember: over the 88 keys of one frame, nothing
being known of the frames before it. The units are free, each on or off.
"""

from pathlib import Path

import msgspec
import numpy as np

from antiphon_models.pianorolls.frames import read_rolls
from antiphon_models.rbm.annealing import Likelihood, likelihood, log_sum
from antiphon_models.rbm.learning import Learner
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.machine import log_odds, pseudo_likelihood
from antiphon_models.rbm.visible import Floats, Units
from antiphon_models.stages import Progress, unseen

HIDDEN = 150
LESSON = Lesson(method="pcd", sweeps=5, batch=64, learning_rate=0.1, decay=1e-4, steps=6_000)
CHAINS, STEPS = 200, 2000


class SingleFrames(msgspec.Struct, frozen=True):
    """What a machine over single frames makes of the test rolls, in nats per frame.

    ``alone`` is a machine without hidden units: how often each key sounds and no more.
    """

    nats: float
    error: float
    pseudo_likelihood: float
    alone: float


def measured(path: Path, progress: Progress = unseen) -> SingleFrames:
    """Teach a machine on the train frames of a matrix file and measure the test frames.

    Raises:
        RollError: there is no such file, or it holds something else.
    """
    frames, test = _frames(path, "train"), _frames(path, "test")
    layer, means = Units(), frames.mean(0)
    learner = Learner(layer, means, log_odds(means), HIDDEN, LESSON)
    random = np.random.default_rng(LESSON.seed)
    for step in range(LESSON.steps):
        batch = frames[random.integers(0, len(frames), LESSON.batch)]
        learner.learn(batch, LESSON.learning_rate * (1.0 - step / LESSON.steps))
        progress(step + 1, LESSON.steps)
    total = log_sum(learner.machine, layer, log_odds(means), random, CHAINS, STEPS)
    found: Likelihood = likelihood(learner.machine, test, total)
    alone = layer.log_sum(log_odds(means)[None])[0] - float((test @ log_odds(means)).mean())
    return SingleFrames(
        found.nats, found.error, -pseudo_likelihood(learner.machine, layer, test[:2000]), float(alone)
    )


def _frames(path: Path, split: str) -> Floats:
    return np.concatenate(read_rolls(path, split)).astype(np.float32)  # type: ignore[arg-type]
