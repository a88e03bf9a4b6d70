"""What is said about the footing: good, or missing with the very line that grants it."""

import json
import pwd
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import lesser_rights
from antiphon.adapters.footing import Footing
from antiphon.doctor.footing import (
    beneficiary,
    check_footing,
    of_the_clock,
    of_the_cores,
    of_the_memory,
    of_the_priority,
    of_the_throttle,
)
from antiphon.findings import Finding
from default_config import loaded

ALL = Footing(60, 60, memory_is_locked=True)
NOTHING = Footing(60, 0, memory_is_locked=False)


def lines(finding: Finding) -> list[str]:
    return [mend.line for mend in finding.mends]


def files(folder: Path, contents: Mapping[str, str]) -> Path:
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text}\n")
    return folder


def test_what_is_granted_is_good_and_needs_no_line() -> None:
    found = [of_the_priority(ALL, "@audio"), of_the_memory(ALL, "@audio")]
    assert [(each.verdict, lines(each)) for each in found] == [("good", [])] * 2


def test_what_is_not_granted_could_be_better_with_a_line_for_the_user_and_one_for_a_service() -> None:
    priority, memory = of_the_priority(NOTHING, "@audio"), of_the_memory(NOTHING, "@audio")
    assert [priority.verdict, memory.verdict] == ["could be better", "could be better"]
    assert lines(priority) == ["@audio - rtprio 60", "LimitRTPRIO=60"]
    assert lines(memory) == ["@audio - memlock unlimited", "LimitMEMLOCK=infinity"]
    assert "limits.d" in priority.mends[0].where
    assert "log in again" in priority.mends[0].where


def test_root_who_has_no_limits_is_told_what_its_container_lacks() -> None:
    assert lines(of_the_priority(NOTHING, ""))[0] == "--cap-add=SYS_NICE"
    assert lines(of_the_memory(NOTHING, ""))[0] == "--cap-add=IPC_LOCK"


def test_a_lower_priority_than_is_wished_could_be_better() -> None:
    found = of_the_priority(Footing(60, 20, memory_is_locked=True), "pi")
    assert found.verdict == "could be better"
    assert "20" in found.value
    assert lines(found)[0] == "pi - rtprio 60"
    assert found.figures == {"wished": 60, "granted": 20}


def test_who_asks_for_no_priority_lacks_none() -> None:
    assert of_the_priority(Footing(0, 0, memory_is_locked=True), "pi").verdict == "good"


def test_nothing_of_it_keeps_anybody_from_playing() -> None:
    assert of_the_priority(NOTHING, "pi").exit_code == of_the_memory(NOTHING, "pi").exit_code == 0


def test_a_right_is_granted_to_the_musicians_or_else_to_the_user_and_never_to_root() -> None:
    somebody = next(user for user in pwd.getpwall() if user.pw_uid != 0)
    assert beneficiary(somebody.pw_uid) in ("@audio", somebody.pw_name)
    assert beneficiary(0) == ""


@pytest.mark.parametrize("runtime", ["950000", "-1"])
def test_the_kernels_own_limit_is_told_only_where_it_is_low(tmp_path: Path, runtime: str) -> None:
    settings = files(tmp_path, {"sched_rt_runtime_us": runtime, "sched_rt_period_us": "1000000"})
    assert list(of_the_throttle(settings)) == []
    assert list(of_the_throttle(tmp_path / "of-another-kernel")) == []
    (settings / "sched_rt_runtime_us").write_text("100000\n")
    [found] = of_the_throttle(settings)
    assert (found.verdict, lines(found)) == ("could be better", ["sysctl kernel.sched_rt_runtime_us=950000"])
    assert "10%" in found.value


def test_a_clock_is_good_where_there_is_a_timerfd_of_fine_resolution() -> None:
    assert of_the_clock("linux", 1e-9).verdict == "good"
    assert of_the_clock("linux", 0.004).verdict == "could be better"
    assert "4.0 ms" in of_the_clock("linux", 0.004).value
    assert of_the_clock("darwin", 1e-9).verdict == "could be better"


def test_cores_that_slow_down_between_two_notes_could_be_better(tmp_path: Path) -> None:
    governor = "cpu{}/cpufreq/scaling_governor".format
    assert of_the_cores(tmp_path).verdict == "good"
    cores = files(tmp_path, {governor(0): "performance", governor(1): "performance"})
    assert of_the_cores(cores).verdict == "good"
    found = of_the_cores(files(tmp_path, {governor(1): "powersave"}))
    assert (found.verdict, found.value.partition(":")[0]) == (
        "could be better",
        "governed by performance, powersave",
    )
    [line] = lines(found)
    assert line.startswith("echo performance | sudo tee ")
    assert line.endswith("/cpufreq/scaling_governor")


def test_all_of_it_is_looked_at() -> None:
    names = [finding.name for finding in check_footing(loaded("system.priority=0").config)]
    assert names == ["priority", "memory", "clock", "cores"]


def test_without_any_right_the_doctor_names_each_that_it_lacks() -> None:
    command = [sys.executable, lesser_rights.__file__, "0", "65536", "-c", LOOK]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    verdicts = {finding["name"]: finding["verdict"] for finding in json.loads(done.stdout)}
    assert (verdicts["priority"], verdicts["memory"]) == ("could be better", "could be better")


LOOK = """
import sys, msgspec
from antiphon.config import load
from antiphon.doctor.footing import check_footing
findings = list(check_footing(load(None, (), {}).config))
sys.stdout.write(msgspec.json.encode(findings).decode())
"""
