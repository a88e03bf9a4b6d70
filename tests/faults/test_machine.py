"""A machine that has little time, whose clock jumps, whose terminal is closed, whose log nobody reads."""

import fcntl
import json
import statistics
import termios
import time
from array import array
from pathlib import Path

import pytest

from busy_machine import busy_machine
from fault_table import Fault
from faults_at_large import STEADY, Tell, until_it_answers, words_of
from jack_server import requires_jack
from jam_session import Jam, jam, script
from wall_clock import YEAR, WallClock

pytestmark = requires_jack

SMALLEST_PIPE = 4096
"""Bytes."""

LONGEST_LINE = 400
"""Bytes. A pipe with less room than that is full: a line is written as a whole or not at all."""


@pytest.mark.parametrize("priority", [pytest.param(0, marks=pytest.mark.long), 50])
def test_busy_programs_leave_nothing_hanging(priority: int, tmp_path: Path, tell: Tell) -> None:
    settings = (*STEADY, f"system.priority={priority}", "guide.density=8", "play.seconds=6")
    with jam(tmp_path, *settings, program=[script("overheard_daemon")]) as session:
        session.play_phrase()
        session.next_onset()
        with busy_machine() as loops:
            session.daemon.wait_for("answered with")
            idle_again = time.monotonic()
        session.until_quiet(0.5)
        assert session.sounding() == set()
        until_it_answers(session)
        session.daemon.child.terminate()
        told = json.loads(session.daemon.wait_for('{"onsets"'))
    sent = [(at, due) for at, (due, _) in zip(told["sent"], told["onsets"], strict=True) if at < idle_again]
    late = sorted(1000 * (at - due) for at, due in sent)
    is_first = priority and not any("without real-time priority" in line for line in session.daemon.said)
    tell(
        Fault(
            f"other programs want the processor, {'a' if is_first else 'no'} real-time priority",
            f"{loops} busy loops during an answer, `system.priority = {priority}`",
            f"{len(late)} notes, half of them within {statistics.median(late):.1f} ms, all within "
            f"{late[-1]:.0f} ms; {told['left_out']} were left out, none hangs",
            "; ".join(words_of(line, tmp_path) for line in session.daemon.said if "left out" in line)
            or "nothing",
        )
    )


def test_a_terminal_that_is_closed(tmp_path: Path, tell: Tell) -> None:
    """Or an ssh connection that breaks: nobody is left who could end it."""
    program = (script("in_a_terminal"), "-m", "antiphon.cli", "run")
    with jam(tmp_path, *STEADY, program=program) as session:
        session.play_phrase()
        session.next_onset()
        closed = time.monotonic()
        session.daemon.say("close")
        assert session.daemon.child.wait(20) == 0
        session.until_quiet(0.3)
        silent = session.silent_since() - closed
        session.start_daemon()
        until_it_answers(session)
        tell(
            Fault(
                "the terminal that it was started in is closed",
                "the other end of a pseudo-terminal is closed in mid-answer",
                f"the answer ends {1000 * silent:.0f} ms later, as by Ctrl-C",
                "nothing, for there is no terminal; exit 0",
                "not by itself",
            )
        )


@pytest.mark.long
def test_a_wall_clock_that_jumps_by_a_year(tmp_path: Path, tell: Tell) -> None:
    """Forth and back, each in mid-answer; the dates in the log show that the daemon sees it."""
    clock = WallClock(tmp_path)
    with jam(tmp_path, *STEADY, "play.seconds=5", environment=clock.environment) as session:
        years = []
        for offset in (YEAR, -YEAR):
            session.play_phrase()
            session.next_onset()
            clock.jump(offset)
            given_back = session.daemon.wait_for("answered with")
            assert 0.0 < float(given_back.partition(" in ")[2].partition(" s ")[0]) < 10.0
            years.append(int(given_back[:4]))
            session.until_quiet(0.3)
            assert session.sounding() == set()
        until_it_answers(session)
        assert years[0] - years[1] == 2
        tell(
            Fault(
                "the clock of the machine jumps by a year",
                "a year forth, then two back, each in mid-answer; only this process sees it",
                "nothing: answers go on, and end in time",
                f"nothing, but in another year: {years[0]}, then {years[1]}",
            )
        )


def test_a_log_that_nobody_reads(tmp_path: Path, tell: Tell) -> None:
    """As in a pager that is not scrolled, or in a terminal after Ctrl-S."""
    verbose = ("-m", "antiphon.cli", "--debug", "run")
    with jam(tmp_path, *STEADY, program=verbose) as session:
        assert session.daemon.child.stdout is not None
        log = session.daemon.child.stdout.fileno()
        fcntl.fcntl(log, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
        session.daemon.stop_reading()
        while unread(log) < SMALLEST_PIPE - LONGEST_LINE:
            begin_an_answer(session)
        begin_an_answer(session)
        assert unread(log) >= SMALLEST_PIPE - LONGEST_LINE
        session.daemon.read_on()
        session.daemon.lines_until_quiet(0.5)
        until_it_answers(session)
        onsets = sum(message.is_onset for message in session.messages)
        assert sum("sent PlayNote" in line for line in session.daemon.said) == onsets
        tell(
            Fault(
                "nobody reads the log",
                "standard error is a pipe that is full, with `--debug`",
                "nothing: answers begin and end as ever",
                "every line, once somebody reads again",
            )
        )


def begin_an_answer(session: Jam) -> None:
    """Play a phrase, and interrupt the answer to it; nothing is known from the log."""
    session.play_phrase()
    session.next_onset()
    session.interrupt()
    session.until_quiet(0.2)
    assert session.audible() == set()
    session.let_go()


def unread(pipe: int) -> int:
    """Return how many bytes wait in a pipe to be read."""
    waiting = array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, waiting)
    return waiting[0]
