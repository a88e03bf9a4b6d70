"""A model learns from the recordings of one player, and forgets little of what it knew.

What it learnt from is not at hand where it is played, so beside the recordings it rehearses music that it
improvised before (pseudo-rehearsal, A. Robins, Connection Science 7, 1995), or music that is named for it;
and what it comes to is the mean of the old weights and the new (M. Wortsman et al., "Robust fine-tuning of
zero-shot models", CVPR 2022). docs/training.md says what each of the two is worth.
"""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from antiphon_models.errors import CorpusError
from antiphon_models.folders import UNFINISHED, taken
from antiphon_models.lessons.augmentation import Augmentation, endless
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane
from antiphon_models.network import EventNetwork
from antiphon_models.notes.dataset import Dataset
from antiphon_models.notes.event_files import FIELDS
from antiphon_models.notes.pieces import Piece
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import Source
from antiphon_models.spec import Losses
from antiphon_models.training.checkpoints import Arrays, read_arrays, write_arrays, write_bytes
from antiphon_models.training.evaluate import Examiner, sample
from antiphon_models.training.improvisation import improvise
from antiphon_models.training.origins import Origin
from antiphon_models.training.pupil import Pupil
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import SIGNS, WEIGHTS, Music, OtherMusicError, claim
from antiphon_models.training.train import Progress, Run, Watcher, check
from antiphon_models.training.weights import load_weights, save_weights

NOTES, IMPROVISED, OUTCOME = "notes", "improvised.npz", "before-and-after.json"

FEWEST_MINUTES = 10.0
"""Of playing; of less it would learn the pieces and not the player."""

HELD_OUT = 8
"""One recording of so many is not learnt from but measured on."""

IMPROVISATIONS, EVENTS = 64, 320
"""Pieces to rehearse, and events of each; one of HELD_OUT of them is measured on."""

MEASURED = 5_000
"""Events of each kind that are measured on, at most."""

NEW = 0.5
"""Share of the new weights in what it comes to."""

AS_IT_WAS = Augmentation(down=0, up=0, tempo=0.0, velocity=0.0, looseness=0.0)


Floats = npt.NDArray[np.float32]


class Kept(NamedTuple):
    """What it knew: music to rehearse, music to measure on, how it is varied, and what is said of it."""

    rehearsed: Sequence[Piece]
    held_out: Sequence[Piece]
    augmentation: Augmentation
    name: str


class Outcome(msgspec.Struct, frozen=True):
    """Bits per event of music that was not learnt from, before and after.

    Attributes:
        own: of the player's.
        knew: of what it knew before.
        knew_from: what that is.
        minutes: of the player's music that it learnt from.
        left_out: how many files were left out, by reason.
    """

    own: tuple[Losses, Losses]
    knew: tuple[Losses, Losses]
    knew_from: str
    minutes: float
    left_out: dict[str, int]


def held_out_some(found: Sequence[Source]) -> list[Source]:
    """Return recordings of which some are held out: of few the one of middling length, of more every eighth.

    Where there are lists, they say it.
    """
    if any(source.listed for source in found):
        return list(found)
    by_size = sorted(
        (source for source in found if not source.refusal), key=lambda each: (each.size, each.name)
    )
    held_out = by_size[(min(HELD_OUT, len(by_size)) - 1) // 2 :: HELD_OUT] if len(by_size) > 1 else []
    paths = {source.path for source in held_out}
    return [replace(source, listed="valid" if source.path in paths else "train") for source in found]


def finetune(
    origin: Origin,
    found: Sequence[Source],
    credits: Sequence[str],
    keep: Path | None,
    recipe: Recipe,
    out: Path,
    watcher: Watcher,
) -> tuple[Progress, Outcome]:
    """Train a model on recordings, or go on with it; return how it ended.

    Weights are written when it is over, and not before: half way between the old ones and the new.

    Args:
        origin: the model.
        found: the recordings.
        credits: who is to be thanked for them.
        keep: a folder of notes that it is to stay good at; None lets it rehearse what it improvises.
        recipe: how it learns.
        out: the folder of the run; the recordings are prepared into a folder in it.
        watcher: who looks on.

    Raises:
        TrainingError: there is too little music, or one of those of ``train_on``.
    """
    kept_notes = Dataset.open(keep) if keep else None
    notes = _claimed(origin, found, credits, kept_notes, recipe, out)
    music = notes.pieces("train")
    pupil = Pupil(origin.spec, recipe, [])
    load_weights(pupil.network, origin.weights)
    kept = _from_notes(kept_notes) if kept_notes else _improvised(pupil.network, recipe.seed, out)
    pupil = Pupil(origin.spec, recipe, _lanes(music, kept, recipe))
    load_weights(pupil.network, origin.weights)
    old = pupil.network.get_weights()
    examiner = Examiner(pupil.network)
    exams = [sample(pieces, MEASURED, recipe.seed) for pieces in (notes.pieces("valid"), kept.held_out)]
    before = [examiner.losses(exam) for exam in exams]
    progress = Run(pupil, None, out, recipe, leaves_weights=False).go_on(watcher)
    pupil.network.set_weights(_between(old, pupil.network.get_weights()))
    save_weights(pupil.network, out / WEIGHTS)
    own, knew = zip(before, [examiner.losses(exam) for exam in exams], strict=True)
    outcome = Outcome(own, knew, kept.name, _minutes(music), notes.manifest.left_out)
    write_bytes(out / OUTCOME, msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")
    return progress, outcome


def _claimed(
    origin: Origin,
    found: Sequence[Source],
    credits: Sequence[str],
    kept: Dataset | None,
    recipe: Recipe,
    out: Path,
) -> Dataset:
    """Take the folder of the run, and return the recordings as notes in it.

    They are prepared aside, so that a run which is refused leaves the notes of another as they are.
    """
    with taken(out, SIGNS), TemporaryDirectory(prefix=UNFINISHED, dir=out) as scratch:
        prepared = Path(scratch) / NOTES
        manifest = prepare(held_out_some(found), prepared, credits)
        notes = Dataset.open(prepared)
        _check_that_it_is_enough(notes.pieces("train"), notes.pieces("valid"), recipe)
        thanked = [*origin.credits, *(kept.manifest.credits if kept else []), *credits]
        subject = [origin.fingerprint, kept.manifest.fingerprint if kept else None]
        digest = hashlib.sha256(msgspec.json.encode(subject)).hexdigest()
        about = Music(manifest.fingerprint, list(dict.fromkeys(thanked)), False, digest)
        try:
            claim(out, origin.spec, recipe, about)
        except OtherMusicError as error:
            raise OtherMusicError(
                f"{out} was begun with other recordings, or another model; to go on with what it knows, "
                f"train into another folder with --from {shlex.quote(str(out))}"
            ) from error
        if not (out / NOTES).exists():
            prepared.rename(out / NOTES)
    return Dataset.open(out / NOTES)


def _minutes(music: Sequence[Piece]) -> float:
    return sum(float(piece.dt.sum()) for piece in music) / 60


def _check_that_it_is_enough(music: Sequence[Piece], held_out: Sequence[Piece], recipe: Recipe) -> None:
    if _minutes(music) < FEWEST_MINUTES:
        raise CorpusError(
            f"there are {_minutes(music):.1f} minutes of playing to learn from and it takes "
            f"{FEWEST_MINUTES:.0f}; play some more, then give the same command again"
        )
    if not len(held_out):
        raise CorpusError("all is in one recording and none is left to measure on; add a second one")
    check(music, recipe)


def _from_notes(notes: Dataset) -> Kept:
    music, held_out = notes.pieces("train"), notes.pieces("valid")
    if not len(music) or not len(held_out):
        raise CorpusError(
            "what it is to keep needs music in its train split and in its valid split; add some"
        )
    return Kept(music, held_out, Augmentation(), "the music that it is to keep")


def _improvised(network: EventNetwork, seed: int, out: Path) -> Kept:
    """Return what the network makes up, or made up when the run began."""
    path = out / IMPROVISED
    if not path.exists():
        write_arrays(path, _arrays(improvise(network, IMPROVISATIONS, EVENTS, seed)))
    pieces = _pieces(read_arrays(path))
    held_out = len(pieces) // HELD_OUT
    name = "what it improvised itself, for the music it learnt from is not at hand"
    return Kept(pieces[held_out:], pieces[:held_out], AS_IT_WAS, name)


def _arrays(pieces: Sequence[Piece]) -> Arrays:
    return {name: np.stack([getattr(piece, name) for piece in pieces]) for name in FIELDS}


def _pieces(arrays: Arrays) -> list[Piece]:
    dt, velocity, pitch, part = (arrays[name] for name in FIELDS)
    return [
        Piece(f"improvisation {row + 1}", dt[row], velocity[row], pitch[row], part[row], is_gridded=False)
        for row in range(len(dt))
    ]


def _lanes(music: Sequence[Piece], kept: Kept, recipe: Recipe) -> list[Lane]:
    """Return lanes of which every second one rehearses."""
    seed, each = recipe.seed, recipe.lanes // 2
    own = [
        Lane(endless(music, Augmentation(), seed, lane, recipe.lanes - each), Hints(seed, lane))
        for lane in range(recipe.lanes - each)
    ]
    rehearsing = [
        Lane(endless(kept.rehearsed, kept.augmentation, seed + 1, lane, each), Hints(seed + 1, lane))
        for lane in range(each)
    ]
    return own + rehearsing


def _between(old: Sequence[Floats], new: Sequence[Floats]) -> list[Floats]:
    return [
        (before + NEW * (after - before)).astype(np.float32) for before, after in zip(old, new, strict=True)
    ]
