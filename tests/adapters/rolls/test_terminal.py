import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.rolls.terminal import draw
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity

LOUD = Velocity(100)
QUESTION = [Note(0.0, 1.0, Pitch(60), LOUD), Note(1.0, 2.0, Pitch(64), LOUD)]
ANSWER = [Note(2.0, 3.0, Pitch(67), LOUD), Note(3.0, 4.0, Pitch(60), LOUD)]

notes = st.lists(
    st.builds(
        lambda onset, length, pitch: Note(onset, onset + length, Pitch(pitch), LOUD),
        st.floats(0, 4000),
        st.floats(0, 100),
        st.integers(0, 127),
    ),
    max_size=20,
)


def without_colours(picture: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", picture)


def test_a_question_and_its_answer_in_plain_characters() -> None:
    assert draw(QUESTION, ANSWER, width=37, colour=False, encoding="ascii").splitlines() == [
        "     #== you   o-- antiphon",
        "",
        "",
        "",
        "                     o-------",
        "",
        "",
        "             #=======",
        "",
        "",
        "",
        "  C4 #=======................o-------",
        "",
        "",
        "    ++-------+-------+-------+-------",
        "     0 s     1       2       3",
    ]


def test_an_encoding_with_more_glyphs_gets_them() -> None:
    picture = draw(QUESTION, ANSWER, width=37, colour=False)
    assert "●━━━━━━━" in picture
    assert "○───────" in picture


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no such encoding"])
def test_an_encoding_without_the_glyphs_gets_ascii_and_no_colours(encoding: str) -> None:
    assert draw(QUESTION, ANSWER, width=80, colour=True, encoding=encoding).isascii()
    assert "\x1b" not in draw(QUESTION, ANSWER, width=80, colour=True, encoding=encoding)


def test_colours_end_with_their_line() -> None:
    lines = draw(QUESTION, ANSWER, width=80, colour=True).splitlines()
    assert all(line.rfind("\x1b[0m") >= line.rfind("\x1b[38") for line in lines)
    assert "▄" in "".join(lines)


def test_a_note_that_is_struck_again_can_be_told_from_a_long_one() -> None:
    again = [Note(0.0, 1.0, Pitch(60), LOUD), Note(1.0, 2.0, Pitch(60), LOUD)]
    held = [Note(0.0, 2.0, Pitch(60), LOUD)]
    for colour in (False, True):
        assert draw(again, [], width=40, colour=colour) != draw(held, [], width=40, colour=colour)


def test_minutes_are_written_as_such() -> None:
    assert " 1:00 " in draw([Note(0.0, 300.0, Pitch(60), LOUD)], [], width=80, colour=False)


@given(notes, notes, st.integers(0, 200), st.booleans(), st.sampled_from(["utf-8", "ascii"]))
def test_any_music_fits_the_terminal(
    question: list[Note], answer: list[Note], width: int, colour: bool, encoding: str
) -> None:
    lines = without_colours(draw(question, answer, width, colour, encoding)).split("\n")
    assert len(lines) <= 23
    assert max(map(len, lines)) <= max(width, 30)
