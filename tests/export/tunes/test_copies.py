"""The longest stretch that a text shares with what was learnt."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon_export.tunes.copies import Learnt, quantile

WORDS = st.text("ab", min_size=0, max_size=40)


@given(learnt=st.lists(WORDS, max_size=3), text=WORDS)
def test_it_is_the_longest(learnt: list[str], text: str) -> None:
    shared = Learnt(learnt).longest_shared(text)
    stretches = [text[a:b] for a in range(len(text)) for b in range(a + Learnt.SHORTEST, len(text) + 1)]
    found = [each for each in stretches if any(each in one for one in learnt)]
    assert len(shared) == max(map(len, found), default=0)
    assert not shared or any(shared in one for one in learnt)


def test_quantiles_are_numbers_that_occurred() -> None:
    assert [quantile([5, 1, 3, 2, 4], share) for share in (0.0, 0.5, 0.9, 1.0)] == [1, 3, 5, 5]
