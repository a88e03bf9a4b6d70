"""Which control was meant: a knob, an encoder, one of a pair, a button, a key."""

import pytest

from antiphon.adapters.controls.learning import Learnt, Lesson
from antiphon.bindings import binding_of, source_of
from antiphon.errors import ConfigurationError

ON, OFF, CC, PROGRAM = 0x90, 0x80, 0xB0, 0xC0


def learnt(target: str, *messages: tuple[int, ...]) -> tuple[str, str] | None:
    """Return the line that is learnt from messages after which nothing comes."""
    lesson = Lesson(target)
    for message in messages:
        lesson.hear(message)
    lesson.conclude()
    return None if lesson.learnt is None else (str(lesson.learnt.source), lesson.learnt.target)


@pytest.mark.parametrize(
    ("target", "messages", "line"),
    [
        ("play.temperature", [(CC, 20, 60), (CC, 20, 61)], ("cc 20 ch 1", "play.temperature")),
        ("play.temperature", [(CC + 4, 20, 60)], ("cc 20 ch 5", "play.temperature")),
        ("play.temperature", [(CC, 20, 1), (CC, 20, 1)], ("cc 20 relative ch 1", "play.temperature")),
        ("play.temperature", [(CC, 20, 127), (CC, 20, 127)], ("cc 20 relative ch 1", "play.temperature")),
        ("guide.lock", [(CC, 20, 65), (CC, 20, 65)], ("cc 20 relative offset ch 1", "guide.lock")),
        ("play.temperature", [(CC, 7, 60), (CC, 39, 3)], ("cc 7 14bit ch 1", "play.temperature")),
        ("play.temperature", [(CC, 50, 60), (CC, 82, 3)], ("cc 50 ch 1", "play.temperature")),
        ("guide.lock", [(ON, 60, 90), (OFF, 60, 0), (PROGRAM, 3), (CC, 20, 2)], ("cc 20 ch 1", "guide.lock")),
        ("play.thru", [(CC, 20, 127), (CC, 20, 0)], ("cc 20 ch 1", "play.thru toggle")),
        ("play.thru", [(CC, 20, 127)], ("cc 20 ch 1", "play.thru")),
        ("play.thru", [(ON, 60, 90)], ("note 60 ch 1", "play.thru")),
        ("mode", [(CC, 20, 127), (CC, 20, 0)], ("cc 20 ch 1", "mode next")),
        ("play.mode", [(CC, 20, 127), (CC, 20, 126)], ("cc 20 ch 1", "play.mode")),
        ("play.mode listen", [(PROGRAM + 1, 3)], ("program 3 ch 2", "play.mode listen")),
        ("hold", [(CC, 64, 0), (CC, 64, 127), (CC, 64, 0)], ("cc 64 ch 1", "hold")),
        ("hold", [(PROGRAM, 3), (ON, 21, 5)], ("note 21 ch 1", "hold")),
        ("panic", [(CC, 20, 127), (CC, 20, 127)], ("cc 20 ch 1", "panic")),
    ],
)  # fmt: skip
def test_the_control_that_was_meant_is_learnt(
    target: str, messages: list[tuple[int, ...]], line: tuple[str, str]
) -> None:
    assert learnt(target, *messages) == line
    binding_of(*line)


@pytest.mark.parametrize("number", [0, 32, 6, 38, 98, 101, 123])
def test_what_comes_along_with_other_things_is_not_meant(number: int) -> None:
    assert learnt("play.temperature", (CC, number, 5), (CC, number, 6)) is None


def test_what_belongs_to_the_lesson_is_not_music_and_what_does_not_is() -> None:
    lesson = Lesson("play.temperature")
    assert not lesson.hear((ON, 60, 90))
    assert not lesson.hear((0xF8,))
    assert not lesson.has_begun
    assert lesson.hear((CC, 20, 60))
    assert lesson.has_begun
    assert not lesson.hear((CC, 21, 60))
    assert lesson.learnt is None
    assert lesson.hear((CC, 20, 61))
    assert lesson.learnt == Learnt(source_of("cc 20 ch 1"), "play.temperature")
    assert not lesson.hear((CC, 20, 62))


def test_a_button_that_comes_up_is_not_the_one_that_is_pressed() -> None:
    assert learnt("panic", (CC, 20, 0), (OFF, 60, 0)) is None


def test_there_is_no_lesson_in_what_cannot_be_done() -> None:
    with pytest.raises(ConfigurationError, match="did you mean panic"):
        Lesson("painc")


def test_where_nothing_was_moved_nothing_is_learnt() -> None:
    assert learnt("hold") is None
