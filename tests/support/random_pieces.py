"""Pieces that could be music, drawn at random."""

from typing import Any

import numpy as np
import numpy.typing as npt

from antiphon_models.notes.pieces import Piece


def random_piece(seed: int, events: int, has_parts: bool = False, is_gridded: bool = False) -> Piece:
    """Return a piece in which a release is only of what sounds and an onset of what does not.

    Where it has parts, a release is of the part that struck the note.
    """
    rng = np.random.default_rng(seed)
    sounding: list[tuple[int, int]] = []
    drawn: list[tuple[float, int, int, int]] = []
    for _ in range(events):
        dt = float(rng.exponential(0.2))
        if sounding and rng.random() < 0.2 * len(sounding):
            drawn.append((dt, 0, *sounding.pop(int(rng.integers(len(sounding))))))
        else:
            silent = set(range(30, 90)) - {pitch for pitch, _ in sounding}
            note = int(rng.choice(sorted(silent))), int(rng.integers(1, 3)) if has_parts else 0
            sounding.append(note)
            drawn.append((dt, int(rng.integers(1, 128)), *note))
    dt_, velocity, pitch, part = zip(*drawn, strict=True)
    return Piece(
        f"random {seed}",
        np.array(dt_, np.float32),
        np.array(velocity, np.uint8),
        np.array(pitch, np.uint8),
        np.array(part, np.uint8),
        is_gridded,
    )


def with_another_end(piece: Piece, other: Piece, cut: int) -> Piece:
    """Return the first events of a piece, as many as ``cut``, and then the rest of another."""

    def joined(field: str) -> npt.NDArray[Any]:
        return np.append(getattr(piece, field)[:cut], getattr(other, field)[cut:])

    fields = joined("dt"), joined("velocity"), joined("pitch"), joined("part")
    return Piece("joined", *fields, piece.is_gridded)
