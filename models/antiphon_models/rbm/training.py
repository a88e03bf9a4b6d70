"""A machine taught on folders of written music: a run that can be stopped and gone on with."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from antiphon_models.errors import CorpusError
from antiphon_models.rbm.learning import Learner, fitted_biases
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.machine import Machine
from antiphon_models.rbm.scores import Sections
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.rbm.visible import Floats, Keys
from antiphon_models.stages import Progress
from antiphon_models.training.checkpoints import read_arrays, write_arrays
from antiphon_models.training.runs import CHECKPOINT, WEIGHTS, Music, claim

BETWEEN_CHECKPOINTS = 30.0
"""Seconds after which a run is written down."""

TICKS = 1000
"""In so many parts the progress of a run is told."""


class Windows:
    """All windows of some sections, each a view of one step after the other.

    Raises:
        CorpusError: there is no section as long as a window.
    """

    def __init__(self, sections: Sections, spec: RbmSpec) -> None:
        self._spec = spec
        if not sections.frames:
            raise CorpusError("there is no written music to learn from; name a folder of .mid files")
        self._frames = np.concatenate(sections.frames)
        lengths = np.array([len(each) for each in sections.frames])
        begins = np.concatenate([[0], lengths.cumsum()[:-1]])
        counts = lengths - spec.steps + 1
        self._starts = np.concatenate(
            [begin + np.arange(count) for begin, count in zip(begins, counts, strict=True)]
        )
        self._apart = np.concatenate(
            [begin + np.arange(0, count, spec.steps) for begin, count in zip(begins, counts, strict=True)]
        )

    def some(self, count: int, random: np.random.Generator) -> Floats:
        """Return windows drawn at random, (count, visible)."""
        return self._at(random.choice(self._starts, count))

    def apart(self, most: int | None = None) -> Floats:
        """Return the windows that follow one another without overlap, evenly chosen if they are too many."""
        starts = self._apart
        if most is not None and len(starts) > most:
            starts = starts[np.linspace(0, len(starts) - 1, most).astype(int)]
        return self._at(starts)

    def means(self) -> Floats:
        """Return how often each unit is on, (visible,): in every step alike."""
        return np.tile(self._frames.mean(0, dtype=np.float32).ravel(), self._spec.steps)

    def _at(self, starts: npt.NDArray[np.int64]) -> Floats:
        frames = self._frames[starts[:, None] + np.arange(self._spec.steps)]
        windows: Floats = frames.reshape(len(starts), -1).astype(np.float32)
        return windows


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run came to."""

    machine: Machine
    steps: int


def train(
    sections: Sections, spec: RbmSpec, lesson: Lesson, music: Music, folder: Path, progress: Progress
) -> Trained:
    """Teach a machine, or go on with it where the folder holds a run that is not over.

    Raises:
        TrainingError: there is no music, or the folder is of another run or cannot be written.
    """
    windows = Windows(sections, spec)
    claim(folder, spec, lesson, music)
    run = _Run(windows, spec, lesson, folder)
    try:
        run.go_on(progress)
    finally:
        run.note_down()
    write_arrays(folder / WEIGHTS, run.learner.machine._asdict())
    return Trained(run.learner.machine, run.step)


def load(folder: Path) -> Machine:
    """Return what a run came to.

    Raises:
        CheckpointError: its weights are damaged.
    """
    return Machine(**read_arrays(folder / WEIGHTS))


class _Run:
    """A run, with how far it is."""

    def __init__(self, windows: Windows, spec: RbmSpec, lesson: Lesson, folder: Path) -> None:
        self._windows = windows
        self._lesson = lesson
        self._path = folder / CHECKPOINT
        self.step, self._seconds = 0, 0.0
        means = windows.means()
        layer = Keys(spec.steps, spec.keys)
        biases = fitted_biases(layer, means, np.random.default_rng(lesson.seed))
        self.learner = Learner(layer, means, biases, spec.hidden, lesson)
        if self._path.exists():
            self._recall()

    def go_on(self, progress: Progress) -> None:
        """Learn until the time or the steps are over."""
        noted = began = time.monotonic() - self._seconds
        random = np.random.default_rng((self._lesson.seed, self.step))
        while (share := self._share()) < 1.0:
            progress(round(TICKS * share), TICKS)
            self.learner.learn(
                self._windows.some(self._lesson.batch, random), self._lesson.learning_rate * (1.0 - share)
            )
            self.step += 1
            now = time.monotonic()
            self._seconds = now - began
            if now - noted > BETWEEN_CHECKPOINTS:
                self.note_down()
                noted = now

    def note_down(self) -> None:
        far = np.array([self.step, self._seconds])
        arrays = self.learner.machine._asdict()
        write_arrays(self._path, arrays | {"chains": self.learner.chains.astype(np.bool_), "far": far})

    def _recall(self) -> None:
        arrays = read_arrays(self._path)
        self.learner.chains = arrays.pop("chains").astype(np.float32)
        step, self._seconds = arrays.pop("far").tolist()
        self.step = int(step)
        self.learner.machine = Machine(**arrays)

    def _share(self) -> float:
        return max(self._seconds / (60.0 * self._lesson.minutes), self.step / self._lesson.steps)
