"""Jams over real JACK ports: those of the tests, which are no package that could be imported."""

import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from jack_server import FRAMES_PER_CYCLE, SAMPLE_RATE, running_jack_server
from jam_session import Jam, Process, jam, script
from toy_delegates import build_delegate

__all__ = [
    "FRAMES_PER_CYCLE",
    "SAMPLE_RATE",
    "Jam",
    "Process",
    "build_delegate",
    "jam",
    "running_jack_server",
    "script",
]

NO_JACK = "" if shutil.which("jackd") else "jackd is missing (package jackd2)"
"""Why there can be no jams; empty where there can."""
