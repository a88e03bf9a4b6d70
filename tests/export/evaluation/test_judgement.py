"""Continuations judged beside the real one and another piece's, on music whose worth is plain."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.evaluation.judgement import COPIED, judge, verdict
from antiphon_export.evaluation.likeness import Passage, passage
from antiphon_export.evaluation.verbatim import Learnt

C_MAJOR, F_SHARP_MAJOR = (60, 62, 64, 65, 67, 69, 71), (66, 68, 70, 71, 73, 75, 77)


def wander(scale: tuple[int, ...], seed: int, notes: int = 40, apart: float = 0.2) -> Passage:
    pitch = np.random.default_rng(seed).choice(scale, notes).astype(np.int32)
    return passage(np.full(notes, apart), np.full(notes, 70), pitch)


SILENCE = passage(np.zeros(0), np.zeros(0), np.zeros(0, np.int32))
QUESTIONS = [wander(C_MAJOR, 1), wander(F_SHARP_MAJOR, 2)]
REAL = [wander(C_MAJOR, 3), wander(F_SHARP_MAJOR, 4)]


def test_to_go_on_as_the_piece_does_is_the_whole_way_and_as_another_none_of_it() -> None:
    best = judge(["a", "b"], QUESTIONS, REAL, [[each] for each in REAL], [], None)
    worst = judge(["a", "b"], QUESTIONS, REAL, [[each] for each in reversed(REAL)], [], None)
    assert best is not None
    assert worst is not None
    assert best.gap_closed == pytest.approx(1.0)
    assert worst.gap_closed == pytest.approx(0.0)
    assert best.model == best.real
    assert best.other is not None
    assert best.other.pitch_classes < best.real.pitch_classes


def test_every_answer_is_compared_with_its_own_question() -> None:
    drawn = [[wander(C_MAJOR, 10), wander(C_MAJOR, 11), wander(C_MAJOR, 12)], [wander(F_SHARP_MAJOR, 13)]]
    judgement = judge(["a", "b"], QUESTIONS, REAL, drawn, [drawn[0][0], drawn[1][0]], None)
    assert judgement is not None
    assert judgement.improviser is not None
    assert judgement.model.continuations == 4
    assert judgement.model.pitch_classes > 0.7
    assert judgement.improviser.continuations == 2
    assert judgement.model.runs is None


def test_medians_and_distances_are_those_of_the_continuations() -> None:
    faster = [wander(C_MAJOR, seed, apart=0.1) for seed in (1, 2, 3)]
    found = verdict(faster, [QUESTIONS[0]] * 3, None)
    assert found is not None
    assert found.density == pytest.approx(2.0)
    assert found.loudness == pytest.approx(1.0)
    assert 0.0 <= found.register < 3.0
    lower = verdict([wander(tuple(each - 12 for each in C_MAJOR), 1)], [QUESTIONS[0]], None)
    assert lower is not None
    assert lower.register == pytest.approx(12.0)


def test_a_copy_of_what_was_learnt_is_counted() -> None:
    learnt = Learnt([wander(C_MAJOR, 30, notes=200)])
    copied = wander(C_MAJOR, 30, notes=COPIED)
    found = verdict([copied, SILENCE, wander(F_SHARP_MAJOR, 31)], [QUESTIONS[0]] * 3, learnt)
    assert found is not None
    assert found.runs is not None
    assert found.continuations == 2
    assert found.runs.longest == COPIED
    assert found.runs.original == 0.5


def test_one_piece_alone_has_no_other() -> None:
    judgement = judge(["a"], QUESTIONS[:1], REAL[:1], [REAL[:1]], [], None)
    assert judgement is not None
    assert judgement.other is None
    assert judgement.gap_closed is None


def test_silence_cannot_be_judged() -> None:
    assert judge([], [], [], [], [], None) is None
    assert judge(["a"], QUESTIONS[:1], REAL[:1], [[SILENCE]], [], None) is None
