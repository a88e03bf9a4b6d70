"""Whatever is drawn, what is written is a tune."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon.adapters.engines.tunes.scribe import header, ticks_of
from antiphon.adapters.engines.tunes.sections import Sections, mended
from antiphon.adapters.engines.tunes.writing import Writing
from missing import ABC2MIDI
from uniform_scribe import ALPHABET

METRES = ("4/4", "6/8", "3/4", "2/4", "9/8", "3/2")


def drawn(seed: int, metre: str, most: int = 2500, **how: Any) -> str:
    dice = random.Random(seed)
    writing, body = Writing(ticks_of(metre), Sections(**how)), ""
    while not writing.is_over and len(body) < most:
        character = dice.choice(sorted(writing.allowed() & set(ALPHABET)))
        writing, body = writing.then(character), body + character
    return body


@given(seed=st.integers(0, 10**6), metre=st.sampled_from(METRES))
@settings(max_examples=25, deadline=None)
def test_there_is_always_a_character_that_may_come_and_the_tune_can_be_read(seed: int, metre: str) -> None:
    body = drawn(seed, metre, shortest=4, longest=8)
    assert body.endswith("\n\n")
    sounds, _ = sounds_of(header(metre, "D") + body)
    assert sounds


@given(seed=st.integers(0, 10**6), metre=st.sampled_from(METRES))
@settings(max_examples=15, deadline=None)
def test_bars_add_up_to_the_metre(seed: int, metre: str) -> None:
    body = drawn(seed, metre, 600, goes_on=True)
    writing = Writing(ticks_of(metre), Sections(goes_on=True))
    for character in body:
        writing = writing.then(character)
        assert 0 <= writing.filled <= writing.bar
    assert "\n" not in body


def test_of_a_bar_without_room_only_its_end_is_left() -> None:
    writing = Writing(ticks_of("2/4"), Sections(begins=False, bars=2), upbeat=0).then("ABc")
    assert {"A", "2"} <= writing.allowed()
    assert "4" not in writing.allowed()
    assert writing.then("d").allowed() & set("ABab/|") == {"/", "|"}


def test_a_section_that_begins_with_an_upbeat_ends_without_it() -> None:
    writing = Writing(ticks_of("6/8")).then("A|")
    assert ":" not in writing.then("BcdBcd").allowed()
    assert ":" in writing.then("BcdBc").allowed()


def test_a_second_ending_follows_the_first() -> None:
    writing = Writing(ticks_of("2/4")).then("|:ABcd|ABcd|[1ABcd:|")
    assert writing.allowed() == {"["}
    assert writing.then("[").allowed() == {"2"}


def test_a_tie_ties_the_same_note() -> None:
    writing = Writing(ticks_of("2/4")).then("ABcd-|")
    assert writing.allowed() == {"d", '"'}
    assert "'" not in writing.then("d").allowed()


def test_abc2midi_has_no_complaint() -> None:
    validity = pytest.importorskip("antiphon_export.tunes.validity")
    tunes = [header("6/8", "G") + mended(drawn(seed, "6/8", longest=12)) for seed in range(12)]
    try:
        counted = validity.shares_read(tunes)
    except OSError:
        pytest.skip(ABC2MIDI)
    assert counted["no error"] >= 11


def test_ticks_are_whole() -> None:
    assert [Fraction(ticks_of(metre), 12) for metre in METRES] == [8, 6, 6, 4, 9, 12]
