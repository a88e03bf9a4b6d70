"""What the doctor found, as text and as JSON."""

import json
from typing import get_args

import pytest

from antiphon.findings import Finding, Mend, Verdict, as_json, as_text, exit_code

LONG = "a keyboard whose name is so very long that it does not fit on one line of a terminal of 80 columns"


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_values_stand_in_one_column_whatever_the_verdict(verdict: Verdict) -> None:
    lines = as_text(Finding("settings", verdict, LONG, "plug it in")).splitlines()
    assert lines[0].startswith(f"{verdict} ")
    assert {line.index(next(iter(line[27:].split()))) for line in lines[:-1]} == {27}
    assert lines[-1] == " " * 27 + "-> plug it in"
    assert max(map(len, lines)) <= 80


def test_a_path_is_never_broken() -> None:
    path = "/a/very-long/" * 9 + "model.tflite"
    assert path in as_text(Finding("model", "missing", f"there is no {path}"))


def test_a_line_that_is_to_be_copied_is_never_broken_and_stands_alone() -> None:
    line = "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"
    mended = Finding(
        "cores", "could be better", "slow", mends=(Mend("until the next boot", line), Mend("or", "x y"))
    )
    indent = " " * 27
    assert as_text(mended).splitlines()[1:] == [
        f"{indent}-> until the next boot:",
        f"{indent}   {line}",
        f"{indent}-> or:",
        f"{indent}   x y",
    ]


def test_it_can_play_where_nothing_that_it_needs_is_missing() -> None:
    fine = [
        Finding("Python", "good", "3.13"),
        Finding("GPU", "not needed", "none"),
        Finding("CPU", "good", "1 us"),
    ]
    assert exit_code(fine) == 0
    assert exit_code([*fine, Finding("MIDI", "missing", "none", exit_code=3)]) == 3


def test_programs_get_figures_and_the_verdict_on_the_whole() -> None:
    found = [
        Finding("CPU", "good", "fast", figures={"steps": 400}),
        Finding("MIDI", "missing", "ä", exit_code=3),
    ]
    report = json.loads(as_json(iter(found)))
    assert (report["can_play"], report["exit_code"]) == (False, 3)
    cpu, midi = report["findings"]
    assert cpu["figures"] == {"steps": 400}
    assert (midi["name"], midi["verdict"], midi["value"], midi["remedy"]) == ("MIDI", "missing", "ä", "")
