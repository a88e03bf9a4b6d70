"""Markdown, as far as the pages need it that are made of what the code says."""

from collections.abc import Iterable, Iterator


def table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table; a bar within a cell has to be escaped by whoever writes it."""
    for cells in (heading, ("---",) * len(heading), *rows):
        yield f"| {' | '.join(cells)} |"
