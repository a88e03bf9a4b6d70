"""A terminal in which a program runs, with what it writes and what is typed."""

import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fcntl import ioctl
from types import TracebackType

PATIENCE = 60.0
"""Seconds that a terminal is read for before the test gives up on it."""

ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()=>].?)")
"""What steers a terminal, or colours it."""


class Terminal:
    """Runs a program in a terminal of some columns until the context ends."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], columns: int = 80) -> None:
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self.child = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
        )
        os.close(theirs)
        self._read = b""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.kill()
        self.child.wait()
        os.close(self._ours)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def until(self, words: str) -> str:
        """Return all that was written so far, once these words are among it."""
        return self._until(words)

    def until_it_ends(self) -> str:
        """Return all that was written, when the program has ended."""
        text = self._until(None)
        self.child.wait(PATIENCE)
        return text

    def _until(self, words: str | None) -> str:
        patience = time.monotonic() + PATIENCE
        while words is None or words not in self._text():
            left = patience - time.monotonic()
            assert select.select([self._ours], [], [], max(left, 0.0))[0], (
                f"{words!r} is not in {self._text()}"
            )
            data = b""
            with suppress(OSError):  # nobody has the other end any more
                data = os.read(self._ours, 65536)
            if not data:
                assert words is None, f"{words!r} is not in {self._text()}"
                break
            self._read += data
        return self._text()

    def _text(self) -> str:
        return self._read.decode(errors="replace").replace("\r\n", "\n")
