"""The commands that this package adds to ``antiphon``: options in, tables and sentences out.

Nothing heavy is imported before a command runs, as all commands are looked at when they are listed.
"""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from antiphon_models.counted import counted
from antiphon_models.errors import OptionsError
from antiphon_models.extra import choose_backend, training_installed
from antiphon_models.families import FAMILIES, Family
from antiphon_models.interrupts import interruptible
from antiphon_models.options import refuse, within
from antiphon_models.stages import on_the_terminal
from antiphon_models.training.command import train_on_notes, train_on_recordings
from antiphon_models.training.recipe import GENTLE, USUAL, chosen
from antiphon_models.wanted import Wanted

if TYPE_CHECKING:
    from antiphon_models.notes.dataset import Manifest
    from antiphon_models.spec import Spec

YOUR_OWN = "music of your own"

WIDEST, DEEPEST = 4096, 16
"""More units or layers are taken for a slip; they would fill the memory before anybody is told."""


def _of_recipe(name: str, told: str, **more: Any) -> Any:
    """Return the option for a field of the recipe, with what that is otherwise, without --on and with it."""
    usual, gentle = (f"{getattr(recipe, name):,.6g}" for recipe in (USUAL, GENTLE))
    otherwise = usual if usual == gentle or name == "patience" else f"{usual}, with --on {gentle}"
    flag = f"--{name.replace('_', '-')}"
    return typer.Option(flag, metavar="N", show_default=False, help=f"{told} Usually {otherwise}.", **more)


def prepare(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER", show_default=False, help="Folders of .mid, .midi and .abc files."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="NOTES", show_default=False, help="The folder to write.")
    ],
    shippable: Annotated[
        bool,
        typer.Option(
            "--shippable",
            help="FOLDER holds the four published corpora: take what a model to be shipped may learn.",
        ),
    ] = False,
    credit: Annotated[
        list[str] | None,
        typer.Option("--credit", metavar="TEXT", help="Whose music it is; may be given more than once."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            callback=within(1),
            show_default=False,
            help="Processes; one for each core.",
        ),
    ] = None,
) -> None:
    """Read folders of music into notes to train on.

    Sessions that Antiphon recorded are read like any other .mid file, you and its answers as two parts. A
    splits.json beside the music says what is learnt from and what is held out; otherwise 90 in 100 pieces are
    learnt from, always the same. Stop it whenever you like: the same command goes on where it was, and reads
    only what is new or has changed.

    \b
    Example:
      antiphon prepare ~/midi ~/.local/share/antiphon/sessions --out notes
    """
    with training_installed():
        from antiphon_models.notes import corpora
        from antiphon_models.notes.prepare import prepare as read_into
        from antiphon_models.notes.sources import sources
    if shippable and (credit or len(folders) != 1):
        raise OptionsError(
            "--shippable takes one folder and no --credit; name that of the four corpora alone"
        )
    # All of them are looked at before anything is written.
    yours = chain.from_iterable([sources(folder) for folder in folders])
    found = corpora.shippable(folders[0]) if shippable else yours
    credits = corpora.credits() if shippable else credit or [YOUR_OWN]
    try:
        with on_the_terminal()("reading") as progress:
            manifest = read_into(found, out, credits, shippable, jobs, progress)
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on where it was", err=True)
        raise
    _show(manifest, out)


@interruptible()
def train(
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="RUN", show_default=False, help="The folder to leave weights in."
        ),
    ],
    notes: Annotated[
        Path | None,
        typer.Argument(
            metavar="NOTES",
            show_default=False,
            help="What antiphon prepare made of your music; with --family, see there.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            show_default=False,
            help="With --on: go on from this model, or folder of a run; otherwise from the default.",
        ),
    ] = None,
    recordings: Annotated[
        list[Path] | None,
        typer.Option(
            "--on",
            metavar="FOLDER",
            show_default=False,
            help="Recordings to learn from instead of NOTES; may be given more than once.",
        ),
    ] = None,
    credit: Annotated[
        list[str] | None,
        typer.Option(
            "--credit",
            metavar="TEXT",
            show_default=False,
            help=f"With --on: whose recordings they are, if not {YOUR_OWN}; may be given more than once.",
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="NOTES",
            show_default=False,
            help="With --on: notes that it is to stay good at; else it rehearses what it improvises.",
        ),
    ] = None,
    distribute: Annotated[
        bool,
        typer.Option("--distribute", help="Share the lanes with the other workers that TF_CONFIG names."),
    ] = False,
    minutes: Annotated[
        float | None,
        _of_recipe("minutes", "How long to train; the rate falls to 0 until then.", callback=within(0.01)),
    ] = None,
    steps: Annotated[
        int | None, _of_recipe("steps", "The same in steps; what comes first counts.", callback=within(1))
    ] = None,
    units: Annotated[
        int | None,
        typer.Option(
            "--units",
            metavar="N",
            callback=within(1, WIDEST),
            show_default=False,
            help="Width of every layer; otherwise as the default model.",
        ),
    ] = None,
    layers: Annotated[
        int | None,
        typer.Option(
            "--layers",
            metavar="N",
            callback=within(1, DEEPEST),
            show_default=False,
            help="LSTM layers; otherwise as the default model.",
        ),
    ] = None,
    lanes: Annotated[
        int | None,
        _of_recipe("lanes", "Pieces side by side; fewer where the music fills fewer.", callback=within(1)),
    ] = None,
    window: Annotated[
        int | None, _of_recipe("window", "Events of each that are learnt from at once.", callback=within(1))
    ] = None,
    learning_rate: Annotated[
        float | None, _of_recipe("learning_rate", "At its highest.", callback=within(1e-9))
    ] = None,
    dropout: Annotated[
        float | None,
        _of_recipe("dropout", "Share left out between layers.", callback=within(0.0, 0.95)),
    ] = None,
    patience: Annotated[
        int | None,
        _of_recipe("patience", "Exams without a better result until it ends; 0 never.", callback=within(0)),
    ] = None,
    seed: Annotated[
        int | None, _of_recipe("seed", "The same seed learns the same.", callback=within(0))
    ] = None,
    mixed_precision: Annotated[
        bool, typer.Option("--mixed-precision", help="Halve the precision of products: for a GPU.")
    ] = False,
    backend: Annotated[
        Literal["tensorflow", "jax"] | None,
        typer.Option("--backend", show_default=False, help="What Keras runs on; else KERAS_BACKEND."),
    ] = None,
    family: Annotated[
        Family,
        typer.Option("--family", help="What is trained: of events, or another that `antiphon models` lists."),
    ] = Family.EVENTS,
) -> None:
    """Train a model on notes, or one that is there on recordings.

    With --family char it learns from any folder of text instead, tunes in ABC notation or others; with
    --family rbm from any folder of written .mid files, on the grid of their beats.

    With --on it starts from what a model knows and takes a few minutes. Its shape is that of the model.

    Stop it whenever you like: the same command goes on where it was. The weights that do best on held-out
    music are kept; antiphon export turns them into a model that Antiphon plays.

    \b
    Examples:
      antiphon train notes --out run --minutes 60
      antiphon train --from default --on ~/.local/share/antiphon/sessions --out mine
      antiphon train --family char ~/tunes --out run
      antiphon train --family rbm ~/scores --out run --units 256
    """
    numbers: dict[str, float | None] = {
        "minutes": minutes,
        "steps": steps,
        "lanes": lanes,
        "window": window,
        "learning_rate": learning_rate,
        "dropout": dropout,
        "patience": patience,
        "seed": seed,
    }
    shape = {"units": units, "layers": layers}
    if family is not Family.EVENTS:
        others = {
            "--from": model,
            "--on": recordings,
            "--keep": keep,
            "--distribute": distribute,
            "--mixed-precision": mixed_precision,
            "--backend": backend,
        }
        refuse(others, f"it is for a model of events, not with --family {family.value}")
        if notes is None:
            raise OptionsError("there is nothing to learn from; name a folder")
        FAMILIES[family](Wanted(notes, out, credit or [YOUR_OWN], {**shape, **numbers}))
        return
    recipe = chosen(GENTLE if recordings else USUAL, precision=16 if mixed_precision else None, **numbers)
    choose_backend(backend)
    if notes is not None:
        if recordings:
            raise OptionsError(
                "NOTES and --on exclude each other; to learn from recordings and stay good at NOTES, "
                "name these with --keep"
            )
        refuse({"--from": model, "--keep": keep, "--credit": credit}, "it goes with --on, not with NOTES")
        train_on_notes(notes, _shape(units, layers), recipe, out, distribute, may_fit=lanes is None)
    elif recordings:
        refuse({"--units": units, "--layers": layers}, "the shape is that of the model to go on from")
        refuse({"--patience": patience}, "with --on there are no exams on the way, only before and after")
        refuse({"--distribute": distribute}, "learning from recordings is short and done on one machine")
        train_on_recordings(model or "default", recordings, credit or [YOUR_OWN], keep, recipe, out)
    else:
        raise OptionsError(
            "there is nothing to learn from; name notes to train on, or recordings with --on FOLDER"
        )


def _shape(units: int | None, layers: int | None) -> "Spec":
    from antiphon_models.spec import Spec

    of_the_default = Spec()
    return Spec(units or of_the_default.units, layers or of_the_default.layers)


def _show(manifest: "Manifest", out: Path) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from antiphon_models.notes.dataset import REPORT

    console = Console(highlight=False)
    held = Table("split", box=None, pad_edge=False)
    for title in ("pieces", "events"):
        held.add_column(title, justify="right")
    for split, amount in manifest.splits.items():
        held.add_row(split, f"{amount.pieces:,}", f"{amount.events:,}")
    console.print(held)
    if manifest.files:
        console.print(f"\n{counted(manifest.files, 'file')} read")
    if manifest.left_out:
        reasons = Table("left out", box=None, pad_edge=False)
        reasons.add_column("files or tunes", justify="right")
        for reason, count in manifest.left_out.items():
            reasons.add_row(escape(reason), f"{count:,}")
        console.print()
        console.print(reasons)
        console.print(f"\neach of them, by name: {out / REPORT}", markup=False, soft_wrap=True)
    for split in ("valid", "test"):
        if not manifest.splits[split].pieces:
            console.print(f"nothing is held out for {split}: add music, or name some in a splits.json")
