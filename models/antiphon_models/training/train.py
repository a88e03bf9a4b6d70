"""A training run, from its beginning or its checkpoint to its end.

The state is carried across the windows of a piece, as at the keyboard. Every so often the network is examined
on held-out music: its best weights are kept, and a run that gets no better is ended. Whatever happens to the
process, the same run goes on from its last checkpoint, and by steps its curve is the same as if nothing had.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

from antiphon_models.errors import CorpusError, TrainingError
from antiphon_models.lessons.augmentation import Augmentation, endless
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane
from antiphon_models.network import EventNetwork
from antiphon_models.notes.dataset import Dataset
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import CheckpointError, read_arrays, write_arrays
from antiphon_models.training.curves import Curves
from antiphon_models.training.evaluate import Examiner, sample
from antiphon_models.training.pupil import Learning, Pupil
from antiphon_models.training.recipe import Recipe, learning_rate
from antiphon_models.training.runs import CHECKPOINT, WEIGHTS, Music, claim
from antiphon_models.training.weights import save_weights


class DivergedError(TrainingError):
    """The loss is no number any more."""


class InterruptedRun(TrainingError):
    """Somebody asked for it to stop; it can go on."""

    exit_code = 130


class Report(NamedTuple):
    """How a run is getting on."""

    step: int
    share: float
    minutes_left: float
    bits_per_event: float
    learning_rate: float
    events_per_second: float


class Watcher(Protocol):
    """Who looks on."""

    def see(self, report: Report) -> None:
        """Be told of a step."""

    def wants_it_to_stop(self) -> bool:
        """Return whether the run is to be interrupted after this step."""
        ...


@dataclass(slots=True)
class Progress:
    """How far a run is, as its checkpoint keeps it.

    Attributes:
        step: steps taken.
        minutes: that they took.
        best: bits per event of held-out music; None before the first exam.
        exams_since_best: exams that were no better.
        examined_at: minutes when the last exam began.
        examined: the step that it came after.
        recent: losses since the last line of the curve.
        is_finished: whether there is nothing left to do.
    """

    step: int = 0
    minutes: float = 0.0
    best: float | None = None
    exams_since_best: int = 0
    examined_at: float = 0.0
    examined: int = -1
    recent: list[float] = field(default_factory=list)
    is_finished: bool = False


def train_on(notes: Path, spec: Spec, recipe: Recipe, folder: Path, watcher: Watcher) -> Progress:
    """Train on a folder of notes, or go on with it; return how it ended.

    Raises:
        DivergedError: the loss is no number any more.
        InterruptedRun: the watcher wanted it to stop.
        CheckpointError: something cannot be written or read.
        TrainingError: the notes are not there or not enough, or the folder is of another run.
    """
    dataset = Dataset.open(notes)
    music = dataset.pieces("train")
    check(music, recipe)
    claim(folder, spec, recipe, Music.of(dataset.manifest))
    pupil = Pupil(spec, recipe, lanes_of(music, recipe))
    exam = exam_of(pupil.network, dataset.pieces("valid"), recipe)
    return Run(pupil, exam, folder, recipe).go_on(watcher)


def check(music: Sequence[Piece], recipe: Recipe) -> None:
    """Make sure that there is enough to learn from.

    Raises:
        CorpusError: there is not.
    """
    if not len(music):
        raise CorpusError("there is nothing to learn from: the train split is empty; prepare more music")
    events = sum(map(len, music)) - len(music)
    if events < recipe.window:
        raise CorpusError(
            f"there are {events} events to learn from, fewer than the {recipe.window} of one window; "
            "prepare more music or choose a smaller --window"
        )


def lanes_of(music: Sequence[Piece], recipe: Recipe, share: range | None = None) -> list[Lane]:
    """Return the lanes that a network learns from, or a share of them."""
    augmentation, seed = Augmentation(), recipe.seed
    return [
        Lane(endless(music, augmentation, seed, lane, recipe.lanes), Hints(seed, lane))
        for lane in (range(recipe.lanes) if share is None else share)
    ]


class Exam(Protocol):
    """What a run is examined on."""

    def taken(self) -> dict[str, float]:
        """Return how the network does now: ``held_out``, in bits, is what is to be lowered."""
        ...


@dataclass(frozen=True, slots=True)
class _ExamOnPieces:
    examiner: Examiner
    pieces: Sequence[Piece]

    def taken(self) -> dict[str, float]:
        losses = self.examiner.losses(self.pieces)
        return {"held_out": losses.bits_per_event, **msgspec.structs.asdict(losses)}


def exam_of(network: EventNetwork, held_out: Sequence[Piece], recipe: Recipe) -> Exam | None:
    """Return the exam on a sample of held-out pieces, None where these have nothing to predict."""
    drawn = sample(held_out, recipe.held_out_events, recipe.seed)
    pieces = [piece for piece in drawn if len(piece) > 1]
    return _ExamOnPieces(Examiner(network), pieces) if pieces else None


class Run:
    """One run: who learns, and how far it is."""

    def __init__(
        self,
        pupil: Learning,
        exam: Exam | None,
        folder: Path,
        recipe: Recipe,
        leaves_weights: bool = True,
    ) -> None:
        """Begin, or go on from the checkpoint in the folder.

        Args:
            pupil: who learns.
            exam: on music that is held out, None where there is none.
            folder: that has been taken for the run.
            recipe: how it learns.
            leaves_weights: whether they are written; not where something else is made of them in the end.
        """
        self.progress = Progress()
        self._pupil = pupil
        self._folder = folder
        self._recipe = recipe
        self._leaves_weights = leaves_weights
        self._exam = exam
        if (folder / CHECKPOINT).exists():
            self._take_up()
        self._began = time.monotonic() - 60 * self.progress.minutes
        self._saved_at = self._line_at = self.progress.minutes

    def go_on(self, watcher: Watcher) -> Progress:
        """Train to the end, if it has not been reached."""
        if self.progress.is_finished:
            return self.progress
        with Curves(self._folder, self.progress.step) as curves:
            while not self._is_over():
                self._take_step(curves, watcher)
                if self._exam and self._is_due(self.progress.examined_at, self._recipe.minutes_between_exams):
                    self._examine(curves)
                if watcher.wants_it_to_stop():
                    self._save()
                    raise InterruptedRun(
                        f"stopped after step {self.progress.step:,}; the same command goes on from there"
                    )
                if self._is_due(self._saved_at, self._recipe.minutes_between_checkpoints):
                    self._save()
            self._finish(curves)
        return self.progress

    def _share(self) -> float:
        """Return how much of the run is over, 0 to 1."""
        done, recipe = self.progress, self._recipe
        return max(done.step / recipe.steps, done.minutes / recipe.minutes)

    def _is_over(self) -> bool:
        is_hopeless = 0 < self._recipe.patience <= self.progress.exams_since_best
        return self._share() >= 1.0 or is_hopeless

    def _is_due(self, last: float, minutes: float) -> bool:
        return self.progress.minutes - last >= minutes

    def _take_step(self, curves: Curves, watcher: Watcher) -> None:
        recipe, progress = self._recipe, self.progress
        rate = learning_rate(recipe, progress.step, self._share())
        bits = self._pupil.learn(rate)
        if not np.isfinite(bits):
            raise self._diverged(f"the loss became {bits}")
        progress.step += 1
        progress.recent.append(bits)
        before, progress.minutes = progress.minutes, (time.monotonic() - self._began) / 60
        events = recipe.lanes * recipe.window
        if progress.step % recipe.steps_between_lines == 0:
            self._write_line(curves, rate)
        share = self._share()
        watcher.see(
            Report(
                progress.step,
                share,
                progress.minutes * (1.0 - share) / share,
                bits,
                rate,
                events / max(60 * (progress.minutes - before), 1e-9),
            )
        )

    def _write_line(self, curves: Curves, rate: float) -> None:
        progress, recipe = self.progress, self._recipe
        seconds = 60 * (progress.minutes - self._line_at)
        events = len(progress.recent) * recipe.lanes * recipe.window
        line = {
            "step": progress.step,
            "minutes": round(progress.minutes, 2),
            "bits_per_event": round(float(np.mean(progress.recent)), 6),
            "learning_rate": rate,
            "events_per_second": round(events / max(seconds, 1e-9)),
        }
        curves.write(line)
        progress.recent.clear()
        self._line_at = progress.minutes

    def _examine(self, curves: Curves) -> None:
        """Measure on held-out music; the best weights are kept."""
        progress = self.progress
        progress.examined_at, progress.examined = progress.minutes, progress.step
        assert self._exam is not None
        figures = self._exam.taken()
        held_out = figures["held_out"]
        if not np.isfinite(held_out):
            raise self._diverged(f"the held-out loss became {held_out}")
        curves.write({"step": progress.step, **figures})
        if progress.best is None or held_out < progress.best:
            progress.best, progress.exams_since_best = held_out, 0
            save_weights(self._pupil.network, self._folder / WEIGHTS)
        else:
            progress.exams_since_best += 1
        progress.minutes = (time.monotonic() - self._began) / 60

    def _finish(self, curves: Curves) -> None:
        if self._exam and self.progress.examined != self.progress.step:
            self._examine(curves)
        self.progress.is_finished = True
        self._save()

    def _diverged(self, what: str) -> DivergedError:
        is_kept = any((self._folder / name).exists() for name in (WEIGHTS, CHECKPOINT))
        kept = f"what was saved last in {self._folder} is intact: " if is_kept else ""
        return DivergedError(
            f"{what} at step {self.progress.step:,}; {kept}train into another folder with a lower "
            "--learning-rate"
        )

    def _save(self) -> None:
        """Keep everything that it takes to go on."""
        memory = self._pupil.memory()
        if not all(np.isfinite(array).all() for array in memory.values()):
            raise self._diverged("a weight became infinite")
        if self._leaves_weights and not self._exam:
            save_weights(self._pupil.network, self._folder / WEIGHTS)
        memory["progress"] = np.frombuffer(msgspec.json.encode(self.progress), np.uint8)
        write_arrays(self._folder / CHECKPOINT, memory)
        self._saved_at = self.progress.minutes

    def _take_up(self) -> None:
        path = self._folder / CHECKPOINT
        memory = read_arrays(path)
        try:
            self.progress = msgspec.json.decode(memory["progress"].tobytes(), type=Progress)
            self._pupil.remember(memory)
        except (KeyError, ValueError, msgspec.MsgspecError) as error:
            raise CheckpointError(f"{path} is not of this run; train into another folder") from error
