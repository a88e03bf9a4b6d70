"""``antiphon train --family markov``: a folder of notes in, a table and its card out, ready to be played."""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
from rich.console import Console
from rich.progress import Progress

from antiphon_models import vocab
from antiphon_models.counted import counted
from antiphon_models.errors import OptionsError, TrainingError, reason
from antiphon_models.folders import taken, whole_file
from antiphon_models.markov.card import TableCard
from antiphon_models.markov.learning import FEWEST, LONGEST_PIECE, learn, measure
from antiphon_models.markov.table import Table, written
from antiphon_models.notes.dataset import Dataset
from antiphon_models.shelf import CARD_FILE, TABLE_FILE
from antiphon_models.spec import Losses
from antiphon_models.wanted import Wanted

LICENCE = "CC BY 4.0"
"""Of a table of music that is free enough."""

ASK = "as the music that it learnt from"

DESCRIPTION = "learns from you while you play, and begins with what is usual in piano music"


def train(wanted: Wanted) -> None:
    """Learn a table from a folder of notes, and tell how well it knows those that are held out.

    Raises:
        TrainingError: the notes are missing or damaged, or the folder cannot be written into.
    """
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if set(wanted.numbers.values()) != {None}:
        named = next(name for name, number in wanted.numbers.items() if number is not None)
        raise OptionsError(f"leave out --{named.replace('_', '-')}: --family markov counts each piece once")
    notes = Dataset.open(wanted.folder)
    learnt, valid = notes.pieces("train"), notes.pieces("valid")
    with taken(wanted.out, [TABLE_FILE, CARD_FILE]):
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("counting", total=1.0)
            counts = learn(learnt, valid, report=lambda share: progress.update(task, completed=share))
        losses = measure(Table(counts), valid)
        manifest = notes.manifest
        _write(
            wanted.out, written(counts), len(counts.values), manifest.credits, manifest.is_shippable, losses
        )
    console.print(
        f"{wanted.out}: {counted(len(counts.keys), 'context')} of {counted(len(learnt), 'piece')}, "
        f"{losses.bits_per_event:.3f} bits per event of held-out music"
    )


def _write(
    out: Path, content: bytes, parameters: int, credits: list[str], is_shippable: bool, losses: Losses
) -> None:
    card = TableCard(
        name=out.name,
        description=DESCRIPTION,
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=parameters,
        quantisation="logarithms of counts, 8 bits",
        licence=LICENCE if is_shippable else ASK,
        trained_on=credits,
        arguments={"fewest": FEWEST, "longest_piece": LONGEST_PIECE},
        tools={"numpy": np.__version__},
        vocabulary=vocab.fingerprint(),
        held_out=losses,
        bits_per_event=round(losses.bits_per_event, 4),
    )
    try:
        for name, each in (
            (TABLE_FILE, content),
            (CARD_FILE, msgspec.json.format(msgspec.json.encode(card))),
        ):
            with whole_file(out / name) as file:
                file.write(each)
    except OSError as error:
        raise TrainingError(
            f"{out} cannot be written into: {reason(error)}; name another folder with --out"
        ) from error
