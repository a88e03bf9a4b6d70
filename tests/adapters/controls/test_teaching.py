"""What is learnt without a daemon is kept in the file of settings."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from antiphon.adapters.controls.learning import Lesson
from antiphon.adapters.controls.teaching import learn, taught, unlearn
from antiphon.config import Loaded, load
from antiphon.errors import ConfigurationError, RequestError
from default_config import loaded
from jack_instruments import keyboard
from jack_server import requires_jack, running_jack_server

CC = 0xB0

TABLE = '[controls.bindings]\n"cc 20" = "hold"\n"cc 21" = "play.temperature"\n'


def read(path: Path, *sets: str) -> Loaded:
    return load(path, sets, {}, system_file=Path(os.devnull, "antiphon.toml"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "antiphon.toml"
    path.write_text(TABLE)
    return path


@pytest.fixture
def jack() -> Iterator[None]:
    with running_jack_server():
        yield


def lesson_in(target: str, *messages: Sequence[int], bindings: str = "{}") -> Lesson:
    """Return a lesson that was given these messages, after which there is silence."""
    coming = [*messages]
    lesson = Lesson(target)
    config = loaded(f"controls.bindings={bindings}").config
    taught(lesson, lambda within: coming.pop(0) if coming else None, config, patience=0.05)
    return lesson


def test_a_control_is_learnt_and_one_that_is_bound_is_not() -> None:
    lesson = lesson_in(
        "guide.lock", (CC, 20, 3), (CC, 20, 4), (CC, 7, 3), (CC, 7, 2), bindings='{"cc 20"="hold"}'
    )
    assert lesson.learnt is not None
    assert str(lesson.learnt.source) == "cc 7 ch 1"


def test_where_nothing_is_moved_the_lesson_ends() -> None:
    assert lesson_in("guide.lock").learnt is None


@requires_jack
@pytest.mark.usefixtures("jack")
def test_what_was_learnt_is_kept_in_the_file(file: Path) -> None:
    with keyboard("box") as box:

        def move() -> None:
            for value in (10, 11, 12):
                box.play(CC + 2, 74, value)

        loaded = read(file, "midi.api=jack", "midi.in=box*")
        learnt = learn(loaded, "play.temperature", move, patience=20.0)
    assert str(learnt.source) == "cc 74 ch 3"
    assert file.read_text() == '[controls.bindings]\n"cc 20" = "hold"\n"cc 74 ch 3" = "play.temperature"\n'


@requires_jack
@pytest.mark.usefixtures("jack")
def test_where_nothing_was_moved_nothing_is_written(file: Path) -> None:
    loaded = read(file, "midi.api=jack", "midi.in=virtual")
    with pytest.raises(RequestError, match=r"nothing was moved within 0 s that could be play\.temperature"):
        learn(loaded, "play.temperature", lambda: None, patience=0.05)
    assert file.read_text() == TABLE


def test_what_is_freed_is_taken_out_of_the_file(file: Path) -> None:
    assert unlearn(read(file), "play.temperature") == ["cc 21"]
    assert file.read_text() == '[controls.bindings]\n"cc 20" = "hold"\n'
    with pytest.raises(RequestError, match=r"no control is bound to play\.temperature"):
        unlearn(read(file), "play.temperature")


def test_where_nothing_can_be_kept_nothing_is_waited_for() -> None:
    nowhere = load(None, (), {}, system_file=Path(os.devnull, "antiphon.toml"))
    with pytest.raises(ConfigurationError, match="name one with --config"):
        learn(nowhere, "play.temperature", lambda: None)
