"""Pieces continued by the engine that plays: obediently, reproducibly, and guided by what was heard."""

from collections.abc import Sequence

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import MusicEvent
from antiphon.core.events import KeyPressed
from antiphon.core.guide import UNGUIDED
from antiphon.core.performance import notes_heard
from antiphon.core.units import Pitch, Velocity
from antiphon_export.evaluation.continuations import (
    ANSWER,
    QUESTION,
    answered,
    as_notes,
    as_passage,
    drawn_on,
    events_of,
    guide_after,
    held_after,
    performance_of,
    spread,
)
from antiphon_export.evaluation.likeness import passage_of
from default_config import loaded
from default_settings import settings
from random_pieces import random_piece
from remembering_network import RememberingNetwork

PIECE = random_piece(5, QUESTION + ANSWER)
ASKED = events_of(PIECE.excerpt(0, QUESTION))


@pytest.fixture(scope="module")
def network() -> StepGraph:
    return StepGraph(find_network("default"))


def event(dt: float, velocity: int, pitch: int) -> MusicEvent:
    return MusicEvent(dt, Velocity(velocity), Pitch(pitch))


def assert_obeys(drawn: Sequence[MusicEvent], held: set[Pitch], polyphony: int, longest_note: float) -> None:
    """Every release is of what sounds, no note is struck twice, and none lasts too long."""
    struck, now = dict.fromkeys(held, 0.0), 0.0
    for each in drawn:
        now += each.dt
        assert each.dt >= 0.0
        if each.velocity:
            assert each.pitch not in struck
            struck[each.pitch] = now
            assert len(struck) <= polyphony
        else:
            assert now - struck.pop(each.pitch) <= longest_note + 1e-6


def test_the_first_events_of_pieces_that_are_long_enough_are_spread_over_the_list() -> None:
    pieces = [random_piece(seed, QUESTION + ANSWER - 1 + seed % 2) for seed in range(12)]
    assert [piece.name for piece in spread(pieces, 3)] == ["random 1", "random 5", "random 9"]
    assert len(spread(pieces, 100)) == 6
    assert spread(pieces[::2]) == []


def test_what_is_drawn_obeys_and_goes_on_for_as_many_events_as_are_compared(network: StepGraph) -> None:
    played = settings(play={"polyphony": 3, "longest_note": 1.0})
    for drawn in drawn_on(network, played, ASKED, [1, 2]):
        assert len(drawn) == ANSWER
        assert_obeys(drawn, held_after(ASKED), max(3, len(held_after(ASKED))), 1.0)


def test_a_seed_draws_the_same_and_another_seed_something_else(network: StepGraph) -> None:
    first, again, other = drawn_on(network, settings(), ASKED, [1, 1, 2])
    assert first == again
    assert first != other


def test_it_is_asked_as_the_daemon_asks(network: StepGraph) -> None:
    """The guide is what was heard, and reaches the network; nobody is told apart."""
    remembering = RememberingNetwork(network)
    next(drawn_on(remembering, settings(), ASKED, [1]))
    guide = guide_after(ASKED, settings())
    asked = remembering.steps[-1].question.manner
    assert guide.pitch_classes is not None
    assert asked.guide[0, 6:18] == pytest.approx([4.0 * share for share in guide.pitch_classes], rel=1e-5)
    assert asked.asked.item() == 0
    free = {"density": -1.0, "loudness": -1.0, "register": -1.0, "key": "free"}
    assert guide_after(ASKED, settings(guide=free)) == UNGUIDED


def test_the_improviser_answers_the_question(network: StepGraph) -> None:
    config = loaded("play.seconds=2").config
    answer = answered(config, ASKED, seed=3)
    assert len(answer) > 0
    assert answer.seconds < 10.0
    assert answered(config, ASKED, seed=3).pitch.tolist() == answer.pitch.tolist()


def test_events_of_a_piece_are_those_of_its_passage() -> None:
    as_heard, as_cut = as_passage(events_of(PIECE)), passage_of(PIECE)
    assert as_heard.at == pytest.approx(as_cut.at)
    assert as_heard.pitch.tolist() == as_cut.pitch.tolist()
    assert as_heard.velocity.tolist() == as_cut.velocity.tolist()


def test_a_performance_lets_go_of_what_still_sounds() -> None:
    asked = [event(0.0, 80, 60), event(0.5, 70, 64), event(0.5, 0, 60)]
    performance = performance_of(asked)
    assert [timed.at for timed in performance] == [0.0, 0.5, 1.0, 1.0]
    assert isinstance(performance[0].event, KeyPressed)
    assert [(note.pitch, note.release) for note in notes_heard(performance)] == [(60, 1.0), (64, 1.0)]


def test_events_amount_to_notes() -> None:
    notes = as_notes(
        [event(0.0, 80, 60), event(0.5, 70, 64), event(0.5, 0, 60), event(1.0, 0, 64)], began=10.0
    )
    assert [(note.onset, note.release, note.pitch) for note in notes] == [(10.0, 11.0, 60), (10.5, 12.0, 64)]


def test_nothing_is_heard_of_an_answer_without_notes() -> None:
    assert len(as_passage([])) == 0
