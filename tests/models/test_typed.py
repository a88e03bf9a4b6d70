"""What a reader is told to type is what is there."""

import shlex
import sys
from pathlib import Path

import pytest

from antiphon_models.typed import antiphon, pip_install


def test_what_installs_is_a_program_that_is_there_and_quotes_what_a_shell_would_take_apart() -> None:
    line = pip_install("antiphon[train]")
    assert line.endswith(" install 'antiphon[train]'")
    program = shlex.split(line)[0]
    assert program == "pip" or Path(program).exists()


def test_pip_is_named_as_one_types_it_beside_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(sys.prefix).parent)
    program = shlex.split(pip_install("jax"))[0]
    assert program == "pip" or not Path(program).is_absolute()


def test_the_command_is_called_as_it_was_where_the_shell_would_not_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / ".venv" / "bin" / "antiphon"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert antiphon("export", "my run", called=str(program)) == ".venv/bin/antiphon export 'my run'"
    assert antiphon("ports", called=".venv/bin/antiphon") == ".venv/bin/antiphon ports"
    monkeypatch.setenv("PATH", str(program.parent))
    assert antiphon("ports", called=str(program)) == "antiphon ports"


def test_the_command_has_its_name_where_it_was_called_as_something_else() -> None:
    assert antiphon("ports", called="/somewhere/pytest") == "antiphon ports"
