"""The commands that this package adds to ``antiphon``: options in, tables and sentences out.

Nothing heavy is imported before a command runs, as all commands are looked at when they are listed.
"""

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from antiphon_export.errors import ExportError
from antiphon_export.kinds import QUANTISATIONS, Quantisation
from antiphon_models.errors import OptionsError, reason
from antiphon_models.extra import choose_tensorflow, training_installed
from antiphon_models.interrupts import interruptible
from antiphon_models.options import refuse, within
from antiphon_models.stages import on_the_terminal
from antiphon_models.typed import pip_install

if TYPE_CHECKING:
    from antiphon_export.evaluation.evaluating import Found, Wanted
    from antiphon_export.evaluation.report_picture import Curve
    from antiphon_export.exporting import Exported
    from antiphon_export.request import Request
    from antiphon_models.stages import Stage

    Exporter: TypeAlias = Callable[[Request, Stage], Iterator[Exported]]


class Kind(StrEnum):
    """Of a model file, one for each of ``antiphon_export.kinds``; Typer takes no list of literals."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    INT8 = "int8"
    INT8_PER_TENSOR = "int8-per-tensor"
    INT8_FULL = "int8-full"


@interruptible()
def evaluate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            show_default=False,
            help="Notes from `antiphon prepare`, or any folder of music.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="A name from `antiphon models`, a folder of a model or a training, or a .tflite file.",
        ),
    ] = "default",
    split: Annotated[
        Literal["valid", "test", "all"] | None,
        typer.Option(
            "--split", show_default=False, help="What is measured: valid of notes, all of other music."
        ),
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(
            "--train",
            metavar="NOTES",
            show_default=False,
            help="What model and baselines learnt from; otherwise FOLDER's own train split.",
        ),
    ] = None,
    answers: Annotated[
        int,
        typer.Option(
            "--answers",
            metavar="N",
            callback=within(0),
            help="How often each piece is continued; 0 not at all.",
        ),
    ] = 10,
    article_minutes: Annotated[
        float,
        typer.Option(
            "--article-minutes",
            metavar="N",
            callback=within(0.0),
            help="Train the network of the articles so long beside it.",
        ),
    ] = 0.0,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="OUT.md", show_default=False, help="Write a page, and a picture beside it."
        ),
    ] = None,
    curve: Annotated[
        Path | None,
        typer.Option(
            "--curve", metavar="CURVE.jsonl", show_default=False, help="Of the training, for the picture."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    benchmark: Annotated[
        Literal["pianorolls"] | None,
        typer.Option("--benchmark", show_default=False, help="Run a published benchmark on --data instead."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="MATS", show_default=False, help="The .mat files of the benchmark."),
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option(
            "--runs",
            metavar="FOLDER",
            show_default=False,
            help="Keep what the benchmark trains; where it lies there already it is only measured.",
        ),
    ] = None,
) -> None:
    """Measure how well a model knows music that it never heard.

    The loss in bits per event is split into time, velocity and pitch, beside that of simple models. Then the
    model continues some pieces, and what it plays is compared with the question, and with how the pieces
    really go on.

    \b
    Examples:
      antiphon evaluate notes --report report.md
      antiphon evaluate ~/midi --model my-training --train notes --json
    """
    if benchmark is not None:
        refuse({"FOLDER": folder, "--report": report, "--curve": curve}, "the benchmark has its own music")
        _run_benchmark(data, runs, as_json)
        return
    refuse({"--data": data, "--runs": runs}, "it goes with --benchmark")
    if folder is None:
        raise OptionsError("there is nothing to measure on; name a folder: antiphon evaluate FOLDER")
    if report is None:
        refuse({"--curve": curve}, "it is for the picture of a report; name one with --report")
    with training_installed():
        from rich.console import Console

        from antiphon_export.evaluation import summary
        from antiphon_export.evaluation.evaluating import Wanted, evaluated
        from antiphon_export.evaluation.report_picture import read_curve
    wanted = Wanted(folder, model, split, train, answers, article_minutes)
    drawn = read_curve(curve) if curve else None
    if report is not None:
        _make_room(report)
    found = evaluated(wanted, on_the_terminal())
    if as_json:
        typer.echo(json.dumps(summary.as_json(found.evaluation), indent=2))
    else:
        console = Console(highlight=False, markup=False, soft_wrap=True)
        for each in summary.as_tables(found.evaluation):
            console.print(each)
    if report is not None:
        _write_report(report, found, drawn, _command(wanted))


@interruptible()
def export(
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", show_default=False, help="The folder that `antiphon train` wrote."),
    ],
    notes: Annotated[
        Path,
        typer.Option(
            "--notes", metavar="NOTES", show_default=False, help="What to measure on: those of its training."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FOLDER", show_default=False, help="Where model and card go."),
    ],
    quantisation: Annotated[
        list[Kind] | None,
        typer.Option(
            "--quantisation",
            show_default=False,
            help="How weights are stored, usually int8-per-tensor; of several, each in a folder of its own.",
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", show_default=False, help="What the card calls it; FOLDER's own name.")
    ] = "",
    description: Annotated[
        str, typer.Option("--description", show_default=False, help="One sentence for the player.")
    ] = "",
    licence: Annotated[
        str,
        typer.Option("--licence", show_default=False, help="Of the model; otherwise what its music allows."),
    ] = "",
    events: Annotated[
        int,
        typer.Option(
            "--events",
            metavar="N",
            callback=within(0),
            help="Measure on so many held-out events; 0 is all.",
        ),
    ] = 0,
) -> None:
    """Turn what was trained into a model that Antiphon plays.

    Beside the model file goes a card with the loss of that very file on the held-out pieces of NOTES, and
    what the run says of the music that it learnt from: whose it is, and so what may be done with the model.
    int8-per-tensor is small, fast and loads everywhere; int8-full is for accelerators that want integers,
    float32 for GPUs.

    \b
    Examples:
      antiphon export my-training --notes notes --out my-model
      antiphon run --model ./my-model
    """
    choose_tensorflow()
    chosen = dict.fromkeys(quantisation or [Kind.INT8_PER_TENSOR])
    kinds: list[Quantisation] = [QUANTISATIONS[list(Kind).index(each)] for each in chosen]
    with training_installed():
        from antiphon_export.request import Request

        request = Request(run, notes, out, kinds, name, description, licence, events)
        from antiphon_models.training.runs import family_of

        exported = EXPORTERS[family_of(run)](request)
    _show_exported(exported(request, on_the_terminal()))


def _events(request: "Request") -> "Exporter":
    # What is wrong is said before anything that takes long is imported.
    request.check()
    from antiphon_export.exporting import exported

    return exported


def _char(request: "Request") -> "Exporter":
    if request.events:
        raise OptionsError("leave out --events: a network of characters is measured on all that is held out")
    from antiphon_export.tunes.exporting import exported

    return exported


def _rbm(request: "Request") -> "Exporter":
    if request.events:
        raise OptionsError("leave out --events: a machine is measured on all that is held out")
    from antiphon_export.rbm.exporting import exported

    return exported


EXPORTERS: "Mapping[str, Callable[[Request], Exporter]]" = {"events": _events, "char": _char, "rbm": _rbm}
"""What exports each of the families of models, by what their runs say they are; each checks its request."""


def _show_exported(files: "Iterable[Exported]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, soft_wrap=True)
    table = Table("quantisation", box=None, pad_edge=False)
    for title in ("size", "held out", "lost", "step"):
        table.add_column(title, justify="right")
    written: list[Path] = []
    measured_on = ""
    for each in files:
        written.append(each.path)
        measured_on = each.card.measured_on
        table.add_row(
            each.card.quantisation,
            f"{each.size / 1e6:.2f} MB",
            each.card.figure,
            f"{each.lost:+.4f}",
            f"{each.microseconds:.0f} us",
        )
    console.print(table)
    for path in written:
        console.print(path)
    if measured_on:
        console.print(f"measured on {measured_on}, not on the music held out in its training")


def _run_benchmark(data: Path | None, runs: Path | None, as_json: bool) -> None:
    if data is None:
        raise OptionsError("the benchmark needs the folder of its .mat files; name it with --data")
    with training_installed():
        import msgspec
        from rich.console import Console
        from rich.markdown import Markdown

        from antiphon_models.pianorolls.benchmark import run, table
    told = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with TemporaryDirectory(prefix="antiphon-") as scratch:
        results = run(data, runs or Path(scratch), report=told.print)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(results), indent=2))
    else:
        Console().print(Markdown(table(results)))


def _make_room(report: Path) -> None:
    """Find out before the work whether its report can be written."""
    if report.suffix.lower() != ".md":
        raise OptionsError(
            f"a report is a page with a picture beside it; name {report} so that it ends in .md"
        )
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        is_new = not report.exists()
        report.open("a", encoding="utf-8").close()
        if is_new:
            report.unlink()
    except OSError as error:
        raise ExportError(f"{report} cannot be written: {reason(error)}; name another file") from error


def _write_report(report: Path, found: "Found", curve: "Curve | None", command: str) -> None:
    from antiphon_export.evaluation.report import page
    from antiphon_export.evaluation.report_picture import NO_CURVE, draw_report, read_curve

    picture = report.with_suffix(".png")
    is_drawn = find_spec("matplotlib") is not None
    if is_drawn:
        shown = curve or (read_curve(found.curve) if found.curve else NO_CURVE)
        draw_report(picture, found.evaluation, found.examples, shown)
    else:
        line = pip_install("antiphon[plot]")
        typer.echo(f"no picture was drawn, for matplotlib is not installed; run `{line}`", err=True)
    text = page(found.evaluation, command, picture.name if is_drawn else None)
    try:
        report.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{report} cannot be written: {reason(error)}; name another file") from error


def _command(wanted: "Wanted") -> str:
    """Return the command that measures the same once more."""
    given = ["antiphon", "evaluate", str(wanted.folder), "--model", wanted.model]
    given += ["--split", wanted.portion] if wanted.portion else []
    given += ["--train", str(wanted.train)] if wanted.train else []
    return shlex.join([*given, "--answers", str(wanted.answers)])
