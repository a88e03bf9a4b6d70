"""Everything that `antiphon evaluate` finds out, in the order in which it does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from antiphon_export.evaluation.candidate import Candidate, candidate
from antiphon_export.evaluation.continuations import ANSWER, QUESTION
from antiphon_export.evaluation.evaluation import Article, Evaluation, amount, losses_of_baselines
from antiphon_export.evaluation.material import Material, Portion, opened
from antiphon_export.evaluation.trial import Example, Trial, tried
from antiphon_models.counted import counted
from antiphon_models.extra import training_installed
from antiphon_models.stages import Progress, Stage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured on what.

    Attributes:
        folder: of notes, or of music.
        model: a shipped one by its name, a file, or the folder of a training.
        portion: of the music; None leaves the choice to what kind of folder it is.
        train: a folder whose train split was learnt from; None for that of ``folder`` itself.
        answers: to each piece; 0 leaves the continuations out.
        article_minutes: for which the network of the articles is trained; 0 leaves it out.
    """

    folder: Path
    model: str = "default"
    portion: Portion | None = None
    train: Path | None = None
    answers: int = 10
    article_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it, with what a picture is drawn from."""

    evaluation: Evaluation
    examples: list[Example]
    curve: Path | None


def evaluated(wanted: Wanted, stage: Stage) -> Found:
    """Measure a model on music, beside baselines, and let it continue some of it.

    Raises:
        ModelError: the model is missing or damaged.
        TrainingError: the music is missing or damaged, or there is none of the kind that was asked for.
    """
    with candidate(wanted.model) as model:
        with stage("reading the music") as progress:
            material = opened(wanted.folder, wanted.portion, wanted.train, progress)
        return _found(wanted, model, material, stage)


def _found(wanted: Wanted, model: Candidate, material: Material, stage: Stage) -> Found:
    with stage("measuring the model"):
        losses = model.measure(material.measured)
    with stage("measuring the baselines"):
        baselines, learnt_from = losses_of_baselines(material)
    article = _article(wanted, material, stage)
    with stage("continuing pieces") as progress:
        trial = _tried(wanted, model, material, progress)
    predicted = amount(material.measured)
    evaluation = Evaluation(
        model=model.name,
        parameters=model.parameters,
        quantisation=model.quantisation,
        folder=str(material.folder),
        split=material.portion,
        pieces=predicted.pieces,
        events=predicted.events,
        notes=predicted.notes,
        bits=predicted.bits(losses),
        baselines={name: predicted.bits(each) for name, each in baselines.items()},
        baselines_learnt_from=learnt_from,
        article=article,
        judgement=trial.judgement if trial else None,
        continued_from=material.continued_from,
        remarks=list(_remarks(wanted, material, bool(baselines), trial)),
    )
    return Found(evaluation, trial.examples if trial else [], model.curve)


def _article(wanted: Wanted, material: Material, stage: Stage) -> Article | None:
    if not wanted.article_minutes or material.learnt is None:
        return None
    with training_installed():
        # Of the baselines this alone needs Keras.
        from antiphon_models.baselines.article import article

    with stage("training the network of the articles") as progress:
        outcome = article(
            material.learnt,
            material.measured,
            wanted.article_minutes,
            report=lambda share: progress(round(100 * share), 100),
        )
    return Article(outcome.bits_per_note, outcome.minutes, outcome.parameters)


def _tried(wanted: Wanted, model: Candidate, material: Material, progress: Progress) -> Trial | None:
    if not wanted.answers:
        return None
    return tried(model.file, material.continued, material.learnt, wanted.answers, progress)


def _remarks(wanted: Wanted, material: Material, has_baselines: bool, trial: Trial | None) -> Iterator[str]:
    """Yield what could not be done, a sentence each."""
    for reason, count in material.left_out.items():
        yield f"left out: {counted(count, 'file or tune', 'files or tunes')} ({reason})"
    no_train = f"{material.folder} has no train split; name a folder of notes that has one with --train"
    if not has_baselines and material.portion == "all":
        yield "there are no baselines, for one piece leaves nothing to learn from; name notes with --train"
    elif not has_baselines:
        yield f"there are no baselines, for {no_train}"
    if wanted.article_minutes and material.learnt is None:
        yield "the network of the articles was not trained; name notes that it may learn from with --train"
    if wanted.answers and trial is None:
        yield f"no piece was continued, for none has {QUESTION + ANSWER} events in which something sounds"
    elif trial and material.learnt is None:
        yield "copied notes were not looked for; name the notes that the model learnt from with --train"
