"""Options of the suite."""

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("antiphon", deadline=None)
settings.load_profile("antiphon")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--corpora",
        type=Path,
        help="folder that holds the corpora, each with its splits.json; without it their tests are skipped",
    )
    parser.addoption("--long", action="store_true", help="run those tests too that wait for half a minute")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="it takes half a minute and more; run it by --long"))
