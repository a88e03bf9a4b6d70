"""What a pupil is told beside the music: sometimes what is to come is like, sometimes who is asked.

Told only now and then, the network also learns to do without.
"""

import numpy as np
import numpy.typing as npt

from antiphon_models import guide, vocab
from antiphon_models.lessons.dice import Purpose, dice

SECONDS = np.array(vocab.DT_GRID, np.float64)
VELOCITIES = np.array([vocab.velocity_of(class_) for class_ in range(vocab.VELOCITY_CLASSES)], np.float64)


class Hints:
    """Draws what one lane is told; the same for the same seed, lane and place."""

    TOLD = 0.5
    """How often anything is said of what is to come."""

    TOLD_EACH = 0.7
    """How often, then, each of its four sides is."""

    SHORTEST, LONGEST = 64, 512
    """Events to come that a guide sums up."""

    ASKED = 0.5
    """How often one of the two parts is asked for, where they are told apart."""

    def __init__(self, seed: int, lane: int) -> None:
        self._seed = seed
        self._lane = lane

    def at(
        self, turn: int, event: int, window: npt.NDArray[np.int32], to_come: npt.NDArray[np.int32]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Return whom to ask after each event of a window (events,), and the guide (19,) to those to come.

        The events, (events, 4), are those of a window and of the whole rest of the piece; ``turn`` and
        ``event`` say where in its playlist the lane is.
        """
        rng = dice(self._seed, Purpose.HINTS, self._lane, turn, event)
        return self._asked(window, rng), self._guide(to_come, rng)

    def _asked(self, window: npt.NDArray[np.int32], rng: np.random.Generator) -> npt.NDArray[np.int32]:
        asked = rng.integers(1, 3, len(window)) * (rng.random(len(window)) < self.ASKED)
        return (asked * (window[:, 3] > 0).any()).astype(np.int32)

    def _guide(self, to_come: npt.NDArray[np.int32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
        is_told, told = rng.random() < self.TOLD, rng.random(4) < self.TOLD_EACH
        to_come = to_come[: int(np.exp(rng.uniform(np.log(self.SHORTEST), np.log(self.LONGEST))))]
        onsets = to_come[:, 1] > vocab.RELEASE
        if not is_told or not onsets.any():
            return np.zeros(guide.WIDTH, np.float32)
        density, loudness, register, classes = guide.likeness(
            max(float(SECONDS[to_come[:, 0]].sum()), 0.1),
            VELOCITIES[to_come[onsets, 1]],
            to_come[onsets, 2],
        )
        return guide.guide(
            density if told[0] else None,
            loudness if told[1] else None,
            register if told[2] else None,
            classes.tolist() if told[3] else None,
        )
