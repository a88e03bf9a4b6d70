"""A program: takes something out of a copy of the source, one thing at a time, and sees whether a test fails.

    python tests/mutations/mutate.py [--only WORDS] [--page FILE]

The tree itself is left as it is. The exit code is 1 where a mutation went unnoticed, or a text that was to be
replaced is no more in the source; then it belongs adapted, not taken off the list.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutations import MUTATIONS, Mutation

PROJECT = Path(__file__).resolve().parent.parent.parent
COPIED = ("daemon", "models", "export", "tests", "pyproject.toml")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules", "static")

TESTS_FAILED = 1
"""What pytest returns where tests ran and some of them failed; anything else is no verdict."""


def main() -> int:
    options = parser().parse_args()
    chosen = [each for each in MUTATIONS if options.only in each.name]
    with tempfile.TemporaryDirectory(prefix="antiphon-mutations-") as folder:
        copy = Path(folder)
        copy_tree(copy)
        tests = sorted({test for each in chosen for test in each.tests})
        as_it_is = run(copy, tests)
        if as_it_is.returncode != 0:
            say(f"{as_it_is.stdout[-2000:]}the tests fail as it is; make them pass first")
            return 1
        rows = [tried(copy, each) for each in chosen]
    if options.page:
        options.page.write_text("\n".join(table(rows)) + "\n", encoding="utf-8")
    return 0 if all(noticed for _, noticed, _ in rows) else 1


def copy_tree(copy: Path) -> None:
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, copy / name)


def tried(copy: Path, mutation: Mutation) -> tuple[Mutation, bool, float]:
    """Apply a mutation to the copy, run its tests and take it back; return whether one failed, and when."""
    path = copy / mutation.path
    source = path.read_text(encoding="utf-8")
    began = time.monotonic()
    if source.count(mutation.text) != 1:
        say(f"GONE      {mutation.name}: its text is in {mutation.path} {source.count(mutation.text)} times")
        return mutation, False, 0.0
    path.write_text(source.replace(mutation.text, mutation.by), encoding="utf-8")
    try:
        noticed = run(copy, mutation.tests).returncode == TESTS_FAILED
    finally:
        path.write_text(source, encoding="utf-8")
    seconds = time.monotonic() - began
    say(f"{'noticed' if noticed else 'UNNOTICED':9} {mutation.name}, in {seconds:.0f} s")
    return mutation, noticed, seconds


def run(copy: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests of the copy up to the first that fails."""
    packages = os.pathsep.join(str(copy / name) for name in ("daemon", "models", "export"))
    environment = os.environ | {"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def table(rows: Iterable[tuple[Mutation, bool, float]]) -> list[str]:
    """Return what became of each, as a table of a page."""
    lines = ["| what is taken out | where | noticed by |", "| --- | --- | --- |"]
    for mutation, noticed, _ in rows:
        by = ", ".join(f"`{test.rpartition('/')[2]}`" for test in mutation.tests) if noticed else "**nobody**"
        lines.append(f"| {mutation.name} | `{mutation.path.rpartition('/')[2]}` | {by} |")
    return lines


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--only", default="", help="words of the name of those that are tried")
    options.add_argument("--page", type=Path, help="where a table of what became of them is written")
    return options


if __name__ == "__main__":
    sys.exit(main())
