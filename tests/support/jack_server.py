"""A real JACK server without sound hardware, for as long as a test needs it."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import pytest

from server_process import ServerProcess

SAMPLE_RATE = 48_000
FRAMES_PER_CYCLE = 64

requires_jack = pytest.mark.skipif(
    shutil.which("jackd") is None or find_spec("rtmidi") is None or find_spec("jack") is None,
    reason="jackd (package jackd2) or antiphon[midi] is missing: MIDI is not tested over real ports",
)

# JACK keeps eight names of servers in shared memory and frees that of a killed server only when a server of
# the same name starts. So names come from a short list, and each is used by one process at a time.
_NAMES = [f"antiphon-test-{number}" for number in range(6)]


class JackServer(ServerProcess):
    """A running `jackd`; processes reach it through ``JACK_DEFAULT_SERVER``."""

    def __init__(self, name: str, frames_per_cycle: int = FRAMES_PER_CYCLE) -> None:
        self.name = name
        self.frames_per_cycle = frames_per_cycle

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process that is to reach it."""
        return {**os.environ, "JACK_DEFAULT_SERVER": self.name}

    def start(self) -> None:
        """Start it, in real time if that is allowed here, and wait until clients can connect."""
        self._end_orphan()
        for realtime in (["-R", "-P70"], ["-r"]):
            self._process = subprocess.Popen(
                ["jackd", "-n", self.name, *realtime, "-S", *self._dummy_sound_card],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._pid_file.write_text(str(self._process.pid), encoding="ascii")
            if self._answers():
                return
            self.stop()
        raise RuntimeError(f"jackd does not start under the name {self.name}")

    def _end_orphan(self) -> None:
        """End a server that tests which were killed have left under this name: beside it none can start."""
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int(self._pid_file.read_text(encoding="ascii"))
            process = Path(f"/proc/{pid}")
            if f"\0-n\0{self.name}\0" in (process / "cmdline").read_text(encoding="utf-8"):
                os.kill(pid, signal.SIGTERM)
                os.kill(pid, signal.SIGCONT)
                give_up_at = time.monotonic() + 10
                # Until its new parent has taken note of its end: JACK asks whether there is such a process.
                while process.exists() and time.monotonic() < give_up_at:
                    time.sleep(0.01)

    @property
    def _pid_file(self) -> Path:
        return _beside_other_temporary_files(f"{self.name}-{os.getuid()}.pid")

    @property
    def _dummy_sound_card(self) -> list[str]:
        return ["-d", "dummy", "-r", str(SAMPLE_RATE), "-p", str(self.frames_per_cycle)]

    def _answers(self) -> bool:
        assert self._process is not None
        give_up_at = time.monotonic() + 5
        while not self._socket.exists() and time.monotonic() < give_up_at:
            if self._process.poll() is not None:
                return False
            time.sleep(0.01)
        # Not jack_wait, which Debian 13 has in a package that jackd does not bring.
        client = f"import jack; jack.Client('first', servername='{self.name}', no_start_server=True).close()"
        connected = subprocess.run(
            [sys.executable, "-c", client], capture_output=True, timeout=10, check=False
        )
        return connected.returncode == 0 and self._process.poll() is None

    @property
    def _socket(self) -> Path:
        return Path(f"/dev/shm/jack_{self.name}_{os.getuid()}_0")

    def kill(self) -> None:
        """Let it die as if it had crashed."""
        super().kill()
        self._socket.unlink(missing_ok=True)

    def restart(self) -> None:
        """Be as new, whatever has been done to it."""
        self.stop()
        self.start()


@contextmanager
def running_jack_server(frames_per_cycle: int = FRAMES_PER_CYCLE) -> Iterator[JackServer]:
    """Run a server that clients of this process and its children connect to."""
    with _name_of_our_own() as name:
        server = JackServer(name, frames_per_cycle)
        former = os.environ.get("JACK_DEFAULT_SERVER")
        os.environ["JACK_DEFAULT_SERVER"] = name
        try:
            server.start()
            yield server
        finally:
            server.stop()
            if former is None:
                del os.environ["JACK_DEFAULT_SERVER"]
            else:
                os.environ["JACK_DEFAULT_SERVER"] = former


@contextmanager
def _name_of_our_own() -> Iterator[str]:
    for name in _NAMES:
        with _lock_file(name) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield name
            return
    pytest.skip("six other tests run JACK servers at this moment")


def _lock_file(name: str) -> IO[str]:
    return open(_beside_other_temporary_files(f"{name}-{os.getuid()}.lock"), "w", encoding="utf-8")


def _beside_other_temporary_files(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name
