"""The commands of the daemon: options in, tables and sentences out.

Each imports what it needs only when it runs, so that ``antiphon --help`` answers at once on a small machine.
Their docstrings are what ``--help`` shows. This module knows nothing of music.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antiphon import completion
from antiphon.options import Load, with_settings

if TYPE_CHECKING:
    from antiphon.adapters.check_up import Examine, Standing
    from antiphon.findings import Finding

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


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

    app.run(load(), load, examined_with(load))


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

    app.jam(load(), examined_with(load))


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
    from antiphon.respond import respond as respond_to

    for path in respond_to(load().config, question, answer, outputs, plot, with_input):
        print(path)


@with_settings("model")
def replay(
    load: Load,
    session: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION", show_default=False, help="A session log, or the recording beside it."
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
    Example:
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
    from antiphon.compose import Order
    from antiphon.compose import compose as write_pieces

    order = Order(output, outputs, join, key, meter, midi, plot, wav)
    for path in write_pieces(load().config, order):
        print(path)


@with_settings("midi.in", "midi.out", "engine.kind", "model")
def config(
    load: Load,
    as_json: Json = False,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Print the settings that apply when nobody says otherwise.")
    ] = False,
) -> None:
    """Show every setting, its meaning, and where it was set.

    What it prints can be saved as a file of settings. Places that are read, later ones winning:
    /etc/antiphon/antiphon.toml, ~/.config/antiphon/antiphon.toml, the file of --config, variables such as
    ANTIPHON_PLAY__TEMPERATURE, and --set.

    \b
    Example:
      antiphon config --set play.temperature=0.8
    """
    from antiphon import listing
    from antiphon.config import defaults as shipped

    loaded = shipped() if defaults else load()
    show = listing.settings_as_json if as_json else listing.settings_as_toml
    print(show(loaded))


@with_settings("midi.in", "midi.out")
def ports(load: Load, as_json: Json = False) -> None:
    """List keyboards and instruments, and what `run` would take.

    Use any of the names with --in and --out, or a part of one with * for the rest. The names stay the same
    when a cable is plugged in again.

    \b
    Example:
      antiphon ports --in 'Keystation*'
    """
    from antiphon import listing
    from antiphon.adapters.midi.system import list_all_ports

    midi = load().config.midi
    system, there = list_all_ports(midi)
    inputs = listing.side("inputs", midi.in_, there.inputs, "in")
    outputs = listing.side("outputs", midi.out, there.outputs, "out")
    show = listing.ports_as_json if as_json else listing.ports_as_text
    print(show(system, inputs, outputs))


@with_settings("midi.in", "midi.out")
def learn(
    load: Load,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            show_default=False,
            help="A setting, or hold, panic, trigger or save.",
            autocompletion=completion.what_controls_do,
        ),
    ],
) -> None:
    """Move a knob, a pedal or a key to say what it does.

    From then on it does that and is heard as music no longer. It is kept in your file of settings; a daemon
    that runs already follows it when it reads that again: systemctl reload antiphon, or SIGHUP.

    \b
    Example:
      antiphon learn play.temperature
    """
    from antiphon.adapters.controls import teaching

    loaded = load()
    learnt = teaching.learn(loaded, what, lambda: print(f"move the control that is to be {what}", flush=True))
    print(f'"{learnt.source}" is {learnt.target} from now on, in {teaching.path_of(loaded)}')


@with_settings()
def unlearn(
    load: Load,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            show_default=False,
            help="What controls are to do no longer.",
            autocompletion=completion.what_controls_do,
        ),
    ],
) -> None:
    """Free the knob or the key that does something.

    \b
    Example:
      antiphon unlearn play.temperature
    """
    from antiphon.adapters.controls import teaching

    loaded = load()
    freed = " and ".join(f'"{source}"' for source in teaching.unlearn(loaded, what))
    print(f"{freed} is bound to {what} no more, in {teaching.path_of(loaded)}")


@with_settings("midi.in", "midi.out")
def calibrate(
    load: Load,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what was measured, and keep nothing.")
    ] = False,
    repeats: Annotated[
        int, typer.Option("--repeats", min=2, max=50, metavar="N", help="How often each velocity is played.")
    ] = 5,
) -> None:
    """Measure how late an instrument with hammers sounds.

    It plays single notes on --out, soft and loud, and listens on --in when they come back: by the keys that
    the instrument sends, or by a microphone with a box that makes MIDI of what it hears. It takes half a
    minute, and keeps actuator.latency and actuator.release in your file of settings.

    \b
    Example:
      antiphon calibrate --out 'Disklavier*' --in 'Disklavier*'
    """
    from antiphon.adapters.calibration import calibrate as measured

    for line in measured(load(), keeps=not dry_run, repeats=repeats):
        print(line, flush=True)


@with_settings("midi.out")
def panic(load: Load, as_json: Json = False) -> None:
    """Silence an instrument on which notes hang.

    Releases every note and lifts the pedal on all 16 channels of the instrument that plays the answers, and
    then of those of further partners; it takes about two seconds for each, which is what a MIDI cable needs.

    \b
    Example:
      antiphon panic --out 'FLUID*'
    """
    from antiphon.adapters.midi.panic import panic as silence
    from antiphon.errors import PortError

    loaded = load()
    errors: list[PortError] = []
    of_all = [each.config.midi for each in (loaded, *loaded.partners.values())]
    for api, out in dict.fromkeys((midi.api, midi.out) for midi in of_all):
        if api == "none":
            # A service without MIDI is stopped by way of here as well.
            print(
                json.dumps({"silenced": None}) if as_json else "midi.api is none: there is nothing to silence"
            )
            continue
        try:
            port = silence(api, out)
        except PortError as error:
            errors.append(error)
        else:
            print(json.dumps({"silenced": port}) if as_json else f"every note on {port} is released")
    if errors:
        raise PortError("\n".join(map(str, errors)))


def models(as_json: Json = False) -> None:
    """List the models that came with Antiphon.

    It says what they learnt from, and how well: by how many bits an unheard event of real music, a note
    struck or let go, still surprises the model. Less is better. Engines that other packages have added to
    this installation follow, where there are any.

    \b
    Example:
      antiphon models
    """
    from antiphon import listing
    from antiphon.adapters.engines.models import shipped_models
    from antiphon.guests import names

    shipped = shipped_models()
    if as_json:
        print(listing.models_as_json(shipped))
    else:
        print("\n\n".join(filter(None, (listing.models_as_table(shipped), listing.guests_as_text(names())))))


@with_settings("midi.in", "midi.out", "engine.kind", "model")
def doctor(load: Load, as_json: Json = False) -> None:
    """Say how well this machine can play, and what it lacks.

    It looks at the ports and the model that `run` would take, and tries what the network can run on here: how
    long a step takes, next to the bare graph on one core of the CPU. The exit code is 0 where it can play,
    else that of what is missing.

    \b
    Example:
      antiphon doctor
    """
    from antiphon import findings
    from antiphon.doctor.examination import examine

    found: list[findings.Finding] = []
    for finding in examine(load):
        found.append(finding)
        if not as_json:
            print(findings.as_text(finding), flush=True)
    if as_json:
        print(findings.as_json(found))
    raise typer.Exit(findings.exit_code(found))


@with_settings("engine.kind", "model")
def bench(
    load: Load,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw how it is spread to a .svg or .png file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how fast and how punctual it is on this machine.

    It measures what the engine takes for an event, then starts a daemon between ports of its own and plays
    five phrases to it: about 50 seconds, in which the machine is best left alone. Where there is no MIDI
    system it measures the engine only, says so, and ends with exit code 3; with --set midi.api=none that is
    what was asked for.

    \b
    Example:
      antiphon bench --plot bench.svg
    """
    from antiphon.adapters.drawing import check_that_it_can_be_drawn
    from antiphon.bench.bench import measure
    from antiphon.bench.listed import as_text

    if plot:
        check_that_it_can_be_drawn(plot)
    measured = measure(load().config)
    if plot:
        from antiphon.bench.picture import draw

        draw(plot, measured)
    if as_json:
        import msgspec

        print(json.dumps(msgspec.to_builtins(measured.figures), indent=2))
    else:
        print(as_text(measured.figures))
    raise typer.Exit(measured.exit_code)


BUILT_IN: tuple[Callable[..., None], ...] = (
    run,
    demo,
    respond,
    replay,
    compose,
    ports,
    panic,
    learn,
    unlearn,
    calibrate,
    config,
    models,
    doctor,
    bench,
)
