"""The C libraries behind MIDI: loading them, which may fail, and keeping them off the user's terminal.

The only place that imports rtmidi. It is imported late, because it cannot be loaded at all where the ALSA
library is missing, and that must end in a sentence.
"""

import ctypes
from types import ModuleType
from typing import Any, Literal, TypeAlias

from antiphon.adapters.midi.port_names import CLIENT_NAME
from antiphon.errors import PortError

MidiSystem: TypeAlias = Literal["alsa", "jack"]

_ALSA = "libasound.so.2"
_NO_ALSA = f"{_ALSA} is missing; install the package libasound2 (on Debian 13 libasound2t64)"

QUEUE = 4096
"""Messages that rtmidi keeps until they are fetched: four seconds of a DIN cable at full speed."""


class NoMidiSystem(PortError):
    """This machine has no MIDI system, or was asked to do without."""


def load_alsa() -> ctypes.CDLL:
    """Return ALSA's own library.

    Raises:
        PortError: it is missing.
    """
    try:
        return ctypes.CDLL(_ALSA)
    except OSError as error:
        raise PortError(_NO_ALSA) from error


def load_rtmidi() -> ModuleType:
    """Import rtmidi and silence its C libraries.

    Raises:
        NoMidiSystem: it is not installed, or a library that it needs is missing.
    """
    try:
        import rtmidi
        from rtmidi import _rtmidi
    except ImportError as error:
        raise NoMidiSystem(f"no MIDI system here: {_why_not(error)}") from error
    # Looked up through the extension, because its wheel brings a JACK library of its own.
    silence(ctypes.CDLL(_rtmidi.__file__))
    return rtmidi


def _why_not(error: ImportError) -> str:
    if "libasound" in str(error):
        return _NO_ALSA
    if error.name == "rtmidi":
        return "python-rtmidi is not installed; install it with pip, or the package python3-rtmidi"
    return f"python-rtmidi cannot be loaded: {error}"


def silence(library: ctypes.CDLL) -> None:
    """Keep ALSA and JACK from printing to stderr, which they do by themselves.

    JACK also does it minutes later, from its own thread, when its server dies. The libraries' own switches
    are therefore used and not a redirection of file descriptor 2, which would besides swallow what other
    threads write meanwhile.
    """
    # They want a C function that needs no Python; getpid takes anything and does nothing.
    does_nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
    for switch in ("snd_lib_error_set_handler", "jack_set_error_function", "jack_set_info_function"):
        if hasattr(library, switch):
            getattr(library, switch)(does_nothing)


def new_client(direction: Literal["in", "out"], system: MidiSystem, name: str = CLIENT_NAME) -> Any:
    """Return a new rtmidi object, which only its ``delete()`` closes.

    Under JACK this takes 30 to 90 ms, during which no Python runs.

    Raises:
        PortError: the system went away meanwhile.
    """
    rtmidi = load_rtmidi()
    number = {"alsa": rtmidi.API_LINUX_ALSA, "jack": rtmidi.API_UNIX_JACK}[system]
    try:
        if direction == "in":
            client = rtmidi.MidiIn(rtapi=number, name=name, queue_size_limit=QUEUE)
        else:
            client = rtmidi.MidiOut(rtapi=number, name=name)
    except OSError as error:
        raise PortError(f"the MIDI system {system} cannot be opened: {error}") from error
    keep_for_ever(client)
    return client


def keep_for_ever(thing: object) -> None:
    """Never let Python destroy something, not even at the end of the process.

    The destructors of JACK clients ask the server and wait for its answer holding Python's lock: one second
    if it died, for ever if it is frozen. Those of inputs wait for a thread that may itself wait for the lock.
    So they are called by name, with ``delete()``, when that is safe, and else not at all.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
