"""What a fuzz target is: one way into the daemon, and what is to hold whatever comes in there.

Nothing here knows a fuzzer: a target is examined by the tests as well, with the inputs that one has found.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from antiphon.errors import AntiphonError

LONGEST_LINE = 1500
"""Characters of a line that somebody is told."""


@dataclass(frozen=True, slots=True)
class Target:
    """A way in.

    Attributes:
        examine: takes an input in, and raises whatever is not to happen.
        seeds: good inputs to begin with.
        longest: bytes of an input of normal size.
    """

    examine: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 2048


def is_told(error: AntiphonError) -> None:
    """Check that an error can be shown: in short lines, without anything that steers a terminal."""
    lines = str(error).split("\n")
    assert all(lines), f"an error without words: {error!r}"
    assert all(line.isprintable() for line in lines), f"an error that steers a terminal: {str(error)!r}"
    assert max(map(len, lines)) <= LONGEST_LINE, f"an error without end: {str(error)[:200]!r}"


def written(name: str, content: bytes) -> Path:
    """Write an input where what reads files finds it; one of a name is there at a time."""
    path = _folder() / name
    path.write_bytes(content)
    return path


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="antiphon-fuzzing-")
    _folders.append(folder)
    return Path(folder.name)


_folders: list[tempfile.TemporaryDirectory[str]] = []
"""Removed when the program ends."""
