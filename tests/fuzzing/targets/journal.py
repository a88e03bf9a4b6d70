"""The journal that a crash has left, made into a recording."""

from collections.abc import Iterator

from antiphon.adapters.files.journal import finish
from antiphon.adapters.files.reading import read_tracks
from target import Target, written

NAME = "antiphon-2025-06-01-120000.journal"


def examine(data: bytes) -> None:
    recording = finish(written(NAME, data))
    if recording is not None:
        assert read_tracks(recording.read_bytes(), recording.name)
        recording.unlink()


def seeds() -> Iterator[bytes]:
    yield b"0.000000 you 903c50\n1.500000 you 803c40\n2.000000 it 904050\n3.000000 it 904000\n"
    yield b"0.000000 it 904050\n0.250000 it b0407f\n"
    yield b"0.000000 you e00040\n0.500000 you 9a3c50\n0.250000 you c005\n0.750000 it 903c\0\0\0\0"


TARGET = Target(examine, seeds, longest=1024)
