"""What is meant by a mood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.mood_phrases import LONGEST, Mood, in_words, mood_of, nearest_to, objection_to, read
from antiphon.core.mood_words import places


def meant(text: str) -> Mood:
    mood = mood_of(text)
    assert mood is not None
    return mood


@pytest.mark.parametrize(
    "word", ["hopeful", "Hopeful", " HOPEFUL! ", "feeling hopeful", "it is hopeful music"]
)
def test_a_word_is_its_place(word: str) -> None:
    assert meant(word) == Mood(*places()["hopeful"])


def test_a_phrase_lies_between_its_words_by_how_much_each_is_meant() -> None:
    wonder, sad = Mood(*places()["wonder"]), Mood(*places()["sad"])
    both, mostly_wonder = meant("wonder and sad"), meant("wonder and a little sad")
    assert both.valence == pytest.approx((wonder.valence + sad.valence) / 2)
    assert both.valence < mostly_wonder.valence < wonder.valence
    assert mostly_wonder.valence == pytest.approx((wonder.valence + 0.4 * sad.valence) / 1.4)


def test_a_single_word_goes_as_far_as_it_is_meant() -> None:
    sad = meant("sad").valence
    assert meant("a little sad").valence == pytest.approx(0.4 * sad)
    assert meant("very sad").valence == pytest.approx(1.35 * sad)
    assert meant("extremely ecstatic") == Mood(1.0, 1.0)


@pytest.mark.parametrize("text", ["not sad", "no sadness", "without sadness", "isn't sad", "not at all sad"])
def test_what_is_denied_is_half_the_opposite(text: str) -> None:
    sad = meant("sad")
    assert meant(text).valence == pytest.approx(-sad.valence / 2)
    assert meant(text).arousal == pytest.approx(-sad.arousal / 2)


@pytest.mark.parametrize("text", ["0.5,-0.3", "0.5 -0.3", "(0.5, -0.3)", "[.5; -.3]"])
def test_two_numbers_are_the_point_itself(text: str) -> None:
    assert meant(text) == Mood(0.5, -0.3)


def test_none_is_no_mood_and_no_mistake() -> None:
    assert mood_of("none") is None
    assert objection_to("none") == ""
    assert in_words("none") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'is empty; say a mood such as hopeful, or "none"'),
        (" \t", 'is empty; say a mood such as hopeful, or "none"'),
        ("very", 'names no mood; say one such as hopeful, or "none"'),
        ("!?", 'names no mood; say one such as hopeful, or "none"'),
        ("hopful", "is an unknown mood, nearest: hopeful, hopefully, hateful"),
        ("2,0", "is no point of the plane; valence and arousal are from -1 to 1"),
        ("nan,0", "is no point of the plane; valence and arousal are from -1 to 1"),
        ("1e999,0", "is no point of the plane; valence and arousal are from -1 to 1"),
        ("0.5", "is neither words nor two numbers; a point is valence, arousal: 0.5,-0.3"),
        ("0.1,0.2,0.3", "is neither words nor two numbers; a point is valence, arousal: 0.5,-0.3"),
        ("happy 3", "is neither words nor two numbers; a point is valence, arousal: 0.5,-0.3"),
        ("sad " * LONGEST, f"is longer than {LONGEST} characters; a few words will do"),
    ],
)
def test_what_is_no_mood_is_said_in_a_sentence(text: str, said: str) -> None:
    assert objection_to(text) == said
    assert mood_of(text) is None


def test_unknown_words_among_known_ones_are_passed_over_and_told() -> None:
    assert meant("hopeful as xanadu") == meant("hopeful")
    assert read("hopeful as xanadu").unknown == ("xanadu",)
    told = 'the mood "hopeful as xanadu" is valence 0.65 and arousal 0.35; passed over: xanadu'
    assert in_words("hopeful as xanadu") == told
    assert objection_to("hopeful as xanadu") == ""


def test_words_with_a_hyphen_are_known_whole_or_in_parts() -> None:
    assert meant("laid-back") == Mood(*places()["laid-back"])
    assert meant("calm-sad") == meant("calm sad")


@pytest.mark.parametrize(("typed", "found"), [("depresed", "depressed"), ("hapy", "happy"), ("zzz", "yearn")])
def test_the_nearest_words_are_spelt_like_it(typed: str, found: str) -> None:
    assert found in nearest_to(typed)


@given(text=st.text(max_size=60) | st.lists(st.sampled_from(sorted(places()))).map(" ".join))
def test_whatever_is_said_is_a_point_of_the_plane_or_objected_to(text: str) -> None:
    reading = read(text)
    if reading.mood is None:
        assert reading.objection or text.strip().lower() == "none"
    else:
        assert not reading.objection
        assert abs(reading.mood.valence) <= 1.0
        assert abs(reading.mood.arousal) <= 1.0
