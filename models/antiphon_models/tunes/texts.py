"""The text of a folder: what a network of characters learns from, and what is held out from it.

Tunes in ABC notation are taken one by one, in one spelling. Any other file is one long text, of which the
last tenth is held out. A ``splits.json`` in the folder says what of it is learnt from; otherwise tunes are
drawn as pieces are, by what they are.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from antiphon_models.errors import CorpusError, reason
from antiphon_models.notes.abc_tunes import has_one_voice, tunes_of
from antiphon_models.notes.splits import LISTS, Lists, Split, drawn_split
from antiphon_models.tunes.spelling import SpellingError, spelt

ABC = ".abc"
SUFFIXES = frozenset({ABC, ".txt", ".text", ".md"})

VALID_FROM, TEST_FROM = 0.90, 0.95
"""Where in a long text the parts begin that are held out."""

FEWEST_CHARACTERS = 2


@dataclass(frozen=True, slots=True)
class Texts:
    """What a folder holds, by split.

    Attributes:
        train, valid, test: the texts of each; tunes in ABC are one each.
        are_tunes: whether all of them are tunes in our spelling.
        left_out: by the reason why, how many tunes or files.
    """

    train: list[str] = field(default_factory=list)
    valid: list[str] = field(default_factory=list)
    test: list[str] = field(default_factory=list)
    are_tunes: bool = True
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def alphabet(self) -> str:
        """Return all characters of all splits in their order, each once."""
        return "".join(sorted(set().union(*self.train, *self.valid, *self.test)))

    @property
    def fingerprint(self) -> str:
        """Return the same for the same texts in the same splits."""
        hashed = hashlib.blake2b(digest_size=16)
        for split in (self.train, self.valid, self.test):
            for text in split:
                hashed.update(hashlib.blake2b(text.encode()).digest())
            hashed.update(b"|")
        return hashed.hexdigest()


def texts_of(folder: Path) -> Texts:
    """Read all text below a folder.

    Raises:
        CorpusError: there is no such folder, no text in it, nothing to learn from, or one character only.
    """
    if not folder.is_dir():
        raise CorpusError(f"there is no folder {folder}; name one that holds .abc or .txt files")
    lists = Lists.read(folder / LISTS) if (folder / LISTS).is_file() else None
    splits: dict[Split, list[str]] = {"train": [], "valid": [], "test": []}
    left_out: dict[str, int] = {}
    are_tunes = True
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES):
        listed = lists.find(path) if lists else None
        if lists and listed is None:
            continue
        is_abc = path.suffix.lower() == ABC
        are_tunes &= is_abc
        parts = _tunes(path, listed, left_out) if is_abc else _passages(path, listed)
        for split, text in parts:
            splits[split].append(text)
    texts = Texts(**splits, are_tunes=are_tunes, left_out=left_out)
    _check(texts, folder)
    return texts


def _tunes(path: Path, listed: Split | None, left_out: dict[str, int]) -> Iterator[tuple[Split, str]]:
    for tune in tunes_of(_read(path)):
        try:
            if not has_one_voice(tune):
                raise SpellingError("several voices")
            text = spelt(tune.decode("utf-8", "replace"))
        except SpellingError as error:
            kind = str(error).partition(":")[0]
            left_out[kind] = left_out.get(kind, 0) + 1
            continue
        drawn = drawn_split(hashlib.blake2b(text.encode(), digest_size=16).digest())
        yield listed or drawn, text


def _passages(path: Path, listed: Split | None) -> Iterator[tuple[Split, str]]:
    text = _read(path).decode("utf-8", "replace").replace("\r\n", "\n")
    if listed:
        yield listed, text
        return
    valid, test = (round(len(text) * share) for share in (VALID_FROM, TEST_FROM))
    yield "train", text[:valid]
    yield "valid", text[valid:test]
    yield "test", text[test:]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {reason(error)}") from error


def _check(texts: Texts, folder: Path) -> None:
    if not any(texts.train):
        raise CorpusError(f"{folder} holds no text to learn from; add tunes in .abc files, or any .txt file")
    alphabet = texts.alphabet
    if len(alphabet) < FEWEST_CHARACTERS:
        raise CorpusError(f"all text in {folder} is the character {alphabet!r} over and over; add other text")
