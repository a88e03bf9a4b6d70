"""Seconds per file and memory of `antiphon prepare`, as a corpus grows tenfold and again.

The baseline is the smallest size: cost is linear and memory flat where the ratios stay near one. The corpus
is generated, or a folder of your own with --corpus, and repeated until there are as many files as wanted. The
ticks per beat of each copy differ a little, so that it is another piece and not a duplicate. The memory is
the most that the process which writes, and the largest of those which read, ever had resident.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from figures import Figure, Result, as_table

TITLE = "prepare"
SIZES = (1_000, 10_000)
MOST = 100_000
MOST_RATIO = 1.5
TICKS_AT = slice(12, 14)
"""Where a MIDI file says its ticks per beat."""


def measure(sizes: Sequence[int] = SIZES, corpus: Path | None = None, jobs: int | None = None) -> Result:
    """Measure each size, and hold it against the first."""
    try:
        import symusic  # noqa: F401  only to see whether it is there
    except ImportError:
        return Result(TITLE, skipped="training is not installed: pip install 'antiphon[train]'")
    originals = [path.read_bytes() for path in sorted(corpus.rglob("*.mid"))] if corpus else generated()
    figures: list[Figure] = []
    baseline: dict[str, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="antiphon-prepare-") as folder:
            repeat(originals, size, Path(folder) / "music")
            found = amounts(Path(folder), size, jobs)
        for (name, unit), amount in found.items():
            first = baseline.get(name)
            goal = MOST_RATIO * first if first and unit else None
            figures.append(Figure(f"{size:,} files: {name}", amount, unit, None, first, goal))
        baseline = baseline or {name: amount for (name, _), amount in found.items()}
    return Result(TITLE, tuple(figures))


def amounts(folder: Path, files: int, jobs: int | None) -> dict[tuple[str, str], float]:
    """Return what two preparations of a folder take, by name and unit."""
    first, again = preparation(folder, jobs), preparation(folder, jobs)
    return {
        ("pieces kept", ""): first["pieces"],
        ("first time", "ms each"): first["seconds"] / files * 1000,
        ("again, nothing new", "ms each"): again["seconds"] / files * 1000,
        ("memory of the one that writes", "MB"): first["writing"],
        ("memory of the largest that reads", "MB"): first["reading"],
    }


def preparation(folder: Path, jobs: int | None) -> dict[str, float]:
    """Prepare a folder in a process of its own and return what that took."""
    command = [sys.executable, __file__, "--prepare", str(folder), "--jobs", str(jobs or 0)]
    told: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return told


def prepare_one(folder: Path, jobs: int | None) -> None:
    """Prepare a folder and print what it took."""
    from antiphon_models.notes.prepare import prepare
    from antiphon_models.notes.sources import sources

    started = time.perf_counter()
    manifest = prepare(sources(folder / "music"), folder / "notes", ["nobody"], workers=jobs)
    told = {
        "seconds": time.perf_counter() - started,
        "pieces": sum(amount.pieces for amount in manifest.splits.values()),
        "writing": most_resident(resource.RUSAGE_SELF),
        "reading": most_resident(resource.RUSAGE_CHILDREN),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def most_resident(whose: int) -> float:
    """Return the most megabytes that this process, or the largest of its children, had; see getrusage(2)."""
    return resource.getrusage(whose).ru_maxrss * 1024 / 1e6


def generated(pieces: int = 1000, notes: int = 200) -> list[bytes]:
    """Return MIDI files of one track each: a few notes at a time, drawn at random."""
    drawn = random.Random(1)
    return [midi_file(drawn, notes) for _ in range(pieces)]


def midi_file(drawn: random.Random, notes: int) -> bytes:
    """Return a MIDI file of type 0; deltas are of one byte, so all times stay below 128 ticks."""
    track = bytearray()
    for _ in range(notes):
        pitch, velocity = drawn.randrange(36, 96), drawn.randrange(20, 120)
        track += bytes(
            (drawn.randrange(128), 0x90, pitch, velocity, drawn.randrange(1, 128), 0x80, pitch, 64)
        )
    track += b"\x00\xff\x2f\x00"
    return b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0" + b"MTrk" + len(track).to_bytes(4, "big") + bytes(track)


def repeat(originals: Sequence[bytes], size: int, folder: Path) -> None:
    """Write so many files, a thousand to a folder; each round has one more tick per beat than the last."""
    for number in range(size):
        file = bytearray(originals[number % len(originals)])
        ticks = int.from_bytes(file[TICKS_AT], "big") + number // len(originals)
        file[TICKS_AT] = min(ticks, 0x7FFF).to_bytes(2, "big")
        path = folder / f"{number // 1000:03}" / f"{number:06}.mid"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", action="store_true", help=f"measure {MOST:,} files as well")
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="repeat the .mid files of this folder")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes that read; one for each core")
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare:
        prepare_one(options.prepare, options.jobs or None)
        return
    sizes = (*SIZES, MOST) if options.most else SIZES
    sys.stdout.write(as_table(measure(sizes, options.corpus, options.jobs)))


if __name__ == "__main__":
    main()
