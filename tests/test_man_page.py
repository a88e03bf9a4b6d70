"""The page of the manual: what it says is what the command line does, and formatters take it as it is."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from antiphon import man_page
from antiphon.commands import BUILT_IN

PROJECT = Path(__file__).resolve().parent.parent
WRITTEN = PROJECT / "docs" / "antiphon.1"

COMMANDS = [*(function.__name__ for function in BUILT_IN), "prepare", "train", "evaluate", "export"]


@pytest.fixture(scope="module")
def page() -> str:
    return man_page.page()


def formatted(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, WRITTEN], text=True, capture_output=True, timeout=60, check=False)


def test_the_page_is_what_the_command_line_says(page: str) -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page + "\n", "run `make docs`"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_part_with_its_usage_an_example_and_its_options(page: str, command: str) -> None:
    _, _, rest = page.partition(f"\n.SS {command}\n")
    part = rest.partition("\n.SS ")[0]
    assert f".nf\nantiphon {command} [OPTIONS]" in part
    assert re.search(rf"^\.RS 4\n\.nf\n(.*\n)*?(.*\| )?antiphon {command}\b", part, re.MULTILINE)
    assert "\n\\fB\\-\\-help\\fR\n" in part


def test_every_line_is_text_or_a_macro_that_is_known(page: str) -> None:
    macros = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert macros == {'.\\"', ".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE"}


def test_it_goes_with_the_wheel_to_where_man_looks() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {"docs/antiphon.1": "share/man/man1/antiphon.1"}


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
def test_groff_has_nothing_to_say_against_it() -> None:
    assert formatted("groff", "-man", "-ww", "-z").stderr == ""


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc")
def test_mandoc_misses_a_date_and_nothing_else() -> None:
    """A date would be another one with each build."""
    warnings = formatted("mandoc", "-Tlint", "-Wwarning").stdout.splitlines()
    assert [line for line in warnings if "missing date" not in line] == []
