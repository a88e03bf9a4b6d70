"""The configuration that ships, with what a test wants to be different, whatever this machine has set."""

import os
from pathlib import Path

from antiphon.config import Loaded, load

NOWHERE = Path(os.devnull) / "antiphon.toml"


def loaded(*sets: str) -> Loaded:
    """Return the defaults with some settings changed: ``loaded("play.seed=1")``."""
    return load(None, sets, {"HOME": os.devnull}, system_file=NOWHERE)
