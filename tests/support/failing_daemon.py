"""A daemon that fails as nobody expected when a hang-up asks it to read its settings again.

``python failing_daemon.py`` takes the options of ``antiphon run`` that a jam gives it.
"""

import argparse
import os
import sys

from antiphon import app, log
from antiphon.config import Loaded, load


class Unforeseen(Exception):
    """Nothing that Antiphon has a sentence for."""


def fail() -> Loaded:
    raise Unforeseen("the roof is on fire")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--in", dest="keyboard")
    parser.add_argument("--out", dest="instrument")
    parser.add_argument("--set", dest="sets", action="append")
    given = parser.parse_args()
    log.configure(verbose=False)
    ports = [f"midi.in='{given.keyboard}'", f"midi.out='{given.instrument}'"]
    try:
        app.run(load(None, [*given.sets, *ports], os.environ), fail)
    except Unforeseen as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
