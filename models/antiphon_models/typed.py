"""What is to be typed here: this environment's pip, and the command as it was called.

In a clone the shell finds neither, and what it finds as ``pip`` would fill another environment.
"""

import shlex
import sys
from pathlib import Path
from shutil import which

COMMAND = "antiphon"


def pip_install(*words: str) -> str:
    """Return the line that installs something here, such as ``.venv/bin/pip install 'antiphon[train]'``."""
    pip = Path(sys.prefix, "bin", "pip")
    if sys.prefix == sys.base_prefix:
        program = "pip"
    elif pip.exists():
        program = _as_typed(pip)
    else:
        # Who made this environment has a pip elsewhere, as pipx and uv do.
        program = f"{_as_typed(Path(sys.executable))} -m pip"
    return f"{program} install {shlex.join(words)}"


def antiphon(*words: str, called: str | None = None) -> str:
    """Return a line that calls the command, by its name where the shell finds it, or else by where it lies.

    Args:
        words: its arguments.
        called: what this process was called as; None asks the system.
    """
    program = Path(sys.argv[0] if called is None else called)
    is_found = program.name != COMMAND or which(COMMAND) == str(program)
    return shlex.join([COMMAND if is_found else _as_typed(program), *words])


def _as_typed(program: Path) -> str:
    """Return a path as it is typed in the folder that one is in."""
    try:
        return str(program.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(program)
