"""The options that a jam gives the daemon, for programs that run one in a way of their own."""

import argparse
import os

from antiphon.config import Loaded, load


def loaded_as_asked() -> Loaded:
    """Return the configuration that this program was started with."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--in", dest="keyboard")
    parser.add_argument("--out", dest="instrument")
    parser.add_argument("--set", dest="sets", action="append")
    given = parser.parse_args()
    ports = [f"midi.in='{given.keyboard}'", f"midi.out='{given.instrument}'"]
    return load(None, [*given.sets, *ports], os.environ)
