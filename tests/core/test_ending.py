"""Whether the player is done: what each witness has to say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from antiphon.core.ending import LONG_REST, WEIGHTS, Close, Ending
from antiphon_models import vocab
from timing_engine import LATE, SOON, expecting

SOMEHOW = Close(held=0.2, home=False, accent=0.0, slowing=1.0, rests=())
"""A phrase that breaks off in its midst."""

chances = st.lists(st.floats(0.0, 1.0), min_size=vocab.DT_BINS, max_size=vocab.DT_BINS)
closes = st.builds(
    Close,
    held=st.floats(0.0, 10.0),
    home=st.booleans(),
    accent=st.floats(0.0, 100.0),
    slowing=st.floats(0.1, 10.0),
    rests=st.lists(st.floats(0.12, LONG_REST), max_size=32).map(sorted),
)


@given(closes, chances, st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_the_longer_it_is_silent_the_likelier_the_player_is_done(
    close: Close, timing: list[float], lag: float, silence: float, more: float
) -> None:
    ending = Ending(close, timing, lag)
    assert ending.log_odds(silence + more) >= ending.log_odds(silence) - 1e-9


def test_the_engine_says_how_many_of_the_silences_that_last_so_long_become_long_rests() -> None:
    ending = Ending(SOMEHOW, expecting((0.2, 0.6), (1.0, 0.3), (3.0, 0.1)), lag=0.0)
    at_once, later, at_last = (ending.evidence(silence).expected for silence in (0.0, 0.5, 1.5))
    assert (math.exp(at_once), math.exp(later), math.exp(at_last)) == pytest.approx((0.1, 0.25, 1.0))


def test_what_the_engine_expects_counts_from_the_last_event_that_it_heard() -> None:
    timing = expecting((0.5, 0.5), (3.5, 0.5))
    assert Ending(SOMEHOW, timing, lag=0.0).evidence(0.1).expected == pytest.approx(math.log(0.5))
    assert Ending(SOMEHOW, timing, lag=1.0).evidence(0.1).expected == pytest.approx(0.0)


def test_who_is_expected_to_rest_is_likelier_done() -> None:
    assert Ending(SOMEHOW, LATE, 0.0).log_odds(0.3) > Ending(SOMEHOW, SOON, 0.0).log_odds(0.3)


@pytest.mark.parametrize("closing", [{"home": True}, {"accent": 20.0}, {"slowing": 2.0}, {"held": 1.0}])
def test_a_phrase_that_closes_is_likelier_over(closing: dict[str, float]) -> None:
    closed = replace(SOMEHOW, **closing)
    assert Ending(closed, SOON, 0.0).log_odds(0.3) > Ending(SOMEHOW, SOON, 0.0).log_odds(0.3)


def test_who_rests_often_is_likelier_to_rest_again() -> None:
    restless, calm = replace(SOMEHOW, rests=[0.2] * 8), replace(SOMEHOW, rests=[0.9] * 8)
    assert Ending(calm, SOON, 0.0).log_odds(0.5) < Ending(restless, SOON, 0.0).log_odds(0.5)
    assert Ending(calm, SOON, 0.0).log_odds(1.0) == Ending(restless, SOON, 0.0).log_odds(1.0)


def test_nothing_that_is_heard_of_a_silence_speaks_for_its_going_on() -> None:
    assert min(weight for name, weight in WEIGHTS._asdict().items() if name != "always") >= 0.0
