"""What TensorFlow's converter says of itself on standard error, and nobody wants to read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from antiphon.adapters.engines.runtime import collected

NOTICES = (b"INFO: ", b"fully_quantize: ")
"""How the lines begin, which are written in C++ and to the file descriptor."""


@contextmanager
def converting_quietly() -> Iterator[None]:
    """Keep the notices from the user's terminal; what else is written meanwhile appears after."""
    written: list[bytes] = []
    try:
        with collected(written):
            yield
    finally:
        for line in written:
            if not line.startswith(NOTICES):
                os.write(2, line)
