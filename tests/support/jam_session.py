"""A jam between three processes over real JACK ports: a player, the daemon, and a recorder."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOTE_ON, NOTE_OFF, CONTROL = 0x90, 0x80, 0xB0

PATIENCE = 20.0
"""Seconds that a process is waited for before the test gives up on it."""


class Process:
    """A child process that is spoken to line by line."""

    def __init__(self, *command: str, stderr: int | None = None) -> None:
        self.child = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        self._lines: queue.Queue[tuple[float, str]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def say(self, line: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def next_line(self, patience: float = PATIENCE) -> str:
        return self._lines.get(timeout=patience)[1]

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

    def lines_until_quiet(self, quiet: float) -> list[str]:
        """Return the lines that come until none has come for a while."""
        lines: list[str] = []
        while True:
            try:
                lines.append(self.next_line(quiet))
            except queue.Empty:
                return lines

    def end(self) -> None:
        """Ask it to end, and make sure that it did."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
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


@dataclass
class Jam:
    """The three processes, and all that was recorded."""

    player: Process
    daemon: Process
    recorder: Process
    messages: list[Message] = field(default_factory=list)

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
        return self.play((wait, (NOTE_ON, 40, 80)))

    def let_go(self) -> None:
        """Let go of the key that interrupted; a phrase that follows at once belongs to it."""
        self.play((0.0, (NOTE_OFF, 40, 0)))

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
) -> Iterator[Jam]:
    """Start player, recorder and daemon on the running JACK server; recordings go into ``folder``.

    ``program`` is what Python runs as the daemon; it is given settings as ``antiphon run`` is. Jams side by
    side have ports of their own, by the name of their ``place``.
    """
    with ExitStack() as processes:

        def started(*command: str, stderr: int | None = None) -> Process:
            process = Process(*command, stderr=stderr)
            processes.callback(process.end)
            return process

        player = started(script("midi_player"), "--name", f"{place}player")
        recorder = started(script("midi_recorder"), "--name", f"{place}recorder")
        player.wait_for("ready")
        recorder.wait_for("ready")
        chosen = [f"record.folder='{folder}'", *settings]
        options = [word for setting in chosen for word in ("--set", setting)]
        ports = ["--in", f"{place}player*", "--out", f"{place}recorder*", "--set", "midi.api=jack"]
        options += ["--config", str(config_file)] if config_file else []
        daemon = started(*program, *ports, *options, stderr=subprocess.STDOUT)
        daemon.wait_for("listening on")
        yield Jam(player, daemon, recorder)
