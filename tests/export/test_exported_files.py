"""Every kind of file, in the daemon, on the runtime of today and on that of a 32-bit Raspberry Pi."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import read_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.adapters.files.reading import read_performance
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.performance import notes_heard
from antiphon.core.units import Pitch, Velocity
from antiphon_export.kinds import QUANTISATIONS, Quantisation
from jack_server import requires_jack, running_jack_server
from jam_session import jam
from midi_fixtures import write_scale

FileOf = Callable[[Quantisation], Path]

OLD_PYTHON = Path(__file__).resolve().parents[2] / ".venv-tflite" / "bin" / "python"

NEEDS_NEW_RUNTIME: Quantisation = "int8"


def can(python: Path, libraries: str) -> bool:
    """Return whether a Python is there and can import some libraries."""
    if not python.exists():
        return False
    importing = [str(python), "-c", f"import {libraries}"]
    return subprocess.run(importing, capture_output=True, check=False).returncode == 0


on_old_runtime = pytest.mark.skipif(
    not can(OLD_PYTHON, "tflite_runtime, antiphon"),
    reason="there is no tflite-runtime in .venv-tflite: sh scripts/install-old-runtime.sh .venv-tflite",
)
with_old_ports = pytest.mark.skipif(
    not can(OLD_PYTHON, "rtmidi"), reason="there is no python-rtmidi in .venv-tflite"
)

TODAY = [pytest.param(Path(sys.executable), each, id=f"ai-edge-litert-{each}") for each in QUANTISATIONS]
OF_OLD = [
    pytest.param(OLD_PYTHON, each, id=f"tflite-runtime-{each}", marks=on_old_runtime)
    for each in QUANTISATIONS
    if each != NEEDS_NEW_RUNTIME
]


def responded(python: Path, model: Path, folder: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Let `antiphon respond` answer a scale, in a process of its own."""
    question, answer = write_scale(folder / "question.mid"), folder / "answer.mid"
    command = [python, "-m", "antiphon.cli", "respond", question, "-o", answer, "--model", model]
    ended = subprocess.run(
        [*map(str, command), "--seconds", "2", "--seed", "1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ended, answer


@pytest.mark.parametrize(("python", "quantisation"), [*TODAY, *OF_OLD])
def test_antiphon_respond_answers_with_it(
    file_of: FileOf, tmp_path: Path, python: Path, quantisation: Quantisation
) -> None:
    ended, answer = responded(python, file_of(quantisation), tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert notes_heard(read_performance(answer))


@on_old_runtime
def test_what_the_old_runtime_cannot_load_is_told_with_what_to_do(file_of: FileOf, tmp_path: Path) -> None:
    ended, answer = responded(OLD_PYTHON, file_of(NEEDS_NEW_RUNTIME), tmp_path)
    assert ended.returncode == 4
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith("antiphon: ")
    assert sentence.endswith("export it with --quantisation int8-per-tensor, or run it on ai-edge-litert")
    assert not answer.exists()


@pytest.fixture(scope="module")
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@requires_jack
@pytest.mark.parametrize(
    ("python", "quantisation"),
    [
        *TODAY,
        *(pytest.param(*each.values, id=each.id, marks=[*each.marks, with_old_ports]) for each in OF_OLD),
    ],
)
def test_antiphon_run_answers_with_it(
    jack_server: None, file_of: FileOf, tmp_path: Path, python: Path, quantisation: Quantisation
) -> None:
    """The daemon is the Python in question, in the place of the one that runs the tests."""
    command = [str(python), "-m", "antiphon.cli", "run"]
    become = f"import os, sys; os.execv({str(python)!r}, [*{command!r}, *sys.argv[1:]])"
    pause = ("turn.shortest_pause=0.2", "turn.longest_pause=0.2")
    settings = (*pause, "play.seconds=1", "play.seed=1", f"model.file='{file_of(quantisation)}'")
    with jam(tmp_path, *settings, program=("-c", become)) as session:
        session.play_phrase()
        session.daemon.wait_for("answered with")
        assert any(message.is_onset for message in session.until_quiet(0.3))
        assert session.sounding() == set()


class Invocations:
    """Counts how often the interpreter is called, by watching the calls that this thread makes."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Invocations":
        sys.setprofile(self._watch)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _watch(self, _: object, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ == "Invoke":
            self.count += 1


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_an_event_costs_one_call_of_the_interpreter_sampling_included(
    file_of: FileOf, quantisation: Quantisation
) -> None:
    engine = LstmEngine(StepGraph(read_network(file_of(quantisation))), seed=1)
    engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
    sounding = {Pitch(60)}
    with Invocations() as calls:
        for played in range(1, 51):
            silent = frozenset(map(Pitch, range(21, 109))) - sounding
            event = engine.sample(
                Constraints(0.0, 4.0, silent, frozenset(sounding), temperature=1.0, min_p=0.02)
            )
            engine.prime(event)
            (sounding.add if event.velocity else sounding.discard)(event.pitch)
            assert calls.count == played


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_the_same_seed_plays_the_same_and_another_does_not(
    file_of: FileOf, tmp_path: Path, quantisation: Quantisation
) -> None:
    """So noise reaches the drawing in every kind of file."""
    answers = []
    for seed in (1, 1, 2):
        engine = LstmEngine(StepGraph(read_network(file_of(quantisation))), seed)
        engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
        asked = Constraints(0.0, 4.0, frozenset(map(Pitch, range(61, 109))), frozenset(), 1.0, 0.0)
        answers.append([engine.sample(asked) for _ in range(8)])
    assert answers[0] == answers[1] != answers[2]
