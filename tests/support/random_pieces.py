"""Pieces that could be music, drawn at random."""

import numpy as np

from antiphon_models.pieces import Piece


def random_piece(seed: int, events: int) -> Piece:
    """Return a piece in which a release is only of what sounds and an onset of what does not."""
    rng = np.random.default_rng(seed)
    sounding: list[int] = []
    drawn: list[tuple[float, int, int]] = []
    for _ in range(events):
        dt = float(rng.exponential(0.2))
        if sounding and rng.random() < 0.2 * len(sounding):
            drawn.append((dt, 0, sounding.pop(int(rng.integers(len(sounding))))))
        else:
            pitch = int(rng.choice([pitch for pitch in range(30, 90) if pitch not in sounding]))
            sounding.append(pitch)
            drawn.append((dt, int(rng.integers(1, 128)), pitch))
    dt_, velocity, pitch_ = zip(*drawn, strict=True)
    return Piece(
        f"random {seed}",
        np.array(dt_, np.float32),
        np.array(velocity, np.uint8),
        np.array(pitch_, np.uint8),
    )
