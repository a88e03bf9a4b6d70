"""Sessions that are kept: a recorder whose clock stands at noon, a note for it, what lies in its folder."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mido import MidiFile

from antiphon.adapters.files.recorder import Recorder
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity

MIDDLE_C = Pitch(60)
NOON = datetime(2025, 6, 1, 12, 0, 0)
PRESSED = KeyPressed(MIDDLE_C, Velocity(80))
RELEASED = KeyReleased(MIDDLE_C)


def recorder_in(folder: Path, megabytes: float = 10, quiet: float = 600.0) -> Recorder:
    return Recorder(folder, megabytes, clock=lambda: NOON, quiet=quiet)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def messages_of(recording: Path, track: int) -> list[tuple[int, ...]]:
    return [tuple(message.bytes()) for message in MidiFile(recording).tracks[track] if not message.is_meta]


def wait_until(it_is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10.0
    while not it_is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for(path: Path) -> None:
    wait_until(path.exists)
