"""Garbage is searched for when nobody plays, among what has come since the start; the music makes none."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from antiphon.adapters import garbage
from antiphon.core.improviser import Improviser
from antiphon.core.simulated import play_through
from default_settings import settings
from score import note
from uniform_engine import UniformEngine


class Ouroboros:
    """Refers to itself, so that only a search finds out that nobody else does."""

    def __init__(self) -> None:
        self.tail = self


def abandoned() -> "weakref.ref[Ouroboros]":
    return weakref.ref(Ouroboros())


@pytest.fixture
def set_aside() -> Iterator[None]:
    with garbage.set_aside():
        yield


@pytest.mark.usefixtures("set_aside")
def test_python_does_not_search_by_itself_after_some_hundreds_of_things() -> None:
    thing = abandoned()
    kept = [[index] for index in range(10_000)]
    assert thing() is not None
    del kept


@pytest.mark.usefixtures("set_aside")
def test_should_there_never_be_a_quiet_moment_it_searches_when_there_are_very_many() -> None:
    thing = abandoned()
    kept = [[index] for index in range(garbage.VERY_MANY + 1000)]
    assert thing() is None
    del kept


@pytest.mark.usefixtures("set_aside")
def test_a_quiet_moment_frees_what_has_come_since() -> None:
    thing = abandoned()
    garbage.collect()
    assert thing() is None


def test_what_was_there_is_not_searched_until_the_end() -> None:
    before = gc.get_threshold()
    snake = Ouroboros()
    thing = weakref.ref(snake)
    with garbage.set_aside():
        del snake
        garbage.collect()
        assert thing() is not None
    assert gc.get_threshold() == before
    gc.collect()
    assert thing() is None


def test_half_an_hour_of_jamming_leaves_no_garbage_and_as_many_things_as_ten_minutes() -> None:
    improviser = Improviser(UniformEngine(), settings(play={"seconds": 1.0}), 0.0)
    with garbage.set_aside():
        things = [things_after(improviser, phrases=range(100 * part, 100 * part + 100)) for part in range(3)]
    assert things[2] - things[0] < 100


def things_after(improviser: Improviser, phrases: range) -> int:
    """Let it hear phrases, one every six seconds, and return how many things there are once it is at rest."""
    heard = [timed for phrase in phrases for timed in note(6.0 * phrase, 60)]
    for _ in play_through(improviser, heard, 6.0 * phrases.stop):
        pass
    del heard
    assert improviser.is_at_rest(6.0 * phrases.stop)
    assert gc.collect() == 0
    return len(gc.get_objects())
