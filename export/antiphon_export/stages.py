"""What a long command is at, and how far: told to whoever shows it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[int, int], None]
Stage = Callable[[str], AbstractContextManager[Progress]]
"""Announces what is done next, and takes how far it is, of how far."""


@contextmanager
def unseen(_: str) -> Iterator[Progress]:
    """Announce nothing."""
    yield lambda done, of: None
