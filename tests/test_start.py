"""What `antiphon run` brings into memory before it listens, and what it leaves on the disk."""

import subprocess
import sys

import msgspec
import pytest

import start_without_midi
from start_without_midi import Brought

NEVER_AT_THE_START = {
    "antiphon.bench": "a command of its own",
    "antiphon.demonstration": "for machines without MIDI",
    "antiphon.doctor": "a command of its own",
    "antiphon.listing": "what other commands print",
    "antiphon.plugins": "for commands of other packages",
    "antiphon.respond": "a command of its own",
    "antiphon_export": "makes models",
    "antiphon_models.notes": "makes models",
    "antiphon_models.training": "makes models",
    "antiphon.adapters.engines.gpu_graph": "for who asks for a GPU",
    "antiphon.adapters.engines.stopwatch": "for the doctor",
    "antiphon.adapters.rolls": "pictures and rolls of other commands",
    "concurrent.futures.process": "processes of its own, which the daemon does not start",
    "email": "comes with importlib.metadata",
    "http": "a fifth of the time that numpy takes",
    "importlib.metadata": "looks for plugins, a fifth of the time that numpy takes",
    "jax": "makes models",
    "keras": "makes models",
    "matplotlib": "twice the time that numpy takes",
    "mido": "half the time that numpy takes; only whole files are read and written with it",
    "multiprocessing": "processes of its own, which the daemon does not start",
    "numpy.testing": "for tests",
    "rich": "Typer's decoration, which is switched off",
    "scipy": "makes models",
    "symusic": "makes models",
    "tensorboardX": "makes models",
    "tensorflow": "makes models",
    "unittest": "for tests",
    "xml": "nothing of the daemon is in it",
}


@pytest.fixture(scope="module")
def brought() -> Brought:
    done = subprocess.run(
        [sys.executable, start_without_midi.__file__], capture_output=True, check=True, timeout=60
    )
    return msgspec.json.decode(done.stdout, type=Brought)


@pytest.mark.parametrize("name", NEVER_AT_THE_START)
def test_the_start_does_not_wait_for_what_it_does_not_need(name: str, brought: Brought) -> None:
    imported = [module for module in brought.modules if module == name or module.startswith(f"{name}.")]
    assert imported == [], NEVER_AT_THE_START[name]


def test_what_it_needs_was_imported_so_the_others_would_have_been(brought: Brought) -> None:
    assert {"numpy", "antiphon.app", "antiphon.adapters.engines.lstm"} <= brought.modules


def test_the_model_is_not_read_but_mapped_into_memory(brought: Brought) -> None:
    assert brought.model_maps
    for line in brought.model_maps:
        permissions = line.split()[1]
        assert "w" not in permissions, "what could be written would be a copy of its own"


def test_no_thread_is_started_for_computing(brought: Brought) -> None:
    assert brought.threads == 1
