"""Training a network of characters on a folder of text: a run like any other, with a row instead of lanes."""

from dataclasses import replace
from pathlib import Path

from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import Music, claim
from antiphon_models.training.train import Progress, Run, Watcher
from antiphon_models.tunes.exam import CharExam
from antiphon_models.tunes.pupil import CharPupil
from antiphon_models.tunes.rows import Row
from antiphon_models.tunes.spec import CharSpec
from antiphon_models.tunes.texts import Texts

OF_THE_ARTICLES = replace(
    Recipe(),
    lanes=16,
    window=64,
    learning_rate=2e-3,
    warm_up=100,
    weight_decay=0.0,
    dropout=0.2,
    minutes=60.0,
    minutes_between_exams=3.0,
    patience=0,
)
"""As they trained: Adam as Keras sets it, 16 lanes of 64 characters, a dropout of 0.2."""


def train_on_text(
    texts: Texts, spec: CharSpec, recipe: Recipe, credits: list[str], folder: Path, watcher: Watcher
) -> Progress:
    """Train on texts, or go on with it; return how it ended.

    Raises:
        DivergedError: the loss is no number any more.
        InterruptedRun: the watcher wanted it to stop.
        CheckpointError: something cannot be written or read.
        TrainingError: there is not enough text, or the folder is of another run.
    """
    row = Row(texts.train, spec.alphabet, texts.are_tunes, recipe.seed)
    pupil = CharPupil(spec, recipe, row)
    claim(folder, spec, recipe, Music(texts.fingerprint, credits, False))
    exam = CharExam(pupil.network, spec, texts.valid) if any(len(text) > 1 for text in texts.valid) else None
    return Run(pupil, exam, folder, recipe).go_on(watcher)
