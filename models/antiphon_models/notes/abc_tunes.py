"""Tunes in ABC notation, turned into MIDI files by abc2midi, one by one.

A file may hold a whole book of tunes, each from its ``X:`` field on. One that abc2midi cannot make sense of
costs itself and none of its neighbours.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROGRAM = "abc2midi"
"""Debian's package is called abcmidi."""

SECONDS_PER_TUNE = 20.0

_BEGIN = re.compile(rb"^X:", re.MULTILINE)
_FIELD = re.compile(rb"^(?:[A-Za-z]:|%%).*$", re.MULTILINE)
_VOICE = re.compile(rb"^V:|\[V:", re.MULTILINE)


def is_abc2midi_there() -> bool:
    """Tell whether tunes can be turned into MIDI files here."""
    return shutil.which(PROGRAM) is not None


def tunes_of(book: bytes) -> list[bytes]:
    """Return the tunes of an ABC file; fields before the first of them count for each, as ABC 2.1 has it."""
    starts = [match.start() for match in _BEGIN.finditer(book)]
    if not starts:
        return []
    # abc2midi passes over what stands before the first tune.
    common = b"\n".join(field.rstrip() for field in _FIELD.findall(book, 0, starts[0]))
    tunes = [book[start:end] for start, end in zip(starts, [*starts[1:], len(book)], strict=True)]
    return [_with_fields(tune, common) for tune in tunes] if common else tunes


def _with_fields(tune: bytes, common: bytes) -> bytes:
    first, _, rest = tune.partition(b"\n")
    return b"\n".join([first, common, rest])


def has_one_voice(tune: bytes) -> bool:
    """Tell whether all that is heard beside the melody is its chord symbols."""
    return _VOICE.search(tune) is None


def as_midi_files(tunes: list[bytes]) -> Iterator[Path | None]:
    """Yield a MIDI file for each tune, None where there is no music in it; each lasts until the next.

    Raises:
        OSError: the temporary folder cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="antiphon-abc-") as folder:
        written, converted = Path(folder, "tune.abc"), Path(folder, "tune.mid")
        for tune in tunes:
            converted.unlink(missing_ok=True)
            written.write_bytes(tune)
            _convert(written, converted)
            yield converted if converted.is_file() else None


def _convert(written: Path, converted: Path) -> None:
    command = [PROGRAM, str(written), "-silent", "-o", str(converted)]
    try:
        # Its exit code says nothing: it is 0 even where no tune was found.
        subprocess.run(
            command,
            cwd=written.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_PER_TUNE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        converted.unlink(missing_ok=True)
