"""`antiphon bench` as a command."""

import json

import pytest

from antiphon.adapters.histogram import Histogram
from antiphon.bench.bench import exit_code_of
from antiphon.bench.measured import Playing, Session, Waiting
from antiphon.cli import main
from antiphon.errors import PortError

NOTHING_HAPPENED = Session("jack", Waiting(0.1, 1.0, 0.0), Playing(*(Histogram() for _ in range(5))))


def test_the_figures_are_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json", "--set", "midi.api=none", "--model", "small"]) == 0
    told = json.loads(capsys.readouterr().out)
    for name in ("event_us", "prime_us", "invoke_us"):
        assert 0 < told[name]["p50"] <= told[name]["p99"] <= told[name]["max"]
    assert {"lateness_us", "rss_mb", "start_s", "idle_cpu_percent"} <= told.keys()


def test_without_the_ports_that_it_was_to_play_on_it_ends_like_every_command_without_midi() -> None:
    assert exit_code_of("auto", None) == exit_code_of("jack", None) == PortError.exit_code
    assert exit_code_of("none", None) == 0
    assert exit_code_of("auto", NOTHING_HAPPENED) == 0


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bench", "--plot", "bench.jpeg", "--set", "midi.api=none"]) == 2
    assert capsys.readouterr().err == (
        "antiphon: cannot draw bench.jpeg; name a file that ends in .svg or .png\n"
    )
