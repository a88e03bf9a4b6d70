"""The log that the recorder keeps beside each recording: whole, named like it, and gone with it."""

import os
from pathlib import Path

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.recorder import QUEUE_LENGTH, Recorder
from antiphon.adapters.files.session_log import read_session_log
from antiphon.core.commands import SendControl
from antiphon.core.events import InputLost, Triggered
from antiphon.core.transcript import Beginning, Entry, Step
from antiphon.errors import SessionLogError
from default_settings import settings
from kept_sessions import PRESSED, RELEASED, names_in, recorder_in, wait_for, wait_until
from news import heard


def beginning(at: float) -> Beginning:
    return Beginning(at, settings(), 3)


def record_with_a_log(recorder: Recorder, at: float, *before: Entry) -> list[Step]:
    """Record a note a second long, and log it; return its steps."""
    steps = [Step(at, PRESSED), Step(at + 0.5, None), Step(at + 1.0, RELEASED)]
    for entry in before:
        recorder.log(entry)
    recorder.log(steps[0])
    recorder.keep(heard(PRESSED, at))
    recorder.log(steps[1])
    recorder.log(steps[2])
    recorder.keep(heard(RELEASED, at + 1.0))
    return steps


def test_beside_a_recording_lies_its_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    waited = Step(50.0, None)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0), waited)
    recording = recorder.close()
    assert recording is not None
    log = read_session_log(recording.with_suffix(".session"))
    assert log.beginning == beginning(0.0)
    assert list(log.steps) == [waited, *steps]
    assert log.is_whole
    assert log.heading.began == "2025-06-01T12:00:00"
    assert names_in(tmp_path) == [recording.name, log.path.name]


def test_another_beginning_is_another_session_with_its_own_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    first = record_with_a_log(recorder, 100.0, beginning(0.0))
    second = record_with_a_log(recorder, 200.0, beginning(199.0))
    recorder.close()
    logs = [
        read_session_log(path) for path in sorted(tmp_path.glob("*.session"), key=lambda path: len(path.name))
    ]
    assert [list(log.steps) for log in logs] == [first, second]
    assert sorted(path.stem for path in tmp_path.glob("*.mid")) == sorted(log.path.stem for log in logs)


def test_what_happens_without_music_leaves_no_log(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    for entry in (beginning(0.0), Step(1.0, Triggered()), beginning(2.0), Step(3.0, InputLost())):
        recorder.log(entry)
    recorder.keep(Sent(SendControl(4.0, 64, 0), 4.0))
    recorder.close()
    assert names_in(tmp_path) == []


def test_a_log_that_goes_on_has_the_names_of_all_its_recordings(tmp_path: Path) -> None:
    """Between the two nobody said that something begins anew: a MIDI clock may have ticked on."""
    recorder = recorder_in(tmp_path, quiet=0.01)
    first = record_with_a_log(recorder, 100.0, beginning(0.0))
    wait_for(tmp_path / "antiphon-2025-06-01-120000.mid")
    second = record_with_a_log(recorder, 700.0)
    recorder.close()
    logs = [*tmp_path.glob("*.session")]
    assert {path.stem for path in logs} == {path.stem for path in tmp_path.glob("*.mid")}
    assert len(logs) == 2
    for path in logs:
        assert list(read_session_log(path).steps) == [*first, *second]


def test_a_log_has_no_gaps_but_ends_where_the_disk_was_too_slow(tmp_path: Path) -> None:
    pipe = tmp_path / "antiphon-2025-06-01-120000.journal"
    os.mkfifo(pipe)
    recorder = recorder_in(tmp_path)
    recorder.log(beginning(0.0))
    recorder.keep(heard(PRESSED, 0.0))
    for number in range(QUEUE_LENGTH + 10):
        recorder.log(Step(float(number), None))
    opened = os.open(pipe, os.O_RDWR)
    pipe.unlink()
    os.close(opened)
    wait_for(tmp_path / "antiphon-2025-06-01-120000.session")
    recorder.log(Step(1e6, None))
    recording = recorder.close()
    assert recording is not None
    log = read_session_log(recording.with_suffix(".session"))
    assert [step.at for step in log.steps] == [float(number) for number in range(len(log.steps))]
    assert len(log.steps) < QUEUE_LENGTH + 10


def test_recordings_are_deleted_with_their_logs_which_count_as_well(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        for suffix in (".mid", ".session"):
            (tmp_path / f"antiphon-2025-05-0{day}-120000{suffix}").write_bytes(bytes(4000))
    # The recording of this one was renamed by whoever wants to keep it.
    (tmp_path / "antiphon-2025-04-30-120000.session").write_bytes(bytes(4000))
    recorder = recorder_in(tmp_path, megabytes=0.014)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0))
    recording = recorder.close()
    assert recording is not None
    assert names_in(tmp_path) == [
        "antiphon-2025-05-03-120000.mid",
        "antiphon-2025-05-03-120000.session",
        recording.name,
        recording.with_suffix(".session").name,
    ]
    assert list(read_session_log(recording.with_suffix(".session")).steps) == steps


def test_a_crash_leaves_a_log_that_can_be_read_as_far_as_it_goes(tmp_path: Path) -> None:
    recorder = recorder_in(tmp_path)
    steps = record_with_a_log(recorder, 100.0, beginning(0.0))
    log = tmp_path / "antiphon-2025-06-01-120000.session"
    wait_until(lambda: steps_so_far(log) == len(steps))
    assert not read_session_log(log).is_whole
    recorder.close()


def steps_so_far(log: Path) -> int:
    """Return how many steps a log holds that is being written, and may not have begun."""
    try:
        return len(read_session_log(log).steps)
    except SessionLogError:
        return 0
