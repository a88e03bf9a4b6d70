"""A daemon that fails as nobody expected when a hang-up asks it to read its settings again; a program."""

import sys

from antiphon import app, log
from antiphon.config import Loaded
from jam_options import loaded_as_asked


class Unforeseen(Exception):
    """Nothing that Antiphon has a sentence for."""


def fail() -> Loaded:
    raise Unforeseen("the roof is on fire")


def main() -> None:
    log.configure(verbose=False)
    try:
        app.run(loaded_as_asked(), fail)
    except Unforeseen as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
