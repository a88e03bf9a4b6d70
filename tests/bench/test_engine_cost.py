"""What an event costs is measured event by event, with the engine that would play."""

from antiphon.adapters.engines.kinds import maker_of
from antiphon.bench.bench import bare_graph
from antiphon.bench.engine_cost import EVENTS_PER_ROUND, cost, generating, priming
from default_config import loaded
from default_settings import settings
from uniform_engine import UniformEngine


def test_every_event_of_a_round_is_measured() -> None:
    assert len(priming(UniformEngine(), settings())) == EVENTS_PER_ROUND
    assert len(generating(UniformEngine(), settings(play={"seconds": 2.0}))) == EVENTS_PER_ROUND


def test_the_first_round_warms_up_and_does_not_count() -> None:
    config = loaded("model.name=small").config
    found = cost(maker_of(config), settings(), bare_graph(config), rounds=1)
    for histogram in (found.invoke, found.prime, found.event):
        assert histogram.count == EVENTS_PER_ROUND
        assert histogram.percentile(50) > 0.0
