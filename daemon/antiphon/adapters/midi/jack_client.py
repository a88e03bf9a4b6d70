"""Connecting to a JACK server, and what Python must be spared of libjack's threads."""

import ctypes
import logging
import os
from types import ModuleType
from typing import Any

from antiphon.adapters.midi.libraries import keep_for_ever, silence
from antiphon.adapters.midi.port_names import CLIENT_NAME
from antiphon.errors import PortError

logger = logging.getLogger(__name__)

_LIBRARY = "libjack.so.0"

_PTHREAD_CANCEL_DISABLE = 1
"""From <pthread.h> of glibc and musl."""


def jack_server_name() -> str:
    """Return the name of the JACK server that clients of this process connect to."""
    return os.environ.get("JACK_DEFAULT_SERVER", "default")


def jack_server_runs() -> bool:
    """Tell whether a JACK server can be connected to. Never starts one; takes about 20 ms."""
    try:
        open_client(f"{CLIENT_NAME}-probe").close()
    except PortError as error:
        logger.debug("%s", error)
        return False
    return True


def _load_jack() -> ModuleType:
    # Two things can be missing: the Python package, and the C library, which is an OSError at import.
    try:
        import jack
    except (ImportError, OSError) as error:
        raise PortError("the JACK library cannot be loaded; install the package libjack-jackd2-0") from error
    silence(ctypes.CDLL(_LIBRARY))
    return jack


def open_client(name: str) -> Any:
    """Return a client of the server, which is never started for that.

    Where the former server has died, libjack first closes the clients that this process had there, and kills
    their threads: see :func:`outlive_the_server`.

    Raises:
        PortError: no server runs, or there is no JACK here.
    """
    jack = _load_jack()
    try:
        client = _admitted_client(jack, name)
    except jack.JackOpenError as error:
        message = (
            f'no JACK server "{jack_server_name()}" can be connected to; start one or use midi.api = auto'
        )
        raise PortError(message) from error
    keep_for_ever(client)
    return client


def _admitted_client(jack: ModuleType, name: str) -> Any:
    try:
        return jack.Client(name, no_start_server=True)
    except jack.JackOpenError as error:
        if not error.status.server_error:
            raise
        # Once in a while a server refuses a client while another one is dying; there is a server, though.
        return jack.Client(name, no_start_server=True)


def outlive_the_server() -> None:
    """Let libjack's thread that tells of the end of its server, and calls this, run to its own end.

    libjack kills it as soon as a client of another server is opened. A thread that is killed on its way to
    Python's lock takes that along, and nobody gets it any more. After this libjack waits for the thread.
    """
    ctypes.PyDLL(None).pthread_setcancelstate(_PTHREAD_CANCEL_DISABLE, None)  # holding Python's lock
