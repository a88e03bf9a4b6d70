"""A crew reads everything, and a job that kills its reader costs nothing but itself."""

import subprocess
import sys
from itertools import count

import pytest

from antiphon_models.errors import TrainingError
from antiphon_models.notes.crew import AHEAD, MOST_LOSSES_IN_A_ROW, reports
from breaking_reader import count_up_to, die, die_at_sevens, hang_at_three


def test_every_job_yields_its_outcomes_in_order_and_then_ends() -> None:
    heard = list(reports(count_up_to, range(30), workers=2))
    for job in range(30):
        of_job = [(report.outcome, report.end) for report in heard if report.job == job]
        assert of_job == [*(((job, number), None) for number in range(job)), (None, "done")]
    assert len(heard) == 30 + sum(range(30))


def test_a_job_that_kills_its_reader_is_named_and_every_other_is_done() -> None:
    heard = list(reports(die_at_sevens, range(1, 30), workers=2))
    ends = {report.job: report.end for report in heard if report.end is not None}
    assert ends == {job: "crashed" if job % 7 == 0 else "done" for job in range(1, 30)}
    squares = [
        report.outcome for report in heard if report.outcome is not None and report.outcome != report.job
    ]
    assert sorted(squares) == [job * job for job in range(2, 30) if job % 7 != 0]


def test_a_job_that_hangs_is_named_and_every_other_is_done() -> None:
    heard = list(reports(hang_at_three, range(6), workers=1, patience=2.0))
    assert {report.job: report.end for report in heard if report.end} == {
        job: "hung" if job == 3 else "done" for job in range(6)
    }


def test_ctrl_c_reaches_no_reader_not_even_the_first() -> None:
    # In a process of its own, for only the first of all readers was ever reached.
    script = (
        f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n"
        "from antiphon_models.notes.crew import reports; from breaking_reader import tell_of_interrupts\n"
        "if __name__ == '__main__':\n"
        "    print([each.outcome for each in reports(tell_of_interrupts, [1], 1) if not each.end])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.stdout == "[False]\n", ended.stderr


def test_readers_that_die_of_everything_are_given_up() -> None:
    with pytest.raises(TrainingError, match="died 21 times in a row, so it may be broken"):
        list(reports(die, range(100), workers=2))
    assert MOST_LOSSES_IN_A_ROW == 20


def test_jobs_are_taken_as_they_are_needed_and_not_all_at_once() -> None:
    taken = count()
    crew = reports(count_up_to, (1 for _ in taken), workers=2)
    for _ in range(20):
        next(crew)
    crew.close()
    assert next(taken) <= 20 + 2 * AHEAD
