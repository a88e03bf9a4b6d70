"""The music on which a model is measured, and the music from which the baselines beside it learn.

A folder of notes, as `antiphon prepare` leaves it, is taken as it is. A folder of music is read into memory:
what cannot be read, or is there twice note for note, is left out and counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from antiphon_models.errors import TrainingError
from antiphon_models.notes.dataset import MANIFEST, Dataset
from antiphon_models.notes.ledger import NAME as LEDGER
from antiphon_models.notes.pieces import Piece
from antiphon_models.notes.reading import Refused, read_file, title
from antiphon_models.notes.sources import sources
from antiphon_models.notes.splits import (
    SPLITS,
    Split,
    content_digest,
    drawn_split,
    held_out_after_all,
    keys_digest,
)
from antiphon_models.stages import Progress, unseen

Portion: TypeAlias = Literal["valid", "test", "all"]

FEWEST_EVENTS = 2
"""The first event of a piece is given, so a piece of one says nothing."""


class MaterialError(TrainingError):
    """There is no music of the kind that was asked for."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is measured on what.

    Attributes:
        folder: that the user named.
        portion: of it.
        measured: the pieces of the portion.
        continued: the pieces that may be continued, those of the test split where there is one.
        continued_from: the portion that they are of.
        left_out: how many files or tunes of a folder of music could not be read, by reason.
        learnt: the music that the model and the baselines may have learnt from; None where that is not known.
    """

    folder: Path
    portion: Portion
    measured: Sequence[Piece]
    continued: Sequence[Piece]
    continued_from: Portion
    learnt: Sequence[Piece] | None
    left_out: Mapping[str, int]


def opened(
    folder: Path,
    portion: Portion | None = None,
    train: Path | None = None,
    progress: Progress = unseen,
) -> Material:
    """Open the music of a folder.

    Args:
        folder: of notes, or of music.
        portion: None for the valid split of a folder of notes, and for all of a folder of music.
        train: a folder of notes or of music, whose train split was learnt from.
        progress: told how many files have been read, of how many.

    Raises:
        TrainingError: a folder is missing, damaged, or holds nothing of what was asked for.
    """
    chosen = portion or ("valid" if _is_prepared(folder) else "all")
    read = _read(folder, progress)
    measured = _measured(read.pieces, folder, chosen)
    learnt: Sequence[Piece] | None = None
    if train is not None:
        learnt = _read(train, progress).pieces["train"]
        if not learnt:
            raise MaterialError(f"{train} has no train split; name a folder of notes with --train")
    elif chosen != "all":
        learnt = read.pieces["train"] or None
    test = read.pieces["test"]
    is_tested = bool(test) and chosen != "all"
    return Material(
        folder,
        chosen,
        measured,
        continued=test if is_tested else measured,
        continued_from="test" if is_tested else chosen,
        learnt=learnt,
        left_out=read.left_out,
    )


def _measured(pieces: Mapping[Split, Sequence[Piece]], folder: Path, portion: Portion) -> Sequence[Piece]:
    splits: Sequence[Split] = SPLITS if portion == "all" else [portion]
    measured = [piece for split in splits for piece in pieces[split] if len(piece) >= FEWEST_EVENTS]
    if not measured:
        raise MaterialError(f"{folder} has no piece in its {portion} split; try --split all")
    return measured


def _is_prepared(folder: Path) -> bool:
    """Tell a folder of notes, also one that is not finished, from a folder of music."""
    return (folder / MANIFEST).exists() or (folder / LEDGER).exists()


class _Read(NamedTuple):
    """The pieces of a folder by split, and how many files or tunes are none, by reason."""

    pieces: Mapping[Split, Sequence[Piece]]
    left_out: Mapping[str, int]


def _read(folder: Path, progress: Progress) -> _Read:
    if not _is_prepared(folder):
        return _read_music(folder, progress)
    dataset = Dataset.open(folder)
    return _Read({split: dataset.pieces(split) for split in SPLITS}, {})


def _read_music(folder: Path, progress: Progress) -> _Read:
    found: list[tuple[Split | None, Piece]] = []
    left_out: Counter[str] = Counter()
    seen: set[bytes] = set()
    files = list(sources(folder))
    for done, source in enumerate(files, start=1):
        for outcome in [Refused(source.refusal)] if source.refusal else read_file(source.path):
            if isinstance(outcome, Refused):
                left_out[outcome.reason] += 1
            elif (content := content_digest(outcome.piece)) not in seen:
                seen.add(content)
                found.append((source.listed, replace(outcome.piece, name=title(source.name, outcome.tune))))
        progress(done, len(files))
    if not seen:
        reasons = f"; the first: {next(iter(left_out))}" if left_out else ""
        raise MaterialError(f"{folder} holds no music that can be read{reasons}; name a folder of .mid files")
    return _Read(_in_splits(found), left_out)


def _in_splits(found: Sequence[tuple[Split | None, Piece]]) -> dict[Split, list[Piece]]:
    """Return pieces in the splits that their lists, or else their notes, give them."""
    is_listed = any(listed for listed, _ in found)
    held_out = None if is_listed else held_out_after_all(keys_digest(piece) for _, piece in found)
    pieces: dict[Split, list[Piece]] = {split: [] for split in SPLITS}
    for listed, piece in found:
        keys = keys_digest(piece)
        pieces[listed or ("valid" if keys == held_out else drawn_split(keys))].append(piece)
    return pieces
