"""A network learns the rolls of one corpus, window by window, with the state carried along.

A run that was stopped is taken up again where its last checkpoint was: the order of the rolls depends on the
seed and on nothing that was drawn before. It does not know whose rolls they are.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import keras
import msgspec
import numpy as np

from antiphon_models.errors import TrainingError
from antiphon_models.lessons.dice import Purpose, dice
from antiphon_models.lessons.windows import Window
from antiphon_models.pianorolls.frames import Roll
from antiphon_models.pianorolls.pupil import Forgetting, Pupil
from antiphon_models.pianorolls.windows import Lane, Score, next_window, score_of
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import read_arrays, write_arrays, write_bytes
from antiphon_models.training.recipe import Recipe, learning_rate
from antiphon_models.training.trainer import Trainer
from antiphon_models.training.weights import load_weights, save_weights

CHECKPOINT_EVERY = 200
"""Steps."""

Report = Callable[[str], None]
"""Takes a line that says how far a run is."""


class Course(msgspec.Struct, frozen=True):
    """What a network is made and taught by."""

    recipe: Recipe
    forgetting: Forgetting
    spec: Spec = Spec(units=128, layers=2)


class Class:
    """A pupil, its trainer, and where in the rolls each of its lanes is."""

    def __init__(self, course: Course, rolls: Sequence[Roll]) -> None:
        keras.utils.set_random_seed(course.recipe.seed)
        self.recipe = course.recipe
        self.pupil = Pupil(course.spec, course.forgetting, course.recipe.seed)
        self.step = 0
        self._scores = [score_of(roll) for roll in rolls]
        self._lanes = [Lane(self._playlist(lane)) for lane in range(self.recipe.lanes)]
        self._trainer = Trainer(self.pupil, self.recipe)

    def learn(self) -> float:
        """Take one step and return the loss in bits per event."""
        window = next_window(self._lanes, self.recipe.window)
        assert window is not None, "playlists have no end"
        rate = learning_rate(self.recipe, self.step, self.step / self.recipe.steps)
        self.step += 1
        return self._trainer.learn(cast(Window, window), rate)

    def save(self, path: Path) -> None:
        """Write all that is needed to go on from here."""
        places = np.array([(lane.turn, lane.step) for lane in self._lanes])
        write_arrays(path, self._trainer.memory() | {"step": np.array(self.step), "places": places})

    def resume(self, path: Path) -> None:
        """Go on from what was saved there in a run of the same course."""
        memory = read_arrays(path)
        self._trainer.remember(memory)
        self.step = int(memory["step"])
        places = enumerate(memory["places"])
        self._lanes = [Lane(self._playlist(lane), int(turn), int(step)) for lane, (turn, step) in places]

    def _playlist(self, lane: int) -> Callable[[int], Score]:
        """Return what one lane plays: every roll once, in an order of its own, over and over."""

        def play(turn: int) -> Score:
            round_, place = divmod(turn, len(self._scores))
            order = dice(self.recipe.seed, Purpose.ORDER, lane, round_).permutation(len(self._scores))
            return self._scores[int(order[place])]

        return play


def trained(course: Course, rolls: Sequence[Roll], folder: Path, report: Report) -> Pupil:
    """Return a network that has learnt the rolls, from ``folder`` where it already lies there finished.

    Raises:
        TrainingError: the loss is no number any more, or the folder holds a run of another course.
        CheckpointError: the folder cannot be written, or its checkpoint is damaged.
    """
    _claim(folder, course)
    finished, checkpoint = folder / "weights.npz", folder / "checkpoint.npz"
    if finished.exists():
        pupil = Pupil(course.spec, course.forgetting, course.recipe.seed)
        load_weights(pupil, finished)
        return pupil
    class_ = Class(course, rolls)
    if checkpoint.exists():
        class_.resume(checkpoint)
    _teach_to_the_end(class_, checkpoint, report)
    save_weights(class_.pupil, finished)
    return class_.pupil


def _teach_to_the_end(class_: Class, checkpoint: Path, report: Report) -> None:
    steps, bits = class_.recipe.steps, list[float]()
    while class_.step < steps:
        bits.append(class_.learn())
        if not np.isfinite(bits[-1]):
            raise TrainingError(
                f"the loss became {bits[-1]} at step {class_.step}; the checkpoint before it is kept in "
                f"{checkpoint.parent}"
            )
        if class_.step % CHECKPOINT_EVERY == 0 or class_.step == steps:
            class_.save(checkpoint)
            name = checkpoint.parent.name
            report(f"{name}: step {class_.step} of {steps}, {np.mean(bits):.3f} bits per event")
            bits.clear()


def _claim(folder: Path, course: Course) -> None:
    """Write the course beside the weights; refuse weights of another."""
    folder.mkdir(parents=True, exist_ok=True)
    path, wanted = folder / "course.json", msgspec.json.encode(course)
    if path.exists() and path.read_bytes() != wanted:
        raise TrainingError(f"{folder} holds a run of another recipe; name an empty folder")
    write_bytes(path, wanted)
