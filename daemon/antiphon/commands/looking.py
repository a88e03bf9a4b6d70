"""Commands that look at things: at settings, models and the machine.

Each imports what it needs only when it runs. Their docstrings are what ``--help`` shows.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from antiphon import completion
from antiphon.options import Json, Load, with_settings


@with_settings("midi.in", "midi.out", "engine.kind", "model")
def config(
    load: Load,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            show_default=False,
            help="A setting, the last part of its name, or a section; without any, all are shown.",
            autocompletion=completion.settings,
        ),
    ] = None,
    as_json: Json = False,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Print the settings that apply when nobody says otherwise.")
    ] = False,
) -> None:
    """Show settings, what they mean, and where they were set.

    What it prints can be saved as a file of settings. Places that are read, later ones winning:
    /etc/antiphon/antiphon.toml, ~/.config/antiphon/antiphon.toml, the file of --config, variables such as
    ANTIPHON_PLAY__TEMPERATURE, and --set.

    \b
    Examples:
      antiphon config
      antiphon config temperature --set play.temperature=0.8
    """
    from antiphon import listing
    from antiphon.config import defaults as shipped

    loaded = shipped() if defaults else load()
    show = listing.settings_as_json if as_json else listing.settings_as_toml
    print(show(loaded, names or ()))


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
        print(listing.models_as_json(shipped, names()))
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
    from antiphon.adapters.engines.models import check_typed_model
    from antiphon.bench.bench import measure
    from antiphon.bench.listed import as_text

    loaded = load()
    check_typed_model(loaded)
    if plot:
        check_that_it_can_be_drawn(plot)
    measured = measure(loaded.config)
    if plot:
        from antiphon.bench.picture import draw

        draw(plot, measured)
    if as_json:
        import msgspec

        print(json.dumps(msgspec.to_builtins(measured.figures), indent=2))
    else:
        print(as_text(measured.figures))
    raise typer.Exit(measured.exit_code)
