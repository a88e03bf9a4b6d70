"""Which files of a folder are to be read: music by its suffix, under the lists that govern it.

A ``splits.json`` in the folder that was named, or below it, says what belongs to its corpus: files that it
does not name are left out, as they may be another form of what it holds out. One further up only places the
files that it names. Symbolic links to folders are not followed, hidden files and folders are passed over.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from antiphon_models.errors import CorpusError
from antiphon_models.notes.reading import SUFFIXES, UNOPENED
from antiphon_models.notes.splits import LISTS, Lists, Split

UNLISTED = f"not named by the {LISTS} above it"
MISSING = f"named by {LISTS}, but not there"
CLOSED = "a folder that cannot be opened"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or what stands for one that is not there.

    Attributes:
        path: absolute, as bytes, because a name need not be text.
        name: what it is called to people: its path from the folder that was named.
        size, changed_at: bytes, and nanoseconds since 1970; another file if either is another.
        listed: the split that a list puts it into.
        refusal: why it is not to be read.
    """

    path: bytes
    name: str
    size: int = 0
    changed_at: int = 0
    listed: Split | None = None
    refusal: str | None = None


def sources(folder: Path) -> Iterator[Source]:
    """Yield the music below a folder, in the order of the names.

    Raises:
        CorpusError: there is no such folder; later, a ``splits.json`` in it is not of the form.
    """
    if not folder.is_dir():
        raise CorpusError(f"there is no folder {folder}; name one that holds .mid, .midi or .abc files")
    root = folder.resolve()
    return _Walk(root, _lists_above(root)).below(root, None)


@dataclass(frozen=True, slots=True)
class _Walk:
    root: Path
    above: Lists | None

    def below(self, folder: Path, lists: Lists | None) -> Iterator[Source]:
        if (folder / LISTS).is_file():
            lists = Lists.read(folder / LISTS)
            for path in lists.missing():
                yield Source(os.fsencode(path), self.name(path), refusal=MISSING)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError:
            yield Source(os.fsencode(folder), self.name(folder), refusal=CLOSED)
            return
        for entry in entries:
            if not entry.name.startswith("."):
                yield from self._within(entry, folder / entry.name, lists)

    def _within(self, entry: os.DirEntry[str], path: Path, lists: Lists | None) -> Iterator[Source]:
        if entry.is_dir(follow_symlinks=False):
            yield from self.below(path, lists)
        elif path.suffix.lower() in SUFFIXES:
            try:
                if entry.is_file():
                    yield self.source(path, entry.stat(), lists)
            except OSError:  # A link into nowhere, or a file that has just been removed.
                yield Source(os.fsencode(path), self.name(path), refusal=UNOPENED)

    def source(self, path: Path, facts: os.stat_result, lists: Lists | None) -> Source:
        listed = lists or self.above
        split = listed.find(path) if listed else None
        refusal = UNLISTED if lists and split is None else None
        return Source(os.fsencode(path), self.name(path), facts.st_size, facts.st_mtime_ns, split, refusal)

    def name(self, path: Path) -> str:
        """Return the path from the folder that was named, in which anything unprintable is replaced."""
        name = os.fsencode(os.path.relpath(path, self.root.parent)).decode("utf-8", "replace")
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _lists_above(folder: Path) -> Lists | None:
    """Return the nearest lists further up that are of the form; others there are none of our business."""
    for parent in folder.parents:
        try:
            if (parent / LISTS).is_file():
                return Lists.read(parent / LISTS)
        except (OSError, CorpusError):
            continue
    return None
