"""Options of the suite."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--corpora",
        type=Path,
        help="folder that holds the corpora, each with its splits.json; without it their tests are skipped",
    )
