"""The JACK server that all faults happen on, and the table of what came of them.

python -m pytest tests/faults --long --table docs/reliability/faults.md
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fault_table import Fault, Shown, page
from jack_server import JackServer, running_jack_server

PROPERTY = "fault"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--table", type=Path, help="file that is to hold the table of all faults, if all passed")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    # Where the whole suite is run, this file is read too late to add an option.
    path: Path | None = config.getoption("--table", None)
    if path is None:
        return
    if exitstatus != pytest.ExitCode.OK:
        terminalreporter.write_line(f"{path} stays as it was, for not all has passed")
        return
    reports = terminalreporter.getreports("passed")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        page(shown_by(reports), why_not(terminalreporter.getreports("skipped"))), encoding="utf-8"
    )
    terminalreporter.write_line(f"wrote {path}")


def shown_by(reports: list[Any]) -> list[Shown]:
    return [
        Shown(fault, report.nodeid)
        for report in reports
        for name, fault in report.user_properties
        if name == PROPERTY
    ]


def why_not(reports: list[Any]) -> list[str]:
    return [f"`{report.nodeid}`: {report.longrepr[2].removeprefix('Skipped: ')}" for report in reports]


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[JackServer]:
    with running_jack_server() as server:
        yield server


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[Fault], None]:
    """Return what takes the line of a fault for the table."""
    return lambda fault: record_property(PROPERTY, fault)
