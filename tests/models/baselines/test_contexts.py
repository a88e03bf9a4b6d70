"""What each order may know."""

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.baselines.contexts import CHAINS
from antiphon_models.baselines.history import LONGEST_MEMORY, Known

FIELDS = {
    "dt": set(),
    "velocity": {Known.DT, Known.PACE},
    "pitch": {Known.DT, Known.PACE, Known.VELOCITY, Known.IS_ONSET},
}
"""What is known already of the event itself when each of its fields is predicted."""


@pytest.mark.parametrize("field", FIELDS)
def test_an_order_knows_its_events_and_no_others(field: str) -> None:
    orders = getattr(CHAINS, field)
    assert len(orders) == LONGEST_MEMORY + 1
    for order, contexts in enumerate(orders):
        features = [feature for context in contexts for feature in context.features]
        assert max((feature.ago for feature in features), default=0) == order
        assert {feature.kind for feature in features if feature.ago == 0} <= FIELDS[field]


def test_frequencies_know_nothing() -> None:
    for field in FIELDS:
        assert [context.features for context in getattr(CHAINS, field)[0]] == [()]


def test_only_pitches_are_counted_as_intervals_and_only_from_a_pitch_that_is_known() -> None:
    for orders in (CHAINS.dt, CHAINS.velocity):
        assert not any(context.is_transposed for order in orders for context in order)
    counted = [context for order in CHAINS.pitch for context in order if context.is_transposed]
    assert counted
    assert not any(feature.kind is Known.PITCH for context in counted for feature in context.features)
