"""A jam between three processes over real JACK ports: a player, the daemon, and a recorder."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

NOTE_ON, NOTE_OFF, CONTROL = 0x90, 0x80, 0xB0

ALL_SOUND_OFF, ALL_NOTES_OFF = 120, 123

INTERRUPTING = 40
"""The pitch of the key that interrupts an answer."""

PATIENCE = 20.0
"""Seconds that a process is waited for before the test gives up on it."""


class Process:
    """A child process that is spoken to line by line.

    Args:
        command: what Python runs.
        stderr: where its standard error goes, as for :mod:`subprocess`.
        environment: of variables, those that are other than ours.

    Attributes:
        said: all lines that were read so far.
    """

    def __init__(
        self, *command: str, stderr: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self.child = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.said: list[str] = []
        self._may_read = threading.Event()
        self._may_read.set()
        self._lines: queue.Queue[tuple[float, str]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def say(self, line: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def next_line(self, patience: float = PATIENCE) -> str:
        self.said.append(self._lines.get(timeout=patience)[1])
        return self.said[-1]

    def wait_for(self, words: str) -> str:
        """Return the next line that holds these words."""
        seen: list[str] = []
        while True:
            try:
                seen.append(self.next_line())
            except queue.Empty:
                raise AssertionError(f"{words!r} is not in {seen}") from None
            if words in seen[-1]:
                return seen[-1]

    def has_said(self, words: str) -> str:
        """Return the last line so far that holds these words; where there is none, the next."""
        return next((line for line in reversed(self.said) if words in line), None) or self.wait_for(words)

    def lines_until_quiet(self, quiet: float) -> list[str]:
        """Return the lines that come until none has come for a while."""
        lines: list[str] = []
        while True:
            try:
                lines.append(self.next_line(quiet))
            except queue.Empty:
                return lines

    def stop_reading(self) -> None:
        """Take nothing more of what it says, which it has to keep to itself once the pipe is full."""
        self._may_read.clear()

    def read_on(self) -> None:
        self._may_read.set()

    def freeze(self) -> None:
        """Stop it from running until :meth:`thaw`; all its threads stand still when this returns."""
        self.child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.child.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        self.child.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without asking."""
        self.child.kill()
        self.child.wait()

    def end(self) -> None:
        """Ask it to end, and make sure that it did. May be called again."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.read_on()
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self._reader.join()
        self.child.stdin.close()
        self.child.stdout.close()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self._may_read.wait()
            self._lines.put((time.monotonic(), line.rstrip("\n")))


@dataclass(frozen=True, slots=True)
class Message:
    """A MIDI message and when it arrived at the recorder, in monotonic seconds."""

    at: float
    data: tuple[int, ...]

    @property
    def is_onset(self) -> bool:
        return self.data[0] & 0xF0 == NOTE_ON and self.data[2] > 0

    @property
    def is_release(self) -> bool:
        return self.data[0] & 0xF0 == NOTE_OFF or (self.data[0] & 0xF0 == NOTE_ON and self.data[2] == 0)

    @property
    def silences(self) -> bool:
        """Whether it ends every note of its channel, on a synth that obeys."""
        return self.data[0] & 0xF0 == CONTROL and self.data[1] in (ALL_SOUND_OFF, ALL_NOTES_OFF)


@dataclass
class Jam:
    """The three processes, and all that was recorded.

    What is started later, in the place of one that is gone, ends with the others.
    """

    player: Process
    daemon: Process
    recorder: Process
    messages: list[Message] = field(default_factory=list)
    place: str = ""
    _command: Sequence[str] = ()
    _processes: ExitStack = field(default_factory=ExitStack)

    def start_daemon(self, environment: Mapping[str, str] | None = None) -> None:
        """Have a daemon again, as the former one was started."""
        self.daemon = _daemon(self._processes, self._command, environment)

    def plug_in_player(self) -> None:
        """Have a player again, under the name that the former one had."""
        self.player = _player(self._processes, self.place)

    def plug_in_recorder(self) -> None:
        """Have a recorder again, which has heard nothing of what went before."""
        self.recorder = _recorder(self._processes, self.place)

    def play(self, *notes: tuple[float, Sequence[int]]) -> float:
        """Send messages, each so many seconds after the one before; return when the last was sent."""
        at = 0.0
        for wait, data in notes:
            self.player.say(json.dumps({"at": wait, "bytes": list(data)}))
        for _ in notes:
            at = json.loads(self.player.next_line())["at"]
        return at

    def play_phrase(self) -> float:
        """Play five even notes; return when the last was let go."""
        return self.play(*(note for pitch in (60, 62, 64, 65, 67) for note in key(pitch)))

    def interrupt(self, wait: float = 0.0) -> float:
        """Press a key and keep it down, so that it stays quiet; return when it was pressed."""
        return self.play((wait, (NOTE_ON, INTERRUPTING, 80)))

    def let_go(self) -> None:
        """Let go of the key that interrupted; a phrase that follows at once belongs to it."""
        self.play((0.0, (NOTE_OFF, INTERRUPTING, 0)))

    def next_message(self) -> Message:
        try:
            return self._kept(self.recorder.next_line())
        except queue.Empty:
            said = self.daemon.lines_until_quiet(0.0)
            raise AssertionError(f"nothing was recorded, and the daemon said {said}") from None

    def next_onset(self) -> Message:
        while not (message := self.next_message()).is_onset:
            pass
        return message

    def until_quiet(self, quiet: float = 0.4) -> list[Message]:
        """Return what is recorded until nothing has come for a while."""
        return [self._kept(line) for line in self.recorder.lines_until_quiet(quiet)]

    def sounding(self) -> set[tuple[int, int]]:
        """Return (channel, pitch) of what has begun and not ended in all that was recorded so far."""
        sounds: set[tuple[int, int]] = set()
        for message in self.messages:
            key = message.data[0] & 0x0F, message.data[1]
            if message.is_onset:
                assert key not in sounds, f"{message} while it sounds"
                sounds.add(key)
            elif message.is_release:
                sounds.discard(key)
        return sounds

    def audible(self) -> set[tuple[int, int]]:
        """Return (channel, pitch) of what still sounds on a synth that obeys all-notes-off."""
        return self._course()[-1][1]

    def silent_since(self) -> float:
        """Return when the last note ended there, in monotonic seconds."""
        course = self._course()
        assert not course[-1][1], f"{course[-1][1]} still sound"
        return next(at for (_, before), (at, _) in reversed([*pairwise(course)]) if before)

    def _course(self) -> list[tuple[float, set[tuple[int, int]]]]:
        """Return what sounded on such a synth after each message, and when that came."""
        course: list[tuple[float, set[tuple[int, int]]]] = [(0.0, set())]
        for message in self.messages:
            sounds = set(course[-1][1])
            channel = message.data[0] & 0x0F
            if message.is_onset:
                sounds.add((channel, message.data[1]))
            elif message.is_release:
                sounds.discard((channel, message.data[1]))
            elif message.silences:
                sounds = {each for each in sounds if each[0] != channel}
            course.append((message.at, sounds))
        return course

    def _kept(self, line: str) -> Message:
        record: dict[str, Any] = json.loads(line)
        self.messages.append(Message(record["at"], tuple(record["bytes"])))
        return self.messages[-1]


def key(pitch: int, wait: float = 0.05, length: float = 0.1) -> list[tuple[float, tuple[int, int, int]]]:
    """A key pressed and let go."""
    return [(wait, (NOTE_ON, pitch, 80)), (length, (NOTE_OFF, pitch, 0))]


def script(name: str) -> str:
    """Return the path of a script beside this one; imported here it would want JACK's library at once."""
    return str(Path(__file__).with_name(f"{name}.py"))


@contextmanager
def jam(
    folder: Path,
    *settings: str,
    config_file: Path | None = None,
    program: Sequence[str] = ("-m", "antiphon.cli", "run"),
    place: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Jam]:
    """Start player, recorder and daemon on the running JACK server; recordings go into ``folder``.

    ``program`` is what Python runs as the daemon; it is given settings as ``antiphon run`` is, and variables
    as in the ``environment`` where they are other than ours. Jams side by side have ports of their own, by
    the name of their ``place``.
    """
    with ExitStack() as processes:
        player, recorder = _player(processes, place), _recorder(processes, place)
        chosen = [f"record.folder='{folder}'", *settings]
        options = [word for setting in chosen for word in ("--set", setting)]
        ports = ["--in", f"{place}player*", "--out", f"{place}recorder*", "--set", "midi.api=jack"]
        options += ["--config", str(config_file)] if config_file else []
        command = (*program, *ports, *options)
        daemon = _daemon(processes, command, environment)
        yield Jam(player, daemon, recorder, place=place, _command=command, _processes=processes)


def _daemon(processes: ExitStack, command: Sequence[str], environment: Mapping[str, str] | None) -> Process:
    daemon = Process(*command, stderr=subprocess.STDOUT, environment=environment)
    processes.callback(daemon.end)
    daemon.wait_for("listening on")
    return daemon


def _player(processes: ExitStack, place: str) -> Process:
    return _ready(processes, script("midi_player"), "--name", f"{place}player")


def _recorder(processes: ExitStack, place: str) -> Process:
    return _ready(processes, script("midi_recorder"), "--name", f"{place}recorder")


def _ready(processes: ExitStack, *command: str) -> Process:
    process = Process(*command)
    processes.callback(process.end)
    process.wait_for("ready")
    return process
