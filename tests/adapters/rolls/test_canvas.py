from antiphon.adapters.rolls.canvas import Dot, canvas_of, dots_on
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity


def note(onset: float, release: float, pitch: int) -> Note:
    return Note(onset, release, Pitch(pitch), Velocity(100))


def test_few_pitches_have_a_row_each_and_a_keyboard_shares_them() -> None:
    assert canvas_of([note(0.0, 1.0, 60)], 40, 19, 1).step == 1
    keyboard = canvas_of([note(0.0, 1.0, 21), note(1.0, 2.0, 108)], 40, 19, 1)
    assert keyboard.rows <= 19
    assert keyboard.row(21) >= 0
    assert keyboard.row(108) < keyboard.rows


def test_c_is_the_lower_of_the_pitches_that_share_a_row() -> None:
    canvas = canvas_of([note(0.0, 1.0, 40), note(1.0, 2.0, 70)], 40, 19, 1)
    assert canvas.step == 2
    assert canvas.octave_in(canvas.row(61)) == 60
    assert canvas.octave_in(canvas.row(62)) is None


def test_onsets_hide_the_rest_of_notes_and_the_answer_hides_the_question() -> None:
    question, answer = [note(0.0, 4.0, 60)], [note(1.0, 2.0, 60), note(3.0, 4.0, 60)]
    canvas = canvas_of([*question, *answer], 8, 19, 1)
    row = canvas.row(60)
    dots = dots_on(canvas, {"you": question, "it": answer})
    assert [dots[row, column] for column in range(8)] == [
        Dot("you", onset=True),
        Dot("you", onset=False),
        Dot("it", onset=True),
        Dot("it", onset=False),
        Dot("you", onset=False),
        Dot("you", onset=False),
        Dot("it", onset=True),
        Dot("it", onset=False),
    ]
