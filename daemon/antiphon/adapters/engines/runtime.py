"""The runtime that executes model files, whichever is installed, and how it is kept from chattering."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from antiphon.errors import ModelError


def load_runtime() -> Any:
    """Return the interpreter class of whichever runtime is installed.

    Raises:
        ModelError: none is.
    """
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter  # 32-bit systems have only this one
        except ImportError as error:
            raise ModelError(
                "no runtime for model files is installed; run `pip install ai-edge-litert`"
            ) from error
    return Interpreter


@contextmanager
def without_notices() -> Iterator[None]:
    """Keep the runtime's notices from the user's terminal; what else is written meanwhile appears after.

    The runtime announces its delegate on standard error at the first model. The level of that log can be set
    in C++ only, in a library that exports nothing, so there is no other way than the file descriptor.
    """
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
            for line in kept:
                if not line.startswith(b"INFO: "):
                    os.write(2, line)


def _scratch_file() -> IO[bytes]:
    """Return a file in memory where there is such a thing: a Pi's disk may be read-only."""
    if sys.platform == "linux":
        return open(os.memfd_create("notices"), "r+b")
    return tempfile.TemporaryFile()
