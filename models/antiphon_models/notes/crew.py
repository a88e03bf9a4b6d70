"""A crew of processes that read files, of which one may crash or hang without harm to the rest.

Each worker has a pipe of its own, so that it is known what it was reading when it died, and a death in the
middle of a sentence blocks nobody. Workers are spawned: a fork of a process in which a library has threads
may hang. When this process dies, however suddenly, the pipes end and so do the workers.

Knows nothing of what is read.
"""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Generic, Literal, NamedTuple, TypeVar

from antiphon_models.errors import TrainingError
from antiphon_models.typed import pip_install

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

AHEAD = 4
"""Jobs that a worker is given before it asks, so that it never waits. They must fit into a pipe together."""

PATIENCE = 60.0
"""Seconds after which a worker that says nothing is taken for hung."""

MOST_LOSSES_IN_A_ROW = 20

End = Literal["done", "crashed", "hung"]


class Report(NamedTuple, Generic[Job, Outcome]):
    """What a worker says of a job: one of any number of outcomes, or, with ``end``, that it is over."""

    job: Job
    outcome: Outcome | None
    end: End | None


def reports(
    read: Callable[[Job], Iterable[Outcome]], jobs: Iterable[Job], workers: int, patience: float = PATIENCE
) -> Generator[Report[Job, Outcome], None, None]:
    """Read each job in one of several processes and yield what they say, in whatever order it comes.

    ``read`` is a function of a module, and with the jobs and outcomes can be pickled. Closing the generator
    ends the processes.

    Raises:
        TrainingError: the workers die of everything that they are given.
    """
    crew = _Crew(read, iter(jobs), workers, patience)
    try:
        yield from crew.reports()
    finally:
        crew.dismiss()


class _Worker(Generic[Job, Outcome]):
    """One process, the jobs that it has been given, and when it last said something."""

    def __init__(self, read: Callable[[Job], Iterable[Outcome]]) -> None:
        context = multiprocessing.get_context("spawn")
        self.channel, theirs = context.Pipe()
        self.jobs: deque[Job] = deque()
        self.heard_at = time.monotonic()
        self._process = context.Process(target=_work, args=(read, theirs), daemon=True)
        # The first process starts the tracker as well, and that lets interrupts through again.
        resource_tracker.ensure_running()
        with _interrupts_blocked():
            self._process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        if not self.jobs:
            self.heard_at = time.monotonic()
        self.jobs.append(job)
        with suppress(OSError):  # It has died; the end of its pipe is about to say so.
            self.channel.send(job)

    def kill(self) -> None:
        self.channel.close()
        self._process.kill()
        self._process.join()


class _Crew(Generic[Job, Outcome]):
    def __init__(
        self,
        read: Callable[[Job], Iterable[Outcome]],
        jobs: Iterator[Job],
        workers: int,
        patience: float,
    ) -> None:
        self._read = read
        self._jobs = jobs
        self._given_back: deque[Job] = deque()
        self._most = workers
        self._patience = patience
        self._workers: list[_Worker[Job, Outcome]] = []
        self._losses_in_a_row = 0

    def reports(self) -> Iterator[Report[Job, Outcome]]:
        self._give_out()
        while busy := {worker.channel: worker for worker in self._workers if worker.jobs}:
            quiet_since = min(worker.heard_at for worker in busy.values())
            ready = wait(list(busy), max(0.0, quiet_since + self._patience - time.monotonic()))
            for channel in ready:
                assert isinstance(channel, Connection)
                yield self._heard(busy[channel])
            for worker in busy.values():
                if worker in self._workers and worker.jobs and self._is_hung(worker):
                    yield self._lost(worker, "hung")
            self._give_out()

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _give_out(self) -> None:
        for worker in self._workers:
            while len(worker.jobs) < AHEAD and (job := self._next()) is not None:
                worker.give(job)
        while len(self._workers) < self._most and (job := self._next()) is not None:
            worker = _Worker(self._read)
            self._workers.append(worker)
            worker.give(job)

    def _next(self) -> Job | None:
        return self._given_back.popleft() if self._given_back else next(self._jobs, None)

    def _heard(self, worker: "_Worker[Job, Outcome]") -> Report[Job, Outcome]:
        try:
            outcome, is_over = worker.channel.recv()
        except (EOFError, OSError):
            return self._lost(worker, "crashed")
        worker.heard_at = time.monotonic()
        self._losses_in_a_row = 0
        if not is_over:
            return Report(worker.jobs[0], outcome, None)
        return Report(worker.jobs.popleft(), None, "done")

    def _is_hung(self, worker: "_Worker[Job, Outcome]") -> bool:
        return time.monotonic() - worker.heard_at > self._patience and not worker.channel.poll()

    def _lost(self, worker: "_Worker[Job, Outcome]", end: End) -> Report[Job, Outcome]:
        """Blame the job that a worker was at, and give its other jobs to the rest of the crew."""
        self._workers.remove(worker)
        worker.kill()
        job = worker.jobs.popleft()
        self._given_back.extend(worker.jobs)
        self._losses_in_a_row += 1
        if self._losses_in_a_row > MOST_LOSSES_IN_A_ROW:
            raise TrainingError(
                f"the reader has died {self._losses_in_a_row} times in a row, so it may be broken; "
                f"run `{pip_install('--force-reinstall', 'symusic')}`"
            )
        return Report(job, None, end)


def _work(read: Callable[[Job], Iterable[Outcome]], channel: "Connection[object, Job]") -> None:
    """Read what is sent until nobody is there to send any more."""
    try:
        while True:
            for outcome in read(channel.recv()):
                channel.send((outcome, False))
            channel.send((None, True))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach; it is for this one alone to stop them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
