"""A daemon that is killed, stopped, or starved of memory or of the processor."""

import json
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from busy_machine import busy_machine
from fault_table import Fault
from faults_at_large import CHORD, STEADY, Tell, holding_a_chord, interrupt, until, until_it_answers, words_of
from jack_server import requires_jack
from jam_session import Jam, jam, script
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
        panic = [sys.executable, "-m", "antiphon.cli", "panic", "--out", "recorder*", "--set", "midi.api=jack"]
        said = subprocess.run(panic, capture_output=True, text=True, check=True).stdout.strip()
        session.until_quiet(0.3)
        assert session.sounding() == set()
        tell(
            Fault(
                "it is killed, and nothing starts it again",
                "`SIGKILL` while it passes a chord on; then `antiphon panic`",
                f"the chord hangs until the panic, and ends {session.silent_since() - began:.2f} s after that was called",
                f"the panic says: {said}; exit 137",
            )
        )


def test_the_next_start_of_a_service_silences_what_a_killed_one_left(tmp_path: Path, tell: Tell) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, holding_a_chord(tmp_path) as session:
        manager.bind(str(address))
        killed_in_mid_chord(session, tmp_path)
        began = time.monotonic()
        session.start_daemon({"NOTIFY_SOCKET": str(address)})
        back = time.monotonic() - began
        recovered = session.daemon.has_said("recovered a session")
        session.until_quiet(0.3)
        silent = session.silent_since() - began
        until_it_answers(session)
        tell(
            Fault(
                "it is killed, and systemd starts it again",
                "`SIGKILL` while it passes a chord on; then a start as a service",
                f"the chord hangs until the start, and ends {silent:.2f} s after that was begun",
                f"{words_of(recovered, tmp_path)}; exit 137",
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
                f"{hung} notes hang while it stands still; then all that is due is released, and the answer goes on",
                "; ".join(left_out) or "nothing",
                first - thawed,
            )
        )


@pytest.mark.parametrize("priority", [0, 50])
def test_busy_programs_leave_nothing_hanging(priority: int, tmp_path: Path, tell: Tell) -> None:
    settings = (*STEADY, f"system.priority={priority}", "guide.density=8", "play.seconds=6")
    with jam(tmp_path, *settings, program=[script("overheard_daemon")]) as session:
        with busy_machine() as loops:
            session.play_phrase()
            session.daemon.wait_for("answered with")
        session.until_quiet(0.5)
        assert session.sounding() == set()
        until_it_answers(session)
        session.daemon.child.terminate()
        told = json.loads(session.daemon.wait_for('{"onsets"'))
    late = sorted(1000 * (at - due) for at, (due, _) in zip(told["sent"], told["onsets"], strict=True))
    is_first = priority and not any("without real-time priority" in line for line in session.daemon.said)
    tell(
        Fault(
            f"other programs want the processor, {'a' if is_first else 'no'} real-time priority",
            f"{loops} busy loops during an answer, `system.priority = {priority}`",
            f"{len(late)} notes, half of them within {statistics.median(late):.1f} ms, all within "
            f"{late[-1]:.0f} ms; {told['left_out']} were left out, none hangs",
            "; ".join(words_of(line, tmp_path) for line in session.daemon.said if "left out" in line) or "nothing",
        )
    )
