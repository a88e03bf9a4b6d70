"""What a long command is at, and how far: told to whoever shows it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[int, int], None]
"""Told how far something is, of how far."""

Stage = Callable[[str], AbstractContextManager[Progress]]
"""Announces what is done next, and takes how far it is."""


def unseen(done: int, of: int) -> None:
    """Show nothing of how far it is."""


def on_the_terminal() -> Stage:
    """Return what shows a bar for each stage, where somebody is looking; needs what training needs."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)

    @contextmanager
    def stage(name: str) -> Iterator[Progress]:
        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        left = TimeRemainingColumn()
        with Bar(*columns, left, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(name, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)

    return stage
