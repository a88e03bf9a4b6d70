"""What is read out of the log of a fuzzer, and told of it."""

from datetime import date
from pathlib import Path

from fuzzed import Fuzzed, WayIn, page

LOG = """INFO: Instrumenting antiphon
INFO: Seed: 1814264712
#1909891	REDUCE cov: 1180 ft: 3133 corp: 268/23Kb lim: 4096 exec/s: 2131 rss: 107Mb
#1912436	DONE   cov: 1184 ft: 3133 corp: 268/23Kb lim: 4096 exec/s: 2122 rss: 107Mb
Done 1912436 runs in 901 second(s)
stat::number_of_executed_units: 1912436
stat::average_exec_per_sec:     2122
stat::peak_rss_mb:              107
"""


def test_the_figures_are_those_of_its_end() -> None:
    went = Fuzzed.by_its_log(LOG)
    assert went == Fuzzed(1814264712, 901, 1912436, 1184, 107, ())
    assert str(went) == "1912436 inputs, 2123 a second, 1184 branches, 107 MB"


def test_an_input_that_failed_is_told_once() -> None:
    failed = Fuzzed.by_its_log("Test unit written to build/crash-1\n" * 2 + LOG).failed
    assert failed == (Path("build/crash-1"),)


def test_a_log_that_broke_off_has_no_figures() -> None:
    assert Fuzzed.by_its_log("INFO: Instrumenting antiphon\n").rate == 0.0


def test_a_page_has_a_row_for_each_way_in_and_one_for_all() -> None:
    went = Fuzzed.by_its_log(LOG)
    rows = page(WayIn(name, "Bytes", went, date(2026, 1, 2), 64) for name in ("osc", "page")).splitlines()
    figures = "1,912,436 | 2,123 | 1184 | 107 MB | none | 64"
    assert f"| `osc`: Bytes | {figures} | 15 min, 2026-01-02, seed 1814264712 |" in rows
    assert "| all | 3,824,872 | | | | none | 128 | 30 min |" in rows
