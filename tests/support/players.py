"""Players whose style a test knows: made of a few figures that they come back to. And any event at all."""

import random
from collections.abc import Iterator

from hypothesis import strategies as st

from antiphon_models import vocab

Event = tuple[int, int, int]

events = st.tuples(
    st.integers(0, vocab.DT_BINS - 1),
    st.integers(0, vocab.VELOCITY_CLASSES - 1),
    st.integers(0, vocab.PITCHES - 1),
)
"""Any event at all."""


def a_minute_of(seed: int, seconds: float = 60.0) -> list[Event]:
    """Return events of somebody who plays three figures of their own over and over, in their own tempo."""
    drawn = random.Random(seed)
    figures = [
        [drawn.choice((0, 2, 3, 5, 7, 8, 10, 12)) for _ in range(drawn.randrange(4, 8))] for _ in range(3)
    ]
    beat, home, loudness = drawn.uniform(0.15, 0.4), drawn.randrange(48, 66), drawn.randrange(12, 26)
    return list(_played(drawn, figures, beat, home, loudness, seconds))


def _played(
    drawn: random.Random, figures: list[list[int]], beat: float, home: int, loudness: int, seconds: float
) -> Iterator[Event]:
    elapsed, before = 0.0, None
    while elapsed < seconds:
        for degree in drawn.choice(figures):
            held = drawn.choice((0.8, 0.9)) * beat
            rest = 0.0 if before is None else beat - before
            yield vocab.dt_bin(rest), loudness + drawn.choice((-1, 0, 0, 1)), home + degree
            yield vocab.dt_bin(held), vocab.RELEASE, home + degree
            elapsed, before = elapsed + beat, held
