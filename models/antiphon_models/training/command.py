"""``antiphon train`` for a model of events: notes or recordings in, a run out, and how it went in words.

What takes long to import is imported once it is certain that there is something to learn from.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from antiphon_models.counted import counted, duration
from antiphon_models.extra import training_installed
from antiphon_models.training.allocation import keep_freed_memory
from antiphon_models.training.recipe import Recipe, filled
from antiphon_models.typed import antiphon

if TYPE_CHECKING:
    from rich.console import Console

    from antiphon_models.notes.dataset import Amount
    from antiphon_models.spec import Spec
    from antiphon_models.training.finetuning import Outcome
    from antiphon_models.training.train import Progress


def train_on_notes(
    notes: Path, spec: "Spec", recipe: Recipe, out: Path, distribute: bool, may_fit: bool
) -> None:
    """Train a network from fresh weights, and tell how it went.

    Args:
        notes: what ``antiphon prepare`` wrote.
        out: the folder of the run.
        distribute: whether this is one worker of several.
        may_fit: whether fewer lanes may be taken where the music fills fewer.

    Raises:
        TrainingError: the notes are missing or damaged, the run is another one, or the extra is not there.
    """
    keep_freed_memory()
    with training_installed():
        from antiphon_models.notes.dataset import read_manifest

        # What is wrong with the notes is said before anything that takes long is imported.
        splits = read_manifest(notes).splits
        from antiphon_models.training import distribution
        from antiphon_models.training.onlookers import Onlooker
        from antiphon_models.training.train import train_on
    console = _console()
    if not splits["valid"].pieces:
        _tell(
            console,
            f"nothing in {notes} is held out for valid, so that antiphon export has nothing to measure what "
            "comes of it on; add music, or name some in a splits.json, and prepare it again",
        )
    if may_fit:
        recipe = _fitted(recipe, splits["train"], console)
    with Onlooker(console, is_heard=distribute) as onlooker:
        begin = distribution.train_on if distribute else train_on
        progress = begin(notes, spec, recipe, out, onlooker)
    _tell(console, _run_told(out, progress))


def train_on_recordings(
    model: str, recordings: list[Path], credits: list[str], keep: Path | None, recipe: Recipe, out: Path
) -> None:
    """Let a model that is there learn from recordings, and tell what it knows before and after.

    Args:
        model: its name, or the folder of a run.
        recordings: folders of music.
        credits: whose they are.
        keep: notes that it is to stay good at; None has it rehearse what it improvises.
        out: the folder of the run.

    Raises:
        TrainingError: there is no such model, too little music, or the extra is not there.
    """
    keep_freed_memory()
    with training_installed():
        from antiphon_models.notes.sources import sources

        found = list(chain.from_iterable(map(sources, recordings)))
        from antiphon_models.training.origins import find

        origin = find(model)
        from antiphon_models.training.finetuning import NOTES, finetune
        from antiphon_models.training.onlookers import Onlooker
    console = _console()
    with Onlooker(console) as onlooker:
        progress, outcome = finetune(origin, found, credits, keep, recipe, out, onlooker)
    _tell(console, *_outcome_told(out, out / NOTES, progress.step, outcome))


def _fitted(recipe: Recipe, learnt: "Amount", console: "Console") -> Recipe:
    """Return a recipe of no more lanes than the music fills, and tell where these are fewer."""
    fitted = filled(recipe, learnt.pieces, learnt.events)
    if fitted != recipe:
        _tell(
            console,
            f"{counted(learnt.pieces, 'piece')} to learn from: {counted(fitted.lanes, 'lane')} side by side; "
            f"of so little the shipped model learns more than a new one: {antiphon('train', '--on')} FOLDER",
        )
    return fitted


def _run_told(out: Path, progress: "Progress | None") -> str:
    if progress is None:
        return "done; the first worker has written what came of it"
    # Whoever exports it meets another figure, for there the pieces are read to their end.
    best = f"{progress.best:.3f} bits per event of the beginnings of held-out pieces" if progress.best else ""
    steps = f"{counted(progress.step, 'step')} in {duration(progress.minutes)}"
    return f"{out}: {steps}, {best or 'and nothing was held out to measure it on'}"


def _outcome_told(out: Path, notes: Path, steps: int, outcome: "Outcome") -> Iterator[str]:
    from antiphon_models.notes.dataset import REPORT

    yield f"{out}: {counted(steps, 'step')} on {duration(outcome.minutes)} of playing"
    yield "bits per event of music that was held out, before and after:"
    yield f"  yours     {outcome.own[0].bits_per_event:.3f}  {outcome.own[1].bits_per_event:.3f}"
    knew = f"  it knew   {outcome.knew[0].bits_per_event:.3f}  {outcome.knew[1].bits_per_event:.3f}"
    yield f"{knew}  ({outcome.knew_from})"
    if outcome.left_out:
        reasons = "; ".join(f"{reason}: {count}" for reason, count in outcome.left_out.items())
        yield f"left out: {reasons} (by name: {notes / REPORT})"
    export = antiphon("export", f"{out}", "--notes", f"{notes}", "--out", f"{out}-model")
    yield f"{export} makes a model of it"


def _tell(console: "Console", *lines: str) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _console() -> "Console":
    from rich.console import Console

    return Console(stderr=True)
