"""``antiphon train --family rbm``: a folder of written music in, a run out."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from antiphon_models.counted import counted
from antiphon_models.errors import CorpusError, OptionsError
from antiphon_models.notes.corpora import FREE_CORPORA, Corpus
from antiphon_models.notes.sources import Source, sources
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.machine import Machine, pseudo_likelihood
from antiphon_models.rbm.scores import Music as Read
from antiphon_models.rbm.scores import fingerprint, read_music
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.rbm.training import Windows
from antiphon_models.rbm.training import train as teach
from antiphon_models.rbm.visible import Keys
from antiphon_models.stages import on_the_terminal
from antiphon_models.training.runs import Music
from antiphon_models.wanted import Wanted

NAMES = {
    "minutes": "minutes",
    "steps": "steps",
    "lanes": "batch",
    "learning_rate": "learning_rate",
    "seed": "seed",
}
"""What each option that it knows is called in a lesson."""

WRITTEN = ("mutopia-keyboard", "openewld")
"""Those of the free corpora that are on a grid of beats; the others were played."""

MEASURED_ON = 200
"""Windows that are looked at when a run is over."""


def train(wanted: Wanted) -> None:
    """Teach a machine on a folder and tell how it went.

    Of the folder of the published corpora, what is free to be shipped of the written ones is taken.

    Raises:
        TrainingError: there is no written music, or the folder of the run is of another.
    """
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    spec, lesson = _asked_for(wanted)
    stage = on_the_terminal()
    corpora = free_corpora(wanted.folder)
    with stage("reading") as progress:
        read = read_music(music_in(wanted.folder), spec, progress)
    for reason, count in read.refused.items():
        console.print(f"left out, {reason}: {counted(count, 'piece')}")
    credits = [corpus.credit for corpus in corpora] or wanted.credits
    music = Music(fingerprint(read), credits, bool(corpora))
    with stage("learning") as progress:
        trained = teach(read.splits["train"], spec, lesson, music, wanted.out, progress)
    console.print(f"{wanted.out}: {counted(trained.steps, 'step')}, {_told(read, spec, trained.machine)}")


def free_corpora(folder: Path) -> list[Corpus]:
    """Return the written ones of the published corpora, where this is the folder that holds them."""
    found = [corpus for corpus in FREE_CORPORA if corpus.folder in WRITTEN]
    return found if all((folder / corpus.folder).is_dir() for corpus in found) else []


def music_in(folder: Path) -> Iterator[Source]:
    """Yield what a machine may learn from in a folder, and what it may not with the reason.

    Raises:
        CorpusError: there is no such folder, or its lists are not of the form.
    """
    corpora = free_corpora(folder)
    if not corpora:
        yield from sources(folder)
    for corpus in corpora:
        yield from corpus.sources(folder)


def _asked_for(wanted: Wanted) -> tuple[RbmSpec, Lesson]:
    given = {name: number for name, number in wanted.numbers.items() if number is not None}
    spec = RbmSpec(hidden=int(given.pop("units"))) if "units" in given else RbmSpec()
    if foreign := sorted(given.keys() - NAMES.keys()):
        option = foreign[0].replace("_", "-")
        raise OptionsError(f"leave out --{option}: a restricted Boltzmann machine has no such thing")
    lesson = {NAMES[name]: number for name, number in given.items()}
    return spec, Lesson(**lesson)  # type: ignore[arg-type]


def _told(read: Read, spec: RbmSpec, machine: Machine) -> str:
    try:
        windows = Windows(read.splits["valid"], spec).apart(MEASURED_ON)
    except CorpusError:
        return "and nothing was held out to measure it on"
    nats = -pseudo_likelihood(machine, Keys(spec.steps, spec.keys), windows) / spec.steps
    return f"pseudo-likelihood {nats:.3f} nats per sixteenth of held-out music"
