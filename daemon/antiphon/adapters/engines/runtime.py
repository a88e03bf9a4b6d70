"""The runtime that executes model files, whichever is installed, and how it is kept from chattering."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import IO

from antiphon.errors import ModelError
from antiphon_models.typed import pip_install

CPU = "cpu"
GPU = "gpu"
"""What it can execute them on, besides a delegate, which is called by the path of its library."""

OR_THE_CPU = 'or set engine.accelerator = "cpu"'
"""How a sentence about any other accelerator ends."""


def runtime() -> ModuleType:
    """Return the module of whichever runtime is installed, with its ``Interpreter`` and ``load_delegate``.

    Raises:
        ModelError: none is.
    """
    try:
        from ai_edge_litert import interpreter
    except ImportError:
        try:
            from tflite_runtime import interpreter as older  # 32-bit systems have only this one
        except ImportError as error:
            raise ModelError(
                f"no runtime for model files is installed; run `{pip_install('ai-edge-litert')}`"
            ) from error
        return older
    return interpreter


def runtime_version() -> str:
    """Return the name and version of the runtime, such as ``ai-edge-litert 2.3.0``.

    Raises:
        ModelError: none is installed.
    """
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and seldom asked for

    name = runtime().__name__.partition(".")[0].replace("_", "-")
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:  # a nightly build goes by another name
        return name


@contextmanager
def without_notices() -> Iterator[None]:
    """Keep the runtime's notices from the user's terminal; what else is written meanwhile appears after.

    The runtime announces its delegate on standard error at the first model. The level of that log can be set
    in C++ only, in a library that exports nothing, so there is no other way than the file descriptor.
    """
    written: list[bytes] = []
    try:
        with collected(written):
            yield
    finally:
        for line in written:
            if not line.startswith(b"INFO: "):
                os.write(2, line)


@contextmanager
def collected(written: list[bytes]) -> Iterator[None]:
    """Keep what is written meanwhile from standard error, and add it to ``written`` line by line."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
        terminal = os.dup(2)
    except OSError:  # standard error is closed, and nothing can appear there
        yield
        return
    with _scratch_file() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            kept.seek(0)
            written += kept


def hush_standard_error() -> None:
    """Let nothing more appear on standard error, for good."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _scratch_file() -> IO[bytes]:
    """Return a file in memory where there is such a thing: a Pi's disk may be read-only."""
    if sys.platform == "linux":
        return open(os.memfd_create("notices"), "r+b")
    return tempfile.TemporaryFile()
