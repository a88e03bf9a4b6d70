"""The network and a player's style, blended: each has its share in every field, at one call."""

from typing import Any

import numpy as np
import pytest

from antiphon.adapters.engines.blend import BlendedEngine, blended, bolder
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.markov.engine import MarkovEngine
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.question import OPEN
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import Constraints, MusicEvent, PromptEngine
from antiphon.core.units import Pitch, Velocity
from antiphon_models import shelf
from antiphon_models.markov.past import SILENCE
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table
from players import a_minute_of
from remembering_network import RememberingNetwork

TABLE = Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)
KEYS = frozenset(map(Pitch, range(21, 109)))
THREE = (60, 61, 66)


@pytest.fixture(scope="module")
def graph() -> StepGraph:
    return StepGraph(find_network("small"))


def blend_of(network: StepGraph | RememberingNetwork, seed: int = 1) -> BlendedEngine:
    return BlendedEngine(network, MarkovEngine(Learner(Style(TABLE), 10), seed), seed)


def asked(**changes: Any) -> Constraints:
    usual: dict[str, Any] = {
        "shortest_dt": 0.0, "longest_dt": 4.0, "onsets": KEYS, "releases": frozenset(),
        "temperature": 1.0, "min_p": 0.0,
    }  # fmt: skip
    return Constraints(**(usual | changes))


def teach(engine: PromptEngine, times: int = 20) -> None:
    for _ in range(times):
        for pitch in THREE:
            engine.prime(MusicEvent(0.3, Velocity(80), Pitch(pitch), is_players=True))
            engine.prime(MusicEvent(0.2, Velocity(0), Pitch(pitch), is_players=True))


def share_of_the_three(engine: PromptEngine, blend: float) -> float:
    drawn = [engine.sample(asked(blend=blend)).pitch for _ in range(80)]
    return sum(pitch in THREE for pitch in drawn) / len(drawn)


def test_the_more_of_the_style_the_more_of_what_the_player_does(graph: StepGraph) -> None:
    """In former sessions the player came back to three notes; the network has heard one of them."""
    phrase = bytes(
        value for pitch in THREE * 30 for event in ((8, 21, pitch), (12, 0, pitch)) for value in event
    )
    shares = []
    for weight in (0.0, 0.5, 0.9):
        markov = MarkovEngine(Learner.of(Style(TABLE), 10, [phrase]), 1)
        engine = BlendedEngine(graph, markov, 1)
        teach(engine, 1)
        shares.append(share_of_the_three(engine, weight))
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > 0.8


def test_without_a_share_it_is_the_network_note_for_note(graph: StepGraph) -> None:
    alone, both = LstmEngine(graph, 3), blend_of(graph, 3)
    for engine in (alone, both):
        teach(engine, 2)
    for _ in range(20):
        event = alone.sample(asked(blend=0.0))
        assert both.sample(asked(blend=0.0)) == event
        alone.prime(event)
        both.prime(event)


def test_with_the_whole_share_it_is_the_style_note_for_note(graph: StepGraph) -> None:
    both, alone = blend_of(graph, 3), MarkovEngine(Learner(Style(TABLE), 10), 3)
    for engine in (alone, both):
        teach(engine, 2)
    for _ in range(20):
        event = alone.sample(asked())
        assert both.sample(asked(blend=1.0)) == event
        alone.prime(event)
        both.prime(event)


def test_a_blend_takes_one_call_of_the_network(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = blend_of(network)
    teach(engine, 1)
    before = len(network.steps)
    engine.sample(asked(blend=0.5))
    assert len(network.steps) == before + 1


def test_the_time_is_weighed_by_exactly_what_the_style_says_of_it() -> None:
    style, past = Style(TABLE), SILENCE
    for event in a_minute_of(1, 10.0):
        style.learn(past, event)
        past = past.after(event)
    question = blended(OPEN, style, past, 0.25)
    expected = np.log(np.maximum(style.times(past), 1e-5)) / 3
    np.testing.assert_allclose(question.allow_dt[0], expected, rtol=1e-5)
    np.testing.assert_allclose(question.manner.temperature, OPEN.manner.temperature / 0.75)


def test_an_onset_that_sounds_and_a_release_that_does_not_are_left_to_the_network() -> None:
    past = SILENCE.after((0, 20, 60))
    question = blended(OPEN, Style(TABLE), past, 0.5)
    for allowed in (question.allow_dt, question.allow_class, question.allow_onset, question.allow_release):
        assert np.isfinite(allowed).all()
        assert allowed.min() > -100


def test_a_manner_is_made_once() -> None:
    assert bolder(OPEN.manner, 0.5) is bolder(OPEN.manner, 0.5)
