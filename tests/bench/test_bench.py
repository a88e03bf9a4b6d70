"""`antiphon bench` as a command."""

import json

import pytest

from antiphon.cli import main


def test_the_figures_are_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json", "--set", "midi.api=none", "--model", "small"]) == 0
    told = json.loads(capsys.readouterr().out)
    for name in ("event_us", "prime_us", "invoke_us"):
        assert 0 < told[name]["p50"] <= told[name]["p99"] <= told[name]["max"]
    assert {"lateness_us", "rss_mb", "start_s", "idle_cpu_percent"} <= told.keys()


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bench", "--plot", "bench.jpeg", "--set", "midi.api=none"]) == 1
    assert capsys.readouterr().err == (
        "antiphon: cannot draw bench.jpeg: name a file that ends in .svg or .png\n"
    )
