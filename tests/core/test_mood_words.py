"""The table of words for moods."""

import re

from antiphon.core.mood_phrases import DEGREES, FILLERS, NEGATIONS, NO_MOOD
from antiphon.core.mood_words import TABLE, places


def test_every_word_has_one_place_on_the_plane() -> None:
    words = [word for line in TABLE.strip().splitlines() for word in line.split()[2:]]
    assert len(words) == len(set(words)) == len(places()) > 700
    assert all(abs(side) <= 1.0 for place in places().values() for side in place)


def test_every_word_can_be_written_in_a_phrase() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", word) for word in places())


def test_no_mood_is_also_a_word_of_another_kind() -> None:
    assert not places().keys() & {*DEGREES, *FILLERS, *NEGATIONS, NO_MOOD}


def test_there_are_words_for_every_quarter_of_the_plane() -> None:
    quarters = [(valence > 0, arousal > 0) for valence, arousal in places().values() if valence and arousal]
    assert (
        min(quarters.count((pleasant, roused)) for pleasant in (True, False) for roused in (True, False))
        > 100
    )
