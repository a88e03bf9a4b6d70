"""Figures for programs: units in the names, and nothing invented where nothing was measured."""

import msgspec

from antiphon.bench.measured import figures
from bench_session import COST, SESSION


def test_the_figures_of_a_session_are_in_microseconds_seconds_and_megabytes() -> None:
    told = msgspec.to_builtins(figures("default", COST, SESSION, ""))
    assert (told["model"], told["system"], told["skipped"]) == ("default", "jack", "")
    assert told["event_us"]["p50"] == 90.0
    assert told["lateness_us"]["max"] == 600.0
    assert (told["start_s"], told["rss_mb"], told["idle_cpu_percent"]) == (0.381, 66.7, 0.123)


def test_what_was_not_played_has_no_figures_but_a_reason() -> None:
    told = msgspec.to_builtins(figures("default", COST, None, "no MIDI system here"))
    assert told["skipped"] == "no MIDI system here"
    assert told["lateness_us"] is told["start_s"] is told["system"] is None
    assert told["invoke_us"]["p50"] == 60.0
