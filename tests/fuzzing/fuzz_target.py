"""Fuzzes one target, in this process, by coverage: `fuzz_target.py TARGET [OPTION OF LIBFUZZER ...]`.

What crashes, is slow or leaves memory behind ends it. It needs atheris.
"""

import logging
import sys
from importlib import import_module

import atheris

SLOWER = 5.0
"""How many times, at most, code is slower whose every branch is counted."""

WATCHED = ["antiphon", "antiphon_models", "mido", "pythonosc"]
"""Packages whose branches lead the search."""


def main() -> None:
    name, *options = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=WATCHED):
        from under_way import Vigil

        target = import_module(f"targets.{name}").TARGET
    atheris.Setup(
        [sys.argv[0], f"-max_len={target.longest}", *options], Vigil(target.examine, SLOWER).examine
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
