"""Commands that play: with you, to a file of yours, out of nothing, and a session again.

Each imports what it needs only when it runs. Their docstrings are what ``--help`` shows.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antiphon.options import Load, with_settings

if TYPE_CHECKING:
    from antiphon.adapters.check_up import Examine, Standing
    from antiphon.findings import Finding


@with_settings(
    "midi.in",
    "midi.out",
    "engine.kind",
    "model",
    "play.mode",
    "play.mood",
    "play.temperature",
    "play.seed",
    "markov.keep_last",
    "record.enabled",
)
def run(load: Load) -> None:
    """Listen to your keyboard, and answer whenever you stop.

    Play a phrase and pause: the answer begins in time. Touch a key and it falls silent at once. Ctrl-C ends
    it; no note is left hanging. Without --in and --out it takes the first real ports.

    \b
    Example:
      antiphon run --in 'Keystation*' --out 'FLUID*' --temperature 0.8
    """
    from antiphon import app
    from antiphon.adapters.engines.models import check_typed_model

    loaded = load()
    check_typed_model(loaded)
    app.run(loaded, load, examined_with(load))


def examined_with(load: Load) -> "Examine":
    """Return what looks at the machine when a door asks for that; before, nobody waits for its imports."""

    def examined(standing: "Standing") -> "Iterable[Finding]":
        from antiphon.doctor.examination import examine

        return examine(load, standing)

    return examined


@with_settings("midi.in", "midi.out", "engine.kind", "model")
def demo(load: Load) -> None:
    """Play with what is here: a keyboard, a page, or alone.

    It takes your keyboard and instrument where there are any. Otherwise it opens ports of its own for other
    programs to connect to. Where there is no MIDI at all, it opens a page in your browser to play on; without
    a terminal, or without what serves the page (the extra `web`), it plays a short demonstration, writes the
    answer to a .mid file and draws it here.

    \b
    Example:
      antiphon demo
    """
    from antiphon import app
    from antiphon.adapters.engines.models import check_typed_model

    loaded = load()
    check_typed_model(loaded)
    app.jam(loaded, examined_with(load))


@with_settings("engine.kind", "model", "play.mood", "play.seconds", "play.temperature", "play.seed")
def respond(
    load: Load,
    question: Annotated[
        Path, typer.Argument(metavar="IN.mid", show_default=False, help="The phrase to be answered.")
    ],
    answer: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.mid", show_default=False, help="The answer.")
    ],
    outputs: Annotated[
        int,
        typer.Option(
            "--outputs", min=1, metavar="N", help="Write N answers: OUT-1.mid, OUT-2.mid and so on."
        ),
    ] = 1,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw question and answer to a .svg or .png file."),
    ] = None,
    with_input: Annotated[
        bool, typer.Option("--with-input", help="Write the question too, on a track of its own.")
    ] = False,
) -> None:
    """Answer a phrase in a .mid file with another .mid file.

    It answers as it would have if you had played the file to it. With the same seed it writes the same
    file again; with --outputs, each further answer takes the next seed.

    \b
    Example:
      antiphon respond phrase.mid -o answer.mid --seconds 10 --plot answer.svg
    """
    from antiphon.adapters.engines.models import check_typed_model
    from antiphon.respond import respond as respond_to

    loaded = load()
    check_typed_model(loaded)
    for path in respond_to(loaded.config, question, answer, outputs, plot, with_input):
        print(path)


@with_settings("model")
def replay(
    load: Load,
    session: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION",
            show_default=False,
            help="A session log, the recording beside it, or a folder, of which it takes the newest.",
        ),
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Hold it against another log, a recording, or what --out wrote, in place of its own log.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the commands (.jsonl) or the music (.mid)."),
    ] = None,
    drawn: Annotated[
        bool, typer.Option("--drawn", help="Take what the engine drew from the log; no model is needed.")
    ] = False,
) -> None:
    """Replay a session from its log, and compare.

    The improviser is told again all that it was told, at the very same moments; with the same model and seed
    it gives the same commands, to the bit. The exit code is 1 where they differ, after the first difference.

    \b
    Examples:
      antiphon replay ~/.local/share/antiphon/sessions
      antiphon replay antiphon-2026-11-21-172248.mid --out commands.jsonl
    """
    from antiphon.replay import replay as replaying

    if out is not None:
        replaying.check_the_name(out)
    again = replaying.replayed(load().config, session, drawn)
    for line in replaying.lines_before(again.session):
        print(line)
    for reason in again.reasons:
        print(reason)
    if out is not None:
        replaying.write(again, out)
    verdict = (
        replaying.held_against_itself(again) if against is None else replaying.held_against(again, against)
    )
    for line in verdict.lines:
        print(line)
    raise typer.Exit(0 if verdict.difference is None else 1)


@with_settings("engine.kind", "model", "play.mood", "play.seconds", "play.temperature", "play.seed")
def compose(
    load: Load,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", show_default=False, help="The piece, a .mid or an .abc file."
        ),
    ],
    outputs: Annotated[
        int,
        typer.Option("--outputs", min=1, metavar="N", help="Write N pieces: OUT-1.mid, OUT-2.mid and so on."),
    ] = 1,
    join: Annotated[bool, typer.Option("--join", help="Write all into one file, one after another.")] = False,
    key: Annotated[
        str, typer.Option("--key", metavar="KEY", show_default=False, help="Such as D, F#m or Bb major.")
    ] = "",
    meter: Annotated[
        str,
        typer.Option("--meter", metavar="METER", show_default=False, help="Of an .abc tune, such as 6/8."),
    ] = "",
    midi: Annotated[
        Path | None, typer.Option("--midi", metavar="FILE", help="Write an .abc tune as a .mid file too.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the first file to a .svg or .png.")
    ] = None,
    wav: Annotated[
        bool, typer.Option("--wav", help="Make it sound too, OUT.wav, where FluidSynth is installed.")
    ] = False,
) -> None:
    """Write a piece out of nothing, or out of a mood.

    It plays as it would if it were asked to begin by itself; half a minute, unless --seconds says otherwise.
    With the same seed it writes the same piece again; with --outputs, each further piece takes the next seed.

    \b
    Examples:
      antiphon compose --mood "wonder and a little sad" -o piece.mid
      antiphon compose --mood 0.8,0.5 --key D --outputs 10 --join -o ten.mid
    """
    from antiphon.adapters.engines.models import check_typed_model
    from antiphon.compose import Order
    from antiphon.compose import compose as write_pieces

    loaded = load()
    check_typed_model(loaded)
    order = Order(output, outputs, join, key, meter, midi, plot, wav)
    for path in write_pieces(loaded.config, order):
        print(path)
