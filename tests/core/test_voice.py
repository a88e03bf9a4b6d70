from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.units import Pitch, Velocity
from antiphon.core.voice import Voice

C, E = Pitch(60), Pitch(64)
LOUD = Velocity(100)


def test_a_note_is_released_at_the_pitch_at_which_it_was_sent() -> None:
    voice = Voice("it")
    assert list(voice.play(1.0, C, LOUD, -12)) == [PlayNote(1.0, Pitch(48), LOUD, "it")]
    assert voice.sounding == {C}
    assert list(voice.release(2.0, C)) == [ReleaseNote(2.0, Pitch(48), "it")]
    assert voice.sounding == frozenset()


def test_a_note_that_sounds_is_released_before_it_is_struck_again() -> None:
    voice = Voice("you")
    list(voice.play(1.0, C, LOUD, 0))
    assert list(voice.play(2.0, C, LOUD, 0)) == [ReleaseNote(2.0, C, "you"), PlayNote(2.0, C, LOUD, "you")]


def test_what_does_not_sound_is_not_released() -> None:
    assert list(Voice("it").release(1.0, C)) == []


def test_nothing_outside_the_range_of_midi_is_sent() -> None:
    voice = Voice("it")
    assert [*voice.play(0.0, Pitch(120), LOUD, 12), *voice.play(0.0, Pitch(3), LOUD, -12)] == []
    assert list(voice.release(1.0, Pitch(120))) == []


def test_all_that_sounds_is_released_once() -> None:
    voice = Voice("it")
    list(voice.play(0.0, E, LOUD, 0))
    list(voice.play(0.0, C, LOUD, 0))
    assert list(voice.release_all(1.0)) == [ReleaseNote(1.0, C), ReleaseNote(1.0, E)]
    assert list(voice.release_all(1.0)) == []


def test_what_sounded_at_a_lost_output_is_forgotten() -> None:
    voice = Voice("it")
    list(voice.play(0.0, C, LOUD, 0))
    voice.forget()
    assert list(voice.release_all(1.0)) == []
