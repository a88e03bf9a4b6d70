"""Starts the daemon as far as it gets without MIDI, and prints as JSON what that brought into the process."""

import os
import sys
from pathlib import Path

import msgspec

from antiphon.adapters.engines.opening import open_engine
from antiphon.cli import main
from antiphon.config import load


class Brought(msgspec.Struct, frozen=True):
    """What a process holds once it has an engine.

    Attributes:
        modules: the names of all that were imported.
        threads: how many there are.
        model_maps: the lines of ``/proc/self/maps`` that name the model file.
    """

    modules: frozenset[str]
    threads: int
    model_maps: tuple[str, ...]


def start() -> Brought:
    main(["run", "--set", "midi.api=none", "--no-record"])
    engine = open_engine(load(None, (), os.environ).config, seed=1)
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    model_maps = tuple(line for line in lines if line.endswith("model.tflite"))
    threads = len(os.listdir("/proc/self/task"))
    del engine  # not earlier: with it goes its model
    return Brought(frozenset(sys.modules), threads, model_maps)


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(start()).decode() + "\n")
