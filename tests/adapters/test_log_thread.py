"""The log on a thread of its own, with a pipe that nobody empties."""

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from antiphon.adapters.log_thread import written_by_a_thread

logger = logging.getLogger("antiphon.test")

SMALLEST_PIPE = 4096
"""Bytes: a page, which is the least that Linux gives a pipe."""

MORE_THAN_IT_HOLDS = 200

END_WHILE_NOBODY_READS = f"""
import logging
from antiphon import log
from antiphon.adapters.log_thread import written_by_a_thread
log.configure(verbose=True)
with written_by_a_thread():
    for number in range({MORE_THAN_IT_HOLDS}):
        logging.getLogger("antiphon").info("line %d of many", number)
print("ended", flush=True)
"""


@contextmanager
def logging_to(stream: TextIO) -> Iterator[None]:
    """Let the lines of these tests go to a stream, and to nobody else."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    former, root.handlers[:] = root.handlers[:], [handler]
    level = root.level
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = former
        root.setLevel(level)


@contextmanager
def small_pipe() -> Iterator[tuple[TextIO, TextIO]]:
    """Yield both ends of a pipe that is soon full: for the reader, and for the writer."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    with open(reader, encoding="utf-8") as readable, open(writer, "w", encoding="utf-8") as writable:
        yield readable, writable


def say(lines: int) -> None:
    for number in range(lines):
        logger.info("line %d of many", number)


def test_lines_come_in_order_and_whole_once_somebody_reads() -> None:
    with small_pipe() as (readable, writable), logging_to(writable):
        with written_by_a_thread():
            say(MORE_THAN_IT_HOLDS)
            read = [readable.readline() for _ in range(MORE_THAN_IT_HOLDS)]
        assert read == [f"line {number} of many\n" for number in range(MORE_THAN_IT_HOLDS)]


def test_what_nobody_takes_is_left_out_and_counted() -> None:
    """However the two threads take turns, every line is either there or counted."""
    with small_pipe() as (readable, writable), logging_to(writable):
        with written_by_a_thread(most_waiting=10):
            say(1000)
            written = [readable.readline() for _ in range(10)]
        os.set_blocking(readable.fileno(), False)
        written += readable
    numbers = [int(line.split()[1]) for line in written if line.startswith("line")]
    missing = [int(line.split()[0]) for line in written if "are missing here" in line]
    assert numbers == sorted(numbers)
    assert len(numbers) + sum(missing) == 1000
    assert missing


def test_afterwards_lines_are_written_as_before() -> None:
    with small_pipe() as (readable, writable), logging_to(writable):
        with written_by_a_thread():
            logger.info("by a thread")
        logger.info("without one")
        assert [readable.readline() for _ in range(2)] == ["by a thread\n", "without one\n"]


def test_a_reader_that_has_gone_is_no_error() -> None:
    with small_pipe() as (readable, writable), logging_to(writable):
        readable.close()
        with written_by_a_thread():
            say(3)


def test_the_process_ends_though_nobody_reads() -> None:
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    try:
        done = subprocess.run(
            [sys.executable, "-c", END_WHILE_NOBODY_READS],
            stdout=subprocess.PIPE,
            stderr=writer,
            timeout=60,
            check=False,
        )
    finally:
        os.close(reader)
        os.close(writer)
    assert (done.returncode, done.stdout) == (0, b"ended\n")
