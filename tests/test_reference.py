"""The page of all commands: what it says is what the command line does."""

from pathlib import Path

import pytest

from antiphon import errors, reference
from antiphon.commands import BUILT_IN

PROJECT = Path(__file__).resolve().parent.parent

COMMANDS = [function.__name__ for function in BUILT_IN]


@pytest.fixture(scope="module")
def page() -> str:
    return reference.page()


def test_the_page_is_what_the_command_line_says(page: str) -> None:
    written = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == page + "\n", "run `make docs`"


@pytest.mark.parametrize("command", [*COMMANDS, "prepare", "train", "evaluate", "export"])
def test_every_command_has_a_part_with_its_usage_an_example_and_its_options(page: str, command: str) -> None:
    _, _, rest = page.partition(f"\n## {command}\n")
    part = rest.partition("\n## ")[0]
    assert f"\nantiphon {command} " in part
    assert "```sh\nantiphon " in part
    assert "| `--help` | " in part


def test_a_choice_stays_within_its_cell(page: str) -> None:
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {3}
    assert "<code>--engine lstm&#124;markov&#124;" in page


def test_every_exit_code_is_on_the_page(page: str) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")]
    assert all(f"\n| {code} | " in page for code in {0, 130, *(kind.exit_code for kind in kinds)})
