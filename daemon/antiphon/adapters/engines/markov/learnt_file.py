"""The file in which it is kept what a player has taught: their phrases, which can be learnt again from it.

    header    what it is, its version, the fingerprint of the vocabulary
    records   length and CRC-32 of what follows, 4 bytes each, little-endian; 1 where a phrase begins, else 0;
              three bytes for each event: dt bin, velocity class, pitch

A record is appended in one piece, so whenever the power goes, all before it is there and at most the last is
not. Where that or anything else is damaged, what comes before it counts.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from antiphon.adapters.engines.markov.learner import BYTES_OF_AN_EVENT, Event
from antiphon.errors import reason_of
from antiphon.whole_file import whole_file
from antiphon_models import vocab

NAME = "learnt.markov"

VERSION = 1
MAGIC = b"antiphon learnt "
HEADER = MAGIC + bytes([VERSION]) + vocab.fingerprint().encode() + b"\n"

_RECORD = struct.Struct("<II")

LIMITS = vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a file holds.

    Attributes:
        phrases: all that is whole, three bytes for each event.
        trouble: what is wrong with the rest, empty where nothing is.
    """

    phrases: tuple[bytes, ...] = ()
    trouble: str = ""

    @property
    def events(self) -> int:
        return sum(map(len, self.phrases)) // BYTES_OF_AN_EVENT


def read(path: Path) -> Learnt:
    """Read what there is; where there is no file, nothing was learnt yet."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Learnt()
    except OSError as error:
        return Learnt(trouble=f"cannot be read: {reason_of(error)}")
    if not content.startswith(MAGIC):
        return Learnt(trouble="is cut short" if MAGIC.startswith(content) else "is something else")
    if not content.startswith(HEADER):
        return Learnt(trouble="is cut short" if HEADER.startswith(content) else "is of another version")
    phrases: list[bytearray] = []
    end = len(HEADER)
    for begins, events in _records(content):
        if begins or not phrases:
            phrases.append(bytearray())
        phrases[-1] += events
        end += _RECORD.size + 1 + len(events)
    trouble = "" if end == len(content) else "is cut short or damaged"
    return Learnt(tuple(map(bytes, phrases)), trouble)


def _records(content: bytes) -> Iterator[tuple[bool, bytes]]:
    """Yield the records up to the first that is not whole."""
    start = len(HEADER)
    while start + _RECORD.size <= len(content):
        length, checksum = _RECORD.unpack_from(content, start)
        payload = content[start + _RECORD.size : start + _RECORD.size + length]
        if len(payload) < length or zlib.crc32(payload) != checksum or not _is_music(payload):
            return
        yield bool(payload[0]), payload[1:]
        start += _RECORD.size + length


def _is_music(payload: bytes) -> bool:
    events = payload[1:]
    return len(payload) % BYTES_OF_AN_EVENT == 1 and all(
        value < LIMITS[place % BYTES_OF_AN_EVENT] for place, value in enumerate(events)
    )


def record(begins: bool, events: Iterable[int]) -> bytes:
    """Return what is appended for some events that follow each other."""
    payload = bytes([begins, *events])
    return _RECORD.pack(len(payload), zlib.crc32(payload)) + payload


def records(fresh: Iterable[tuple[bool, Event]]) -> bytes:
    """Return what is appended for events, each with whether it begins a phrase."""
    content, run, begins = b"", list[int](), False
    for is_first, event in fresh:
        if is_first and run:
            content += record(begins, run)
            run = []
        begins = is_first if not run else begins
        run += event
    return content + record(begins, run) if run else content


def write(path: Path, phrases: Iterable[bytes]) -> None:
    """Write a file that holds some phrases, in place of whatever is there.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(HEADER)
        for phrase in phrases:
            file.write(record(True, phrase))
