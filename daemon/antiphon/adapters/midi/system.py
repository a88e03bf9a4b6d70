"""Which MIDI system this machine has, and the ports that it knows."""

import os
from collections.abc import Callable

from antiphon.adapters.midi.alsa_cables import AlsaCables
from antiphon.adapters.midi.connection import Cables, Direction
from antiphon.adapters.midi.jack_cables import JackCables
from antiphon.adapters.midi.jack_client import jack_server_name, jack_server_runs
from antiphon.adapters.midi.libraries import MidiSystem, NoMidiSystem, load_rtmidi
from antiphon.adapters.midi.port_names import SERIAL, Ports, is_serial, worth_listing
from antiphon.adapters.midi.serial_cables import USUAL, SerialCables, serial_names
from antiphon.errors import PortError
from antiphon.settings import Midi

ALSA_SEQUENCER = "/dev/snd/seq"


def find_system(api: str) -> MidiSystem:
    """Return the MIDI system to use.

    rtmidi is never left to choose: it takes ALSA even where ALSA cannot be opened.

    Args:
        api: `auto` takes ALSA if its sequencer can be opened, else JACK if a server runs; `alsa` and `jack`
            take nothing else; `none` takes none.

    Raises:
        NoMidiSystem: there is none (`auto`), or none is wanted (`none`).
        PortError: the one that was asked for by name is not there.
    """
    no_alsa = _why_not_alsa(api)
    if no_alsa and not jack_server_runs():
        raise _no_jack_server(api, no_alsa)
    return "jack" if no_alsa else "alsa"


def needed_system(midi: Midi) -> str:
    """Return the MIDI system that these ports need, or `serial` where both of them are serial lines.

    Raises:
        NoMidiSystem: as in :func:`find_system`.
        PortError: as in :func:`find_system`.
    """
    return "serial" if is_serial(midi.in_) and is_serial(midi.out) else find_system(midi.api)


def open_both(midi: Midi, on_trouble: Callable[[], None]) -> dict[Direction, Cables]:
    """Return what plugs into the port of each direction: the same for both, unless a serial line is one.

    Args:
        midi: which ports.
        on_trouble: called from any thread when something may have vanished.

    Raises:
        NoMidiSystem: as in :func:`find_system`.
        PortError: as in :func:`find_system`.
    """
    heard = open_for(midi.in_, midi.api, on_trouble)
    of_one_system = not is_serial(midi.in_) and not is_serial(midi.out)
    return {"in": heard, "out": heard if of_one_system else open_for(midi.out, midi.api, on_trouble)}


def open_for(pattern: str, api: str, on_trouble: Callable[[], None]) -> Cables:
    """Return what plugs into the ports that a pattern means.

    Args:
        pattern: as ``midi.in`` and ``midi.out``.
        api: as in :func:`find_system`.
        on_trouble: called from any thread when something may have vanished.

    Raises:
        NoMidiSystem: as in :func:`find_system`.
        PortError: as in :func:`find_system`.
    """
    return SerialCables(pattern, on_trouble) if is_serial(pattern) else open_system(api, on_trouble)


def open_system(api: str, on_trouble: Callable[[], None]) -> Cables:
    """Return what plugs into the ports of the MIDI system to use.

    Under JACK this saves the client that :func:`find_system` opens to see that a server runs, and with it
    two of the server's cycles and more.

    Args:
        api: as in :func:`find_system`.
        on_trouble: called from any thread when something may have vanished.

    Raises:
        NoMidiSystem: as in :func:`find_system`.
        PortError: as in :func:`find_system`.
    """
    no_alsa = _why_not_alsa(api)
    if not no_alsa:
        return AlsaCables()
    try:
        return JackCables(on_trouble)
    except PortError as error:
        raise _no_jack_server(api, no_alsa) from error


def _why_not_alsa(api: str) -> str:
    """Say why ALSA is not used; nothing where it is."""
    if api == "none":
        raise NoMidiSystem(
            "midi.api = none switches MIDI off; set it to auto, alsa or jack, or open a page by web.port"
        )
    load_rtmidi()
    if api == "jack":
        return "midi.api = jack"
    trouble = _trouble_with_alsa()
    if trouble and api == "alsa":
        raise PortError(f"ALSA cannot be used: {trouble}")
    return trouble


def _no_jack_server(api: str, no_alsa: str) -> PortError:
    if api == "jack":
        return PortError(
            f'no JACK server named "{jack_server_name()}" runs; start one, or use midi.api = auto'
        )
    return NoMidiSystem(f"no MIDI system here: {no_alsa}, and no JACK server runs")


def _trouble_with_alsa() -> str:
    """Say why the sequencer cannot be opened; nothing if it can. The kernel loads it when it is opened."""
    # Its file may be there without it, so only opening it tells.
    try:
        os.close(os.open(ALSA_SEQUENCER, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
    except FileNotFoundError:
        return f"{ALSA_SEQUENCER} does not exist (load it with modprobe snd-seq)"
    except PermissionError:
        return f"{ALSA_SEQUENCER} may not be opened (add the user to the group audio)"
    except OSError as error:
        return f"{ALSA_SEQUENCER} cannot be opened: {error.strerror} (load it with modprobe snd-seq)"
    return ""


def full_system_name(system: str) -> str:
    """Return a name that tells apart systems which may have ports of the same name."""
    return f"jack/{jack_server_name()}" if system == "jack" else system


def list_ports(api: str) -> Ports:
    """Return the names of all ports but our own.

    Args:
        api: as in :func:`find_system`.

    Raises:
        PortError: as in :func:`find_system`.
    """
    cables = open_system(api, on_trouble=lambda: None)
    try:
        return Ports(worth_listing(cables.names("in")), worth_listing(cables.names("out")))
    finally:
        cables.close()


def list_all_ports(midi: Midi) -> tuple[str, Ports]:
    """Return the MIDI system that `run` would take, and the names of all ports, those of serial lines last.

    Raises:
        PortError: as in :func:`find_system`.
    """
    system = needed_system(midi)
    named = [pattern.removeprefix(SERIAL) for pattern in (midi.in_, midi.out) if is_serial(pattern)]
    lines = serial_names((*USUAL, *named))
    there = Ports((), ()) if system == "serial" else list_ports(midi.api)
    return system, Ports(inputs=there.inputs + lines, outputs=there.outputs + lines)
