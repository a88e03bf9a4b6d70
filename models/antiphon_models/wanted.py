"""What somebody asks for who trains a model of another family than that of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        folder: what to learn from; each family says what it has to hold.
        out: the folder of the run.
        credits: whose music or text it is.
        numbers: options by their names, such as ``learning_rate``; None where one was left to the family.
    """

    folder: Path
    out: Path
    credits: list[str]
    numbers: Mapping[str, float | None]
