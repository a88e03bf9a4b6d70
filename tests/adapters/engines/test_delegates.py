"""Accelerators with a library of their own, played by a delegate that takes over one operation."""

import ctypes
from pathlib import Path

import pytest

from antiphon.adapters.engines.delegates import Delegate
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.question import OPEN
from antiphon.adapters.engines.step_graph import SILENCE, StepGraph
from antiphon.adapters.engines.stopwatch import difference
from antiphon.errors import ConfigurationError, ModelError
from toy_delegates import build_delegate, build_library


def refusal(library: str) -> str:
    """Return the sentence with which a library is refused."""
    with pytest.raises(ConfigurationError) as refused:
        Delegate(library)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_delegate_computes_what_it_took_over_and_the_music_is_the_same(tmp_path: Path) -> None:
    library, model = build_delegate(tmp_path), find_network("default")
    delegated, plain = StepGraph(model, Delegate(str(library)).build), StepGraph(model)
    invocations = ctypes.CDLL(str(library)).toy_delegate_invocations
    before = invocations()
    state, expected_state = delegated.start_state(), plain.start_state()
    for pitch in (60, 64, 67):
        state, _ = delegated.step((3, 20, pitch, 0), SILENCE, state, OPEN)
        expected_state, _ = plain.step((3, 20, pitch, 0), SILENCE, expected_state, OPEN)
    assert invocations() - before == 3 * 2 * model.card.spec.layers  # an LSTM has two tanh in each layer
    assert difference(state, expected_state) < 0.05


def test_a_delegate_that_takes_nothing_of_a_file_is_told(tmp_path: Path) -> None:
    library, model = build_delegate(tmp_path, "IDLE"), find_network("default")
    with pytest.raises(ModelError) as refused:
        StepGraph(model, Delegate(str(library)).build)
    assert str(refused.value) == (
        f"{library} takes no operation of {model.path}; "
        'export it with --quantisation int8-full, or set engine.accelerator = "cpu"'
    )


def test_a_device_that_is_not_there_is_told_in_the_words_of_its_delegate(tmp_path: Path) -> None:
    library = build_delegate(tmp_path, "REFUSES")
    assert refusal(str(library)).startswith(
        f"the accelerator of {library} cannot be used: no device is plugged in; "
    )


@pytest.mark.parametrize("library", ["gpuu", "/nowhere/libedgetpu.so", "./nowhere.so"])
def test_a_library_that_is_not_there_is_told(library: str) -> None:
    told = refusal(library)
    assert told.startswith(f"engine.accelerator is {library}, which is no library that can be loaded: ")
    assert told.endswith('; give the path of a delegate, "gpu" or "cpu"')


def test_a_file_that_is_no_library_is_told(tmp_path: Path) -> None:
    (tmp_path / "song.so").write_text("la la la")
    assert "which is no library that can be loaded" in refusal(str(tmp_path / "song.so"))


def test_a_library_that_is_no_delegate_is_told(tmp_path: Path) -> None:
    assert "which is a library but no TensorFlow Lite delegate" in refusal(str(build_library(tmp_path)))


def test_a_library_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_delegate(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    Delegate("~/libtoy-willing.so")
