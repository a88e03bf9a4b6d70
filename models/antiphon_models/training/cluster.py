"""Which processes train together, as TF_CONFIG says it, and their meeting before they begin.

    TF_CONFIG='{"cluster": {"worker": ["anna:2222", "bela:2222"]}, "task": {"type": "worker", "index": 0}}'

TensorFlow waits for a worker that never comes without an end, and cannot be interrupted meanwhile. So they
meet here first, at the address of the first of them, where it also turns out if one was told something else.
It knows nothing of TensorFlow.
"""

import json
import os
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from antiphon_models.errors import TrainingError, reason

VARIABLE = "TF_CONFIG"
JOBS = "chief", "worker"
"""Who learns, in the order in which they are numbered."""

INTRODUCTION = 4 + 32
"""Bytes that a worker says: its number, and what it is about."""

READY, DIFFERS = b"go", b"no"
BETWEEN_TRIES = 0.1
"""Seconds until a worker calls again at a first one that is not there yet."""


class ClusterError(TrainingError):
    """The processes that are to train together are not told apart, do not meet, or do not agree."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """All workers, and which of them this process is.

    Attributes:
        workers: host:port of each; the first is the one that writes.
        index: which of them this process is, from 0.
    """

    workers: tuple[str, ...]
    index: int

    @property
    def is_first(self) -> bool:
        return self.index == 0

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> "Cluster":
        """Read TF_CONFIG.

        Raises:
            ClusterError: it is missing, or says something that cannot be.
        """
        written = environment.get(VARIABLE)
        if not written:
            raise ClusterError(
                f"--distribute needs {VARIABLE}, which names all workers and says which of them this is; "
                "set it on each, as docs/training.md shows"
            )
        try:
            said = json.loads(written)
            jobs: dict[str, Any] = dict(said["cluster"])
            job, task = str(said["task"]["type"]), int(said["task"]["index"])
            if unknown := jobs.keys() - set(JOBS):
                raise ClusterError(
                    f"{VARIABLE} names a job {sorted(unknown)[0]!r}; "
                    "all are workers here, one of whom may be called chief"
                )
            numbered = [(each, index) for each in JOBS for index in range(len(jobs.get(each, ())))]
            workers = tuple(str(jobs[each][index]) for each, index in numbered)
            cluster = cls(workers, numbered.index((job, task)))
            for worker in workers:
                _address(worker)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ClusterError(
                f"{VARIABLE} is not of the form that TensorFlow knows ({error}); see docs/training.md"
            ) from error
        return cluster

    def share(self, lanes: int) -> range:
        """Return the numbers of the lanes that this worker plays.

        Raises:
            ClusterError: they cannot be dealt out evenly.
        """
        each, left = divmod(lanes, len(self.workers))
        if left:
            raise ClusterError(
                f"{lanes} lanes cannot be shared by {len(self.workers)} workers; "
                f"choose a multiple of {len(self.workers)} with --lanes"
            )
        return range(self.index * each, (self.index + 1) * each)

    def meet(self, subject: bytes, seconds: float) -> None:
        """Wait until all are there, and make sure that they are about the same subject.

        Args:
            subject: 32 bytes, the same for each.
            seconds: to wait at most.

        Raises:
            ClusterError: somebody did not come, or is about something else.
        """
        until = time.monotonic() + seconds
        if self.is_first:
            self._receive(subject, until)
        else:
            self._call(subject, until)

    def _receive(self, subject: bytes, until: float) -> None:
        calls: dict[int, tuple[socket.socket, bytes]] = {}
        try:
            self._take_calls(calls, until)
            differing = [index for index, (_, theirs) in sorted(calls.items()) if theirs != subject]
            for call, _ in calls.values():
                call.sendall(DIFFERS if differing else READY)
                # The caller hangs up first, so that no trace of the call keeps TensorFlow from the port.
                call.recv(1)
        except TimeoutError as error:
            absent = [index for index in range(1, len(self.workers)) if index not in calls]
            raise ClusterError(
                f"{self._named(absent)} did not come; start the same command there, and here again"
            ) from error
        except OSError as error:
            raise ClusterError(
                f"{self.workers[0]} cannot be used ({reason(error)}); change {VARIABLE}"
            ) from error
        finally:
            for call, _ in calls.values():
                call.close()
        if differing:
            raise ClusterError(
                f"{self._named(differing)} came with other notes or options; "
                "give all the same command and the same notes"
            )

    def _take_calls(self, calls: dict[int, tuple[socket.socket, bytes]], until: float) -> None:
        """Take a call of each other worker, and what it is about; whoever else calls is sent away."""
        with socket.create_server(("", _address(self.workers[0])[1]), backlog=len(self.workers)) as door:
            while len(calls) < len(self.workers) - 1:
                door.settimeout(max(until - time.monotonic(), 1e-3))
                call, _ = door.accept()
                call.settimeout(5.0)
                index, theirs = _heard(call)
                if 0 < index < len(self.workers) and index not in calls:
                    calls[index] = call, theirs
                else:
                    call.close()

    def _named(self, indices: Iterable[int]) -> str:
        return ", ".join(self.workers[index] for index in indices)

    def _call(self, subject: bytes, until: float) -> None:
        first = self.workers[0]
        while True:
            try:
                with socket.create_connection(_address(first), timeout=5.0) as call:
                    call.sendall(self.index.to_bytes(4) + subject)
                    call.settimeout(max(until - time.monotonic(), 1e-3))
                    answer = call.recv(len(READY))
            except OSError as error:
                if time.monotonic() >= until:
                    raise ClusterError(
                        f"not all came together at {first} ({reason(error)}); start the same command on each"
                    ) from error
                time.sleep(BETWEEN_TRIES)
                continue
            if answer == READY:
                return
            if answer == DIFFERS:
                raise ClusterError(
                    f"not all came to {first} with the same notes and options; give all the same command"
                )
            raise ClusterError(f"{first} hung up; see what it says there")


def _heard(call: socket.socket) -> tuple[int, bytes]:
    """Return who calls, and about what; 0 if it is nobody of ours."""
    heard = b""
    try:
        while len(heard) < INTRODUCTION and (part := call.recv(INTRODUCTION - len(heard))):
            heard += part
    except OSError:
        return 0, b""
    return (int.from_bytes(heard[:4]), heard[4:]) if len(heard) == INTRODUCTION else (0, b"")


def _address(worker: str) -> tuple[str, int]:
    host, _, port = worker.rpartition(":")
    return host.strip("[]"), int(port)
