"""Engines of other packages: what they can do is passed on, and what they should not do is told."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from antiphon import guests
from antiphon.adapters.engines.budget import ANYTHING
from antiphon.adapters.engines.guest import GuestEngine, guest_engines, in_plain_numbers
from antiphon.adapters.engines.opening import open_cast
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.transcript import EngineIdentity
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from default_config import loaded
from expectant_engine import ExpectantEngine
from timing_engine import LATE, TimingEngine
from uniform_engine import UniformEngine
from visiting_package import install

A_NOTE = MusicEvent(0.5, Velocity(80), Pitch(60))


class Says:
    """An engine that gives one answer whatever it is asked, or raises it."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def prime(self, event: MusicEvent) -> None: ...

    def sample(self, constraints: Constraints) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def snapshot(self) -> None: ...

    def restore(self, snapshot: None) -> None: ...


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Install a package whose engine ``visitor`` is the ``Visitor`` of the given source."""

    def bring(source: str) -> None:
        name = f"visit_{len(source)}"
        install(tmp_path, "more-music", guests.GROUP, {"visitor": f"{name}:Visitor"}, **{name: source})
        monkeypatch.syspath_prepend(tmp_path)
        guests.guests.cache_clear()

    yield bring
    guests.guests.cache_clear()


def test_what_a_guest_hears_and_says_is_passed_on() -> None:
    guest = UniformEngine(1)
    engine = GuestEngine(guest, "a friend")
    engine.prime(A_NOTE)
    snapshot = engine.snapshot()
    assert guest.heard == (A_NOTE,)
    engine.prime(A_NOTE)
    engine.restore(snapshot)
    assert guest.heard == (A_NOTE,)
    engine.reseed(3)
    assert engine.sample(ANYTHING) == UniformEngine(3).sample(ANYTHING)


def test_what_only_some_can_do_is_asked_of_those_alone() -> None:
    assert GuestEngine(ExpectantEngine({Pitch(60): 1.0}), "a friend").expectation() == {60: 1.0}
    assert GuestEngine(TimingEngine(LATE), "a friend").timing() == LATE
    assert GuestEngine(UniformEngine(), "a friend").expectation() is None
    assert GuestEngine(UniformEngine(), "a friend").timing() is None
    GuestEngine(Says(None), "a friend").reseed(1)


@pytest.mark.parametrize(
    "event",
    [
        MusicEvent(0.5, Velocity(80), Pitch(5)),
        MusicEvent(0.5, Velocity(128), Pitch(60)),
        MusicEvent(0.5, Velocity(-1), Pitch(60)),
        MusicEvent(0.5, Velocity(0), Pitch(60)),
        MusicEvent(1.5, Velocity(80), Pitch(60)),
        MusicEvent(float("nan"), Velocity(80), Pitch(60)),
    ],
)
def test_what_may_not_be_played_is_not_played(event: MusicEvent) -> None:
    with pytest.raises(
        ModelError, match=r"^a friend played what it may not, MusicEvent\(.*; tell its authors"
    ):
        GuestEngine(Says(event), "a friend").sample(ANYTHING)


def test_numbers_of_another_library_become_plain_ones() -> None:
    theirs = MusicEvent(np.float32(0.5), np.int64(80), np.uint8(60))  # type: ignore[arg-type]
    assert GuestEngine(Says(theirs), "a friend").sample(ANYTHING) == A_NOTE
    assert {type(each) for each in msgspec.structs.astuple(in_plain_numbers(theirs))[:3]} == {float, int}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
        (None, "AttributeError: .*"),
        (MusicEvent(0.5, Velocity(80), Pitch(60.5)), "TypeError: .*"),  # type: ignore[arg-type]
    ],
)
def test_what_a_guest_raises_is_told_in_a_sentence(answer: object, reason: str) -> None:
    with pytest.raises(ModelError, match=f"^a friend broke down: {reason}; tell its authors$"):
        GuestEngine(Says(answer), "a friend").sample(ANYTHING)


HUMMING = """
from uniform_engine import UniformEngine as Visitor
"""


def test_a_guest_is_made_by_its_seed(brought: Callable[[str], None]) -> None:
    brought(HUMMING)
    engine = guest_engines("visitor")(4)
    assert engine.sample(ANYTHING) == UniformEngine(4).sample(ANYTHING)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("Visitor = 3", "TypeError: 'int' object is not callable"),
        ("def Visitor(seed): return seed / 0", "ZeroDivisionError: division by zero"),
        ("def Visitor(seed): return 'la'", "it has no prime and no sample and no snapshot and no restore"),
    ],
)
def test_one_that_cannot_be_used_is_refused_in_a_sentence(
    source: str, reason: str, brought: Callable[[str], None]
) -> None:
    brought(source)
    with pytest.raises(ModelError) as refused:
        guest_engines("visitor")(1)
    assert str(refused.value) == (
        f"the engine visitor of more-music 1.0 cannot be used: {reason}; reinstall or remove that package"
    )


def test_where_it_cannot_be_used_somebody_stands_in(
    brought: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    brought("import no_such_module")
    cast = open_cast(loaded("engine.kind=visitor").config, 1, time.monotonic, may_stand_in=True)
    assert cast.plays.engine.kind == "lstm"
    assert "small plays instead, for the engine visitor of more-music 1.0 cannot be used" in caplog.text


BREAKING = """
from uniform_engine import UniformEngine
class Visitor(UniformEngine):
    def sample(self, constraints):
        if len(self.heard) == 50:
            raise ValueError('no more ideas')
        return super().sample(constraints)
"""


def test_where_it_breaks_while_it_plays_somebody_relieves_it(
    brought: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    brought(BREAKING)
    cast = open_cast(loaded("engine.kind=visitor").config, 1, time.monotonic)
    assert cast.identity == EngineIdentity("visitor", "more-music 1.0", "", is_prompt=True)
    for _ in range(60):
        cast.engine.prime(cast.engine.sample(ANYTHING))
    assert "visitor has broken down and" in caplog.text
