"""A daemon that is killed, stopped, or starved of memory."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fault_table import Fault
from faults_at_large import CHORD, STEADY, Tell, holding_a_chord, interrupt, until, until_it_answers, words_of
from jack_server import requires_jack
from jam_session import Jam, jam
from memory_group import EATEN_FIRST, hog, memory_group

pytestmark = requires_jack

ENOUGH = 300
"""Megabytes, of which a daemon takes a third."""


def killed_in_mid_chord(session: Jam, folder: Path) -> None:
    """Kill the daemon while what it has begun sounds."""
    until(lambda: any(path.stat().st_size for path in folder.glob("*.journal")))
    session.daemon.kill()
    left_hanging(session)


def left_hanging(session: Jam) -> None:
    """Find that it was killed, and that the chord hangs: nobody else can end it."""
    assert session.daemon.child.returncode == -signal.SIGKILL
    session.until_quiet(0.3)
    assert session.audible() == CHORD


def test_what_a_killed_daemon_leaves_sounding_is_silenced_by_a_panic(tmp_path: Path, tell: Tell) -> None:
    with holding_a_chord(tmp_path) as session:
        killed_in_mid_chord(session, tmp_path)
        began = time.monotonic()
        panic = [
            sys.executable,
            "-m",
            "antiphon.cli",
            "panic",
            "--out",
            "recorder*",
            "--set",
            "midi.api=jack",
        ]
        said = subprocess.run(panic, capture_output=True, text=True, check=True).stdout.strip()
        session.until_quiet(0.3)
        assert session.sounding() == set()
        tell(
            Fault(
                "it is killed, and nothing starts it again",
                "`SIGKILL` while it passes a chord on; then `antiphon panic`",
                f"the chord hangs, and ends {session.silent_since() - began:.2f} s after the panic is called",
                f"the panic says: {said}; exit 137",
                "not by itself",
            )
        )


def test_the_next_start_silences_what_a_killed_one_left(tmp_path: Path, tell: Tell) -> None:
    with holding_a_chord(tmp_path) as session:
        killed_in_mid_chord(session, tmp_path)
        began = time.monotonic()
        session.start_daemon()
        back = time.monotonic() - began
        while session.audible():
            session.next_message()
        silent = session.silent_since() - began
        silenced = session.daemon.has_said("who played there before was killed")
        recovered = session.daemon.has_said("recovered a session")
        until_it_answers(session)
        tell(
            Fault(
                "it is killed, and started again",
                "`SIGKILL` while it passes a chord on; then another start",
                f"the chord hangs, and ends {silent:.2f} s after the start begins",
                f"{words_of(silenced, tmp_path)}; {words_of(recovered, tmp_path)}; exit 137",
                back,
            )
        )


def test_the_kernel_ends_what_takes_all_memory_and_the_music_goes_on(tmp_path: Path, tell: Tell) -> None:
    """The unit asks to be spared, so that whatever else there is goes first."""
    with memory_group(ENOUGH) as group, jam(tmp_path, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        group.take_in(session.daemon.child.pid)
        with subprocess.Popen(hog(), stdin=subprocess.PIPE) as greedy:
            group.take_in(greedy.pid, weight=500)
            greedy.communicate(b"\n")
        assert greedy.returncode == -signal.SIGKILL
        session.next_onset()
        interrupt(session)
        until_it_answers(session)
        tell(
            Fault(
                "another program takes all the memory",
                f"in a control group of {ENOUGH} MB, with an `OOMScoreAdjust` 500 above the daemon's",
                "nothing: the kernel ends the other program, and the answer goes on",
                "nothing",
            )
        )


@pytest.mark.long
def test_the_kernel_ends_the_daemon_for_want_of_memory(tmp_path: Path, tell: Tell) -> None:
    with memory_group(ENOUGH) as group, holding_a_chord(tmp_path) as session:
        group.take_in(session.daemon.child.pid, weight=EATEN_FIRST)
        with subprocess.Popen(hog(), stdin=subprocess.PIPE) as greedy:
            group.take_in(greedy.pid, weight=EATEN_FIRST // 2)
            assert greedy.stdin is not None
            greedy.stdin.write(b"\n")
            greedy.stdin.flush()
            session.daemon.child.wait(20)
            greedy.kill()
        left_hanging(session)
        tell(
            Fault(
                "the kernel ends it for want of memory",
                f"in a control group of {ENOUGH} MB, before everything else",
                "as where it is killed",
                "as there; exit 137",
                "not by itself",
            )
        )


def test_a_daemon_that_is_stopped_in_mid_answer_goes_on_when_it_may(tmp_path: Path, tell: Tell) -> None:
    with jam(tmp_path, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        session.daemon.freeze()
        session.until_quiet(2.0)
        hung = len(session.audible())
        thawed = time.monotonic()
        session.daemon.thaw()
        first = session.next_onset().at
        interrupt(session)
        until_it_answers(session)
        left_out = [words_of(line, tmp_path) for line in session.daemon.said if "left out" in line]
        tell(
            Fault(
                "it is stopped, and may go on",
                "`SIGSTOP` in mid-answer, 2 s later `SIGCONT`",
                f"{hung} notes hang meanwhile; then what is due is released, and the answer goes on",
                "; ".join(left_out) or "nothing",
                first - thawed,
            )
        )
