"""The examples that ``--help`` shows: every one would be understood, and those that need little are run."""

import re
import shlex
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

from antiphon import demonstration
from antiphon.cli import command_line, main
from command_lines import understood
from missing import PLOTTING

PHRASE = Path(demonstration.__file__).with_name("demonstration.mid")

GROUP: Any = typer.main.get_command(command_line(()))

EXAMPLE = re.compile(r"^ +antiphon (.*)$", re.MULTILINE)


def examples() -> Iterator[tuple[str, str]]:
    """Yield every example, with the name of the command whose help shows it."""
    for name, command in {"antiphon": GROUP, **GROUP.commands}.items():
        yield from ((name, line) for line in EXAMPLE.findall(command.help.partition("\b\n")[2]))


EXAMPLES = list(examples())


def test_every_command_of_all_packages_has_one_of_its_own() -> None:
    assert {"run", "bench", "prepare", "train", "evaluate", "export"} <= GROUP.commands.keys()
    of_its_own = {name for name, line in EXAMPLES if line.split()[0] == name}
    assert of_its_own == GROUP.commands.keys()


@pytest.mark.parametrize("line", [line for _, line in EXAMPLES])
def test_an_example_is_understood_with_every_setting_in_it(line: str) -> None:
    understood(shlex.split(line))


@pytest.mark.parametrize("command", ["respond", "compose", "config", "models"])
def test_an_example_that_needs_little_works(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shutil.copy(PHRASE, "phrase.mid")
    line = next(line for name, line in EXAMPLES if name == command)
    if "--plot" in line and find_spec("matplotlib") is None:
        pytest.skip(PLOTTING)
    arguments = shlex.split(line)
    assert main(arguments) == 0, capsys.readouterr().err
    written = [each for each in arguments if each.endswith((".mid", ".svg"))]
    assert all(Path(each).stat().st_size for each in written)
