"""Which inputs are worth keeping: the fewest small ones that together reach all that the others reach."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeAlias

Step: TypeAlias = tuple[CodeType, int, int]
"""From one line of a function to another."""

OURS = ("antiphon", "antiphon_models")


def essence_of(inputs: Iterable[bytes], examine: Callable[[bytes], None]) -> list[bytes]:
    """Return those of some inputs, the smallest first, that each reach something that none before did."""
    reached: set[Step] = set()
    kept = []
    for data in sorted(set(inputs), key=lambda data: (len(data), data)):
        steps = _steps_of(data, examine)
        if not steps <= reached:
            reached |= steps
            kept.append(data)
    return kept


def _steps_of(data: bytes, examine: Callable[[bytes], None]) -> set[Step]:
    """Return what of our code is reached by an input."""
    steps: set[Step] = set()

    def begun(frame: FrameType, event: str, _: Any) -> Any:
        if not set(Path(frame.f_code.co_filename).parts) & set(OURS):
            return None
        last = 0

        def went_on(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal last
            if event == "line":
                steps.add((frame.f_code, last, frame.f_lineno))
                last = frame.f_lineno
            return went_on

        return went_on

    sys.settrace(begun)
    try:
        examine(data)
    finally:
        sys.settrace(None)
    return steps
