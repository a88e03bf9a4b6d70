"""Recorded sessions, continued from any point."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.doors.web.sessions import continuing
from antiphon.adapters.files.recordings import Parts
from antiphon.core.performance import TimedEvent
from antiphon.errors import RequestError
from antiphon.requests import LONGEST_PHRASE, PhraseNote, Trigger, request_of
from score import note, pedal, score

QUESTION_AND_ANSWER: Parts = {
    "you": score(note(0.0, 60, 1.0), note(1.0, 64, 1.0)),
    "it": score(note(3.0, 67, 1.0), note(5.0, 72, 1.0)),
}


def test_what_both_had_played_by_then_is_the_phrase() -> None:
    assert continuing(QUESTION_AND_ANSWER, 4.5).phrase == (
        PhraseNote(60, 0.0, 1.0),
        PhraseNote(64, 1.0, 1.0),
        PhraseNote(67, 3.0, 1.0),
    )


def test_a_note_that_sounds_at_the_moment_ends_there() -> None:
    assert continuing(QUESTION_AND_ANSWER, 1.25).phrase == (
        PhraseNote(60, 0.0, 1.0),
        PhraseNote(64, 1.0, 0.25),
    )


def test_it_begins_with_the_first_note() -> None:
    parts: Parts = {"you": note(100.0, 60, 1.0), "it": []}
    assert continuing(parts, 1000.0).phrase == (PhraseNote(60, 0.0, 1.0),)


def test_the_pedal_holds_the_notes_of_its_own_part() -> None:
    parts: Parts = {
        "you": score(pedal(0.0, 127), note(0.1, 60, 0.2), pedal(2.1, 0)),
        "it": note(0.1, 72, 0.2),
    }
    assert {each.pitch: each.length for each in continuing(parts, 9.0).phrase} == {
        60: pytest.approx(2.0),
        72: pytest.approx(0.2),
    }


def test_where_nothing_was_played_before_that_is_told() -> None:
    with pytest.raises(RequestError, match="no note before that moment"):
        continuing({"you": note(1.0, 60), "it": []}, 0.5)


notes = st.lists(
    st.builds(
        note, st.floats(0.0, 5000.0), st.integers(0, 127), st.floats(0.001, 200.0), st.integers(1, 127)
    ),
    max_size=8,
).map(lambda lines: score(*lines))


@settings(max_examples=50)
@given(notes, notes, st.floats(0.0, 6000.0))
def test_whatever_was_played_it_can_be_asked_for(
    you: list[TimedEvent], it: list[TimedEvent], at: float
) -> None:
    try:
        asked = continuing({"you": you, "it": it}, at)
    except RequestError:
        return
    fields = {"phrase": [vars_of(each) for each in asked.phrase]}
    assert request_of("trigger", fields, "a test") == asked


def vars_of(note: PhraseNote) -> dict[str, float]:
    return {"pitch": note.pitch, "at": note.at, "length": note.length, "velocity": note.velocity}


def test_of_a_long_session_the_last_is_answered() -> None:
    long = score(*(note(0.1 * number, 40 + number % 50, 0.05) for number in range(3000)))
    asked = continuing({"you": long, "it": []}, 1000.0)
    assert isinstance(asked, Trigger)
    assert len(asked.phrase) == LONGEST_PHRASE
    assert asked.phrase[-1].pitch == 40 + 2999 % 50
