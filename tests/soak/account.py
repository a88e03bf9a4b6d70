"""What a run has left in its folder, read and held together: what was sent against what arrived.

All processes of a run read the same monotonic clock. Nothing here knows how a run is made, nor what is said
of it.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from antiphon.adapters.files.session_log import LoggedSession, read_session_log
from antiphon.adapters.histogram import Histogram
from antiphon.adapters.midi.wire import NOTE_ON, bytes_of, event_of
from antiphon.core.commands import Music, PlayNote, Publish, ReleaseNote
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.units import Seconds
from watched_daemon import Buckets, Minute

NOTE_OFF = 0x80
ANSWERS_ON = 1
"""The channel, from 1."""

SEARCHED = 400
"""Messages ahead in which one is looked for that is not the next."""

SAME_CLOCK = 1000
"""Messages in a row of which one at least is taken as soon as it has come."""


class Look(msgspec.Struct):
    """What the daemon took from the machine at a moment: megabytes, seconds of computing, and numbers."""

    at: Seconds
    own: float
    proportional: float
    anonymous: float
    cpu: Seconds
    threads: int
    files: int


class Examined(msgspec.Struct):
    """What a command said to a recording or its log."""

    file: str
    command: str
    exit: int
    said: str


@dataclass(frozen=True, slots=True)
class Message:
    """A MIDI message and its moment."""

    at: Seconds
    data: bytes

    @property
    def is_onset(self) -> bool:
        return self.data[0] & 0xF0 == NOTE_ON and self.data[2] > 0

    @property
    def is_release(self) -> bool:
        return self.data[0] & 0xF0 == NOTE_OFF or (self.data[0] & 0xF0 == NOTE_ON and not self.data[2])


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of the daemon that was heard: when it was due, and how long after that it had arrived."""

    due: Seconds
    late: Seconds
    is_of_an_answer: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """Two streams side by side, of which one has come out of the other.

    Attributes:
        pairs: places in the first and in the second that belong together.
        lost: how many of the first have not come.
        strange: how many of the second nobody sent.
    """

    pairs: list[tuple[int, int]]
    lost: int
    strange: int


class Account:
    """All that is known of a run, finished or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        self.command: str = run["command"]
        self.seconds: Seconds = run["seconds"]
        self.rate: float = run["rate"]
        self.is_real_time: bool = run.get("real_time", True)
        self.minutes = read_lines(folder / "minutes.jsonl", Minute)
        self.bare = [line for line in json_lines(folder / "bare.jsonl") if "late" in line]
        self.looks = read_lines(folder / "looks.jsonl", Look)

    @property
    def is_over(self) -> bool:
        """Whether it went on to its end, and its recordings were read again."""
        return self._path_of_examined.exists()

    @cached_property
    def examined(self) -> list[Examined]:
        """What the commands for recordings said; empty of a run that was cut short."""
        if not self.is_over:
            return []
        return msgspec.json.decode(self._path_of_examined.read_bytes(), type=list[Examined])

    @property
    def _path_of_examined(self) -> Path:
        return self.folder / "examined.json"

    @cached_property
    def played(self) -> list[Message]:
        """What the player sent."""
        return [
            Message(line["at"], bytes(line["bytes"]))
            for line in json_lines(self.folder / "player.jsonl")
            if "bytes" in line
        ]

    @cached_property
    def heard(self) -> list[Message]:
        """What the listener heard, by the clock of all others."""
        lines = [line for line in json_lines(self.folder / "listener.jsonl") if "bytes" in line]
        return [*arrivals_in(lines)]

    @cached_property
    def logs(self) -> list[LoggedSession]:
        """The logs of the daemon, each once: one that goes on through several recordings has many names."""
        paths = sorted((self.folder / "sessions").glob("*.session"))
        return [read_session_log(path) for path in {path.stat().st_ino: path for path in paths}.values()]

    @cached_property
    def sent(self) -> list[Music]:
        """What the daemon sent, by its own log, in order."""
        steps = (step for log in self.logs for step in log.steps)
        return [command for step in steps for command in step.said if not isinstance(command, Publish)]

    @cached_property
    def input(self) -> Matched:
        """What the player sent beside what the daemon took in."""
        told = (step.told for log in self.logs for step in log.steps)
        taken_in = [event for event in told if isinstance(event, KeyPressed | KeyReleased | ControlMoved)]
        return matched([event_of(message.data, 0) for message in self.played], taken_in)

    @cached_property
    def output(self) -> Matched:
        """What the daemon sent beside what the listener heard."""
        sent = [bytes_of(command, ANSWERS_ON) for command in self.sent]
        return matched(sent, [message.data for message in self.heard])

    @cached_property
    def arrivals(self) -> list[Arrival]:
        """All that the daemon sent and the listener heard."""
        found = []
        for sent, heard in self.output.pairs:
            command, at = self.sent[sent], self.heard[heard].at
            is_its_own = isinstance(command, PlayNote | ReleaseNote) and command.part == "it"
            found.append(Arrival(command.due, at - command.due, is_its_own))
        return found

    @cached_property
    def _answers(self) -> list[tuple[Seconds, Seconds]]:
        """When each message of an answer was due, upwards, and how long after that it had arrived."""
        return sorted((each.due, each.late) for each in self.arrivals if each.is_of_an_answer)

    def arrived_in(self, minute: Minute) -> list[Seconds]:
        """Return how late what was due in a minute had come to the listener."""
        first, last = (bisect_left(self._answers, (moment,)) for moment in (minute.began, minute.ended))
        return [late for _, late in self._answers[first:last]]

    def bare_in(self, minute: Minute) -> list[Buckets]:
        """Return how late a bare wait was in minutes that end in this one."""
        return [each["late"] for each in self.bare if minute.began <= each["ended"] < minute.ended]

    def looks_in(self, minute: Minute) -> list[Look]:
        return [look for look in self.looks if minute.began <= look.at < minute.ended]

    @property
    def pressed(self) -> int:
        """How many keys the daemon took in as pressed."""
        return sum(isinstance(step.told, KeyPressed) for log in self.logs for step in log.steps)

    @property
    def stuck(self) -> set[tuple[int, int]]:
        """(channel, pitch) of what sounds at the listener in the end."""
        return sounding_after(self.heard)

    @property
    def kept_at(self) -> list[str]:
        """The lines of the daemon's log that tell of a recording that is whole."""
        said = (self.folder / "daemon.log").read_text(encoding="utf-8")
        return re.findall(r"^(\S+ \S+) kept in", said, re.MULTILINE)

    def recorded_onsets(self) -> int:
        """Return how many notes of both parts the recordings hold, as mido reads them."""
        import mido

        recordings = sorted((self.folder / "sessions").glob("*.mid"))
        messages = (
            message for path in recordings for track in mido.MidiFile(path).tracks for message in track
        )
        return sum(message.type == "note_on" and message.velocity > 0 for message in messages)


def arrivals_in(lines: Sequence[dict[str, Any]]) -> Iterator[Message]:
    """Yield what a listener heard, from its own clock to everybody's: no message is taken before it comes."""
    for first in range(0, len(lines), SAME_CLOCK):
        block = lines[first : first + SAME_CLOCK]
        ahead = min(line["taken"] - line["clock"] for line in block)
        for line in block:
            yield Message(line["clock"] + ahead, bytes(line["bytes"]))


def matched(first: Sequence[object], second: Sequence[object]) -> Matched:
    """Put two streams side by side, in both of which the order is the same."""
    pairs: list[tuple[int, int]] = []
    place = lost = strange = 0
    for other, message in enumerate(second):
        ahead = first[place : place + SEARCHED]
        found = next((skipped for skipped, each in enumerate(ahead) if each == message), None)
        if found is None:
            strange += 1
            continue
        lost += found
        place += found
        pairs.append((place, other))
        place += 1
    return Matched(pairs, lost + len(first) - place, strange)


def sounding_after(messages: Iterable[Message]) -> set[tuple[int, int]]:
    """Return (channel, pitch) of what has begun and not ended."""
    sounds: set[tuple[int, int]] = set()
    for message in messages:
        key = message.data[0] & 0x0F, message.data[1]
        if message.is_onset:
            sounds.add(key)
        elif message.is_release:
            sounds.discard(key)
    return sounds


def merged(minutes: Iterable[Iterable[tuple[Seconds, int]]]) -> Histogram:
    """Return one histogram of the buckets of several."""
    histogram = Histogram()
    for minute in minutes:
        for upper, count in minute:
            histogram.record(upper, count)
    return histogram


def read_lines(path: Path, kind: type[Any]) -> list[Any]:
    """Return the whole lines of a file, each as a value."""
    return [msgspec.json.decode(line, type=kind) for line in whole_lines(path)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in whole_lines(path):
        yield json.loads(line)


def whole_lines(path: Path) -> list[bytes]:
    """Return the lines of a file; of a run that was cut short the last one may be half."""
    return path.read_bytes().split(b"\n")[:-1]
