"""Copies are found, in any key and a little loose in time, and nothing else is."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_export.evaluation.likeness import Passage, passage
from antiphon_export.evaluation.verbatim import SEED, Learnt

FEWEST = SEED + 1

pitches = st.lists(st.integers(55, 60), min_size=0, max_size=14)


def melody(pitch: list[int], apart: float | list[float] = 0.25) -> Passage:
    times = np.full(len(pitch), apart) if isinstance(apart, float) else np.array(apart)
    return passage(times, np.full(len(pitch), 80), np.array(pitch, np.int32))


def improvised(seed: int, notes: int) -> tuple[list[int], list[float]]:
    """Return pitches and times that share nothing but accidents with those of another seed."""
    rng = np.random.default_rng(seed)
    return rng.integers(30, 90, notes).tolist(), rng.uniform(0.1, 1.0, notes).tolist()


def without_trills(pitch: list[int]) -> list[int]:
    """Leave out every note that goes on to alternate, as the one before it did."""
    return [
        each for at, each in enumerate(pitch) if at < 3 or pitch[at - 3 : at - 1] != pitch[at - 1 : at + 1]
    ]


def longest_shared(left: list[int], right: list[int]) -> int:
    """Return the same as the module, for melodies, by trying everything."""
    steps, others = ([b - a for a, b in pairwise(without_trills(each))] for each in (left, right))
    longest = max(
        (
            length
            for length in range(1, len(steps) + 1)
            for start in range(len(steps) - length + 1)
            if any(steps[start : start + length] == others[at : at + length] for at in range(len(others)))
        ),
        default=0,
    )
    return longest + 1 if longest + 1 >= FEWEST else 0


@settings(deadline=None)
@given(st.lists(pitches, max_size=4), pitches)
def test_it_finds_what_trying_everything_finds(learnt: list[list[int]], played: list[int]) -> None:
    expected = max((longest_shared(played, piece) for piece in learnt), default=0)
    found = Learnt(map(melody, learnt))
    assert found.longest_run(melody(played), in_rhythm=False) == expected
    # Where a trill is cut short, the note that is left of it lasts longer: another rhythm.
    if all(without_trills(each) == each for each in [*learnt, played]):
        assert found.longest_run(melody(played), in_rhythm=True) == expected


def test_it_forgets_what_it_was_asked_before() -> None:
    learnt = Learnt([melody([60, 62, 64, 65, 67, 69]), melody([50, 55, 57, 50, 55, 57])])
    questions = [melody([50, 52, 54, 55, 57]), melody([60, 65, 67, 60, 65, 67]), melody([50, 60, 50, 60, 50])]
    once = [learnt.longest_run(each, in_rhythm=True) for each in questions]
    assert once == [learnt.longest_run(each, in_rhythm=True) for each in questions] == [5, 6, 0]


@pytest.mark.parametrize("semitones", [-7, 0, 5])
def test_a_copy_in_the_midst_of_other_music_is_found_in_any_key(semitones: int) -> None:
    pitch, apart = improvised(1, 200)
    other, other_apart = improvised(2, 60)
    copied = slice(80, 97)
    played = other[:30] + [each + semitones for each in pitch[copied]] + other[30:]
    at = other_apart[:30] + apart[copied] + other_apart[30:]
    found = Learnt([melody(pitch, apart)]).longest_run(melody(played, at), in_rhythm=True)
    assert found == 17


def test_a_copy_a_little_slower_and_loose_is_found_and_one_in_another_rhythm_is_not() -> None:
    pitch, apart = improvised(1, 60)
    learnt = Learnt([melody(pitch, apart)])
    rng = np.random.default_rng(3)
    loose = melody(pitch, [each * 1.1 + rng.uniform(0.0, 0.01) for each in apart])
    assert learnt.longest_run(loose, in_rhythm=True) == 60
    other = melody(pitch, improvised(4, 60)[1])
    assert learnt.longest_run(other, in_rhythm=True) < 12
    assert learnt.longest_run(other, in_rhythm=False) == 60


def test_the_notes_of_a_chord_may_be_struck_in_any_order() -> None:
    chords = [60, 64, 67, 62, 65, 69, 59, 62, 67]
    rolled = [67, 60, 64, 65, 62, 69, 67, 59, 62]
    at = [0.5, 0.01, 0.01] * 3
    assert Learnt([melody(chords, at)]).longest_run(melody(rolled, at), in_rhythm=True) == 9
    assert Learnt([melody(chords)]).longest_run(melody(rolled), in_rhythm=False) == 0


def test_of_a_trill_and_of_a_repeated_note_only_the_beginning_counts() -> None:
    trill, drum = melody([60, 62] * 10), melody([60] * 20)
    assert Learnt([trill]).longest_run(trill, in_rhythm=False) == 0
    assert Learnt([drum]).longest_run(drum, in_rhythm=False) == 0
    adorned = [67, 64, *[60, 62] * 5, 59, 57]
    assert Learnt([melody(adorned)]).longest_run(melody(adorned), in_rhythm=True) == 7


def test_a_run_does_not_go_on_from_one_piece_into_the_next() -> None:
    pitch, apart = improvised(1, 40)
    halves = [melody(pitch[:20], apart[:20]), melody(pitch[20:], apart[20:])]
    assert Learnt(halves).longest_run(melody(pitch, apart), in_rhythm=False) == 20


def test_loudness_and_releases_do_not_matter() -> None:
    pitch, apart = improvised(1, 20)
    quiet = passage(np.repeat(apart, 2) / 2, np.tile([20, 0], 20), np.repeat(np.array(pitch, np.int32), 2))
    assert Learnt([melody(pitch, apart)]).longest_run(quiet, in_rhythm=False) == 20


def test_music_of_too_few_notes_shares_nothing() -> None:
    assert Learnt([]).longest_run(melody([60, 62, 64, 65]), in_rhythm=True) == 0
    assert Learnt([melody([60, 62, 64])]).longest_run(melody([60, 62, 64]), in_rhythm=True) == 0
    assert Learnt([melody([60, 62, 64, 65])]).longest_run(melody([]), in_rhythm=True) == 0
