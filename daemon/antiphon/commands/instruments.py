"""Commands for keyboards and instruments: which there are, what a knob does, how late a hammer is.

Each imports what it needs only when it runs. Their docstrings are what ``--help`` shows.
"""

import json
from typing import Annotated

import typer

from antiphon import completion
from antiphon.options import Json, Load, with_settings


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
