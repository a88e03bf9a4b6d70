"""Which model is meant."""

from pathlib import Path

import pytest

from antiphon_models import shelf
from antiphon_models.shelf import MODEL_FILE, model_file, nothing_meant, shipped_names


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a model in a folder that is called like a shipped one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / MODEL_FILE).touch()
    return tmp_path


def test_a_shipped_name_goes_before_a_folder_of_the_same_name(here: Path) -> None:
    assert model_file("small") == shelf.SHIPPED / "small" / MODEL_FILE
    assert model_file("./small") == Path("small", MODEL_FILE)


def test_a_folder_stands_for_the_file_that_it_holds(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "small").rename(here / "mine")
    monkeypatch.setenv("HOME", str(here))
    assert model_file("mine") == Path("mine", MODEL_FILE)
    assert model_file("~/mine") == here / "mine" / MODEL_FILE


def test_a_file_is_meant_also_where_it_is_missing(tmp_path: Path) -> None:
    assert model_file(str(tmp_path / "a.tflite")) == tmp_path / "a.tflite"
    (tmp_path / "model").touch()
    assert model_file(str(tmp_path / "model")) == tmp_path / "model"


def test_what_means_nothing_is_told_with_what_there_is(tmp_path: Path) -> None:
    assert model_file("huge") is None
    assert nothing_meant("huge").startswith(f"huge is neither a shipped model ({', '.join(shipped_names())})")
    assert model_file(str(tmp_path)) is None
    assert nothing_meant(str(tmp_path)) == f"the folder {tmp_path} holds no {MODEL_FILE}"
