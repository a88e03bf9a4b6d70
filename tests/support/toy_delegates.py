"""Delegates as shared libraries, built from ``toy_delegate.c``."""

import shutil
import subprocess
from pathlib import Path
from typing import Literal

import pytest

from missing import COMPILER

SOURCE = Path(__file__).with_name("toy_delegate.c")

Kind = Literal["WILLING", "REFUSES", "IDLE", "CRASHES", "SLOW", "EXHAUSTED"]


def build_delegate(folder: Path, kind: Kind = "WILLING") -> Path:
    """Return a new library, of a delegate that works or of one of those that ``toy_delegate.c`` tells of."""
    compiler = shutil.which("cc") or pytest.skip(COMPILER)
    library = folder / f"libtoy-{kind.lower()}.so"
    command = [compiler, "-shared", "-fPIC", "-O1", f"-D{kind}", "-o", str(library), str(SOURCE), "-lm"]
    subprocess.run(command, check=True, timeout=60)
    return library


def build_library(folder: Path) -> Path:
    """Return a new library that is no delegate."""
    compiler = shutil.which("cc") or pytest.skip(COMPILER)
    source, library = folder / "empty.c", folder / "libempty.so"
    source.write_text("int nothing;\n")
    subprocess.run([compiler, "-shared", "-o", str(library), str(source)], check=True, timeout=60)
    return library
