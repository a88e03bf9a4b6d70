"""How a model is trained, in one frozen value, and the learning rate that follows from it.

The rate rises over a short warm-up and falls linearly to nothing as the run nears its end, by steps or by
minutes, whichever comes first, so that a run on a slow or busy machine still ends in a settled model.
"""

from dataclasses import dataclass, replace
from typing import Any

WINDOWS_THAT_FILL_A_LANE = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained.

    Attributes:
        seed: of the first weights, of the order of the pieces and of how each is varied.
        lanes: pieces that are played side by side.
        window: events of each by which the network learns at once.
        steps, minutes: both bound the run.
        learning_rate: at its highest.
        warm_up: steps until then.
        weight_decay: of AdamW.
        clip: the largest norm of a gradient.
        dropout: share of the flow out of each layer that is left out while it learns.
        precision: bits of the numbers that products are made of, 32 or 16; all else has 32.
        minutes_between_exams: on held-out music.
        held_out_events: that an exam is about, at most.
        patience: exams without a better result until the run is ended early.
        minutes_between_checkpoints: from which an interrupted run can go on.
        steps_between_lines: of the curve.
    """

    seed: int = 1
    lanes: int = 64
    window: int = 64
    steps: int = 100_000
    minutes: float = 100.0
    learning_rate: float = 2e-3
    warm_up: int = 200
    weight_decay: float = 1e-2
    clip: float = 1.0
    dropout: float = 0.0
    precision: int = 32
    minutes_between_exams: float = 5.0
    held_out_events: int = 50_000
    patience: int = 6
    minutes_between_checkpoints: float = 5.0
    steps_between_lines: int = 100


USUAL = Recipe()
"""How a network learns from notes, from fresh weights."""

GENTLE = replace(
    USUAL, lanes=32, steps=100, minutes=60.0, learning_rate=5e-4, warm_up=10, weight_decay=0.0, patience=0
)
"""How a model learns that knows much already: 200,000 events, half of them new."""


def chosen(usual: Recipe, **given: float | None) -> Recipe:
    """Return a recipe in which what was given takes the place of what is usual; None was not given."""
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return replace(usual, **changes)


def filled(recipe: Recipe, pieces: int, events: int) -> Recipe:
    """Return a recipe of no more lanes than music fills: one for each piece, or for each long stretch.

    More would play the same pieces over each other, and take as few steps as a large corpus does.
    """
    enough = max(1, pieces, events // (WINDOWS_THAT_FILL_A_LANE * recipe.window))
    return replace(recipe, lanes=min(recipe.lanes, enough))


def learning_rate(recipe: Recipe, step: int, progress: float) -> float:
    """Return the rate at a step, ``progress`` being the share of the run that is over."""
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warm_up) * max(0.0, 1.0 - progress)
