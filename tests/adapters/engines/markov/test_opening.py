"""Markov engines as the configuration asks for them."""

from pathlib import Path

import pytest

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.opening import line_of, markov_engines, place_of, table_of
from antiphon.adapters.engines.models import ModelFile, find_model
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from antiphon.settings import Markov
from antiphon_models.markov.card import TableCard
from default_config import loaded

PHRASE = bytes([0, 20, 60, 9, 0, 60])


@pytest.fixture(scope="module")
def model() -> ModelFile[TableCard]:
    return find_model("markov", TableCard)


def settings(path: Path, *sets: str) -> Markov:
    return loaded(f"markov.file='{path}'", *sets).config.markov


def test_it_remembers_what_it_was_taught_in_former_sessions(
    model: ModelFile[TableCard], tmp_path: Path
) -> None:
    path = tmp_path / "learnt"
    wanted = settings(path)
    first = markov_engines(model, wanted)(1)
    with first.kept():
        for pitch in (60, 62):
            first.prime(MusicEvent(0.2, Velocity(80), Pitch(pitch), is_players=True))
    second = markov_engines(model, wanted)(1)
    assert second.learner.style.events == 2
    assert learnt_file.read(path).events == 2


def test_engines_of_one_maker_do_not_learn_from_each_other(
    model: ModelFile[TableCard], tmp_path: Path
) -> None:
    make = markov_engines(model, settings(tmp_path / "learnt"))
    one, other = make(1), make(1)
    one.prime(MusicEvent(0.2, Velocity(80), Pitch(60), is_players=True))
    assert (one.learner.style.events, other.learner.style.events) == (1, 0)


def test_what_is_not_to_be_learnt_is_neither_read_nor_kept(
    model: ModelFile[TableCard], tmp_path: Path
) -> None:
    path = tmp_path / "learnt"
    learnt_file.write(path, [PHRASE])
    engine = markov_engines(model, settings(path, "markov.learn=false"))(1)
    with engine.kept():
        engine.prime(MusicEvent(0.2, Velocity(80), Pitch(60), is_players=True))
    assert engine.learner.style.events == 1
    assert learnt_file.read(path).phrases == (PHRASE,)


def test_only_the_last_phrases_are_learnt_again(model: ModelFile[TableCard], tmp_path: Path) -> None:
    path = tmp_path / "learnt"
    learnt_file.write(path, [PHRASE] * 5)
    engine = markov_engines(model, settings(path, "markov.keep_last=2"))(1)
    assert engine.learner.phrases == 2


def test_a_table_that_is_damaged_is_refused_in_a_sentence(
    model: ModelFile[TableCard], tmp_path: Path
) -> None:
    broken = ModelFile(tmp_path / "table.npz", model.card)
    with pytest.raises(ModelError, match=r"table\.npz cannot be read"):
        markov_engines(broken, settings(tmp_path / "learnt"))
    broken.path.write_bytes(model.path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="is no table"):
        markov_engines(broken, settings(tmp_path / "learnt"))


def test_the_line_is_what_the_settings_say(tmp_path: Path) -> None:
    line = line_of(settings(tmp_path, "markov.start=tonic", "markov.avoid='C# Bb b'"))
    assert (line.starts_at_home, line.ends_at_home, line.avoids) == (True, False, frozenset({1, 10, 11}))


def test_a_file_that_is_not_named_is_in_the_daemon_s_own_folder() -> None:
    assert place_of(loaded().config.markov).name == learnt_file.NAME


def test_a_table_is_in_memory_once_however_many_play_it(model: ModelFile[TableCard], tmp_path: Path) -> None:
    one, other = (markov_engines(model, settings(tmp_path / name))(1) for name in ("one", "other"))
    one.prime(MusicEvent(0.2, Velocity(80), Pitch(60), is_players=True))
    assert table_of(model) is table_of(model)
    assert other.learner.style.events == 0


def test_a_bare_name_lies_where_learnt_files_lie() -> None:
    shipped, named = (
        place_of(loaded(f"markov.file='{name}'").config.markov) for name in ("", "learnt-bass.markov")
    )
    assert named == shipped.with_name("learnt-bass.markov")
