"""How long a note takes: written, read, interpolated, and made of what was measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.units import Velocity
from antiphon.core.velocity_latency import LONGEST_MS, Table, fitted, objection_to_latency, table_of

DISKLAVIER = "1:155 40:90 100:0"


@pytest.mark.parametrize(
    ("velocity", "ms"), [(1, 155), (40, 90), (70, 45), (100, 0), (127, 0), (20, 155 - 65 * 19 / 39)]
)
def test_between_two_pairs_it_is_interpolated(velocity: int, ms: float) -> None:
    assert table_of(DISKLAVIER).at(velocity) == pytest.approx(ms / 1000)


def test_before_the_first_and_after_the_last_it_is_theirs() -> None:
    table = table_of("60:50 90:10")
    assert (table.at(1), table.at(127), table.longest) == (0.05, 0.01, 0.05)


def test_without_a_table_everything_sounds_at_once() -> None:
    assert table_of("") == Table()
    assert (table_of("").at(64), table_of("").longest, str(table_of(""))) == (0.0, 0.0, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1:155 40", "must be pairs of velocity and ms, such as 1:155 40:90 100:0, and 40 is none"),
        ("0:10", "names a velocity that is not from 1 to 127"),
        ("128:10", "names a velocity that is not from 1 to 127"),
        ("1:10 1:20", "names a velocity twice"),
        ("1:501", "names more than 500 ms"),
        (" ".join(f"{velocity}:1" for velocity in range(1, 40)), "has 39 pairs; 32 are the most"),
        (DISKLAVIER, ""),
        ("", ""),
        ("40:90 1:155", ""),
    ],
)
def test_what_is_no_table_is_objected_to(text: str, said: str) -> None:
    assert objection_to_latency(text) == said


pairs = st.dictionaries(st.integers(1, 127), st.integers(0, int(LONGEST_MS)), max_size=32)


@given(pairs, st.integers(1, 127))
def test_any_table_is_read_as_it_was_written_and_lies_between_its_times(
    table: dict[int, int], velocity: int
) -> None:
    text = " ".join(f"{each}:{ms}" for each, ms in table.items())
    assert objection_to_latency(text) == ""
    read = table_of(text)
    assert table_of(str(read)) == read
    if table:
        assert min(read.seconds) - 1e-9 <= read.at(velocity) <= max(read.seconds) + 1e-9


def heard(**times: list[float]) -> dict[Velocity, list[float]]:
    """Return what was measured: ``heard(v40=[0.09, 0.091])``."""
    return {Velocity(int(name[1:])): each for name, each in times.items()}


def test_the_median_of_each_velocity_counts() -> None:
    table = fitted(heard(v10=[0.15, 0.14, 0.9], v60=[0.05, 0.051, 0.052], v120=[0.0, 0.001, 0.001]))
    assert str(table) == "10:150 60:51 120:1"


def test_what_was_heard_once_counts_for_nothing() -> None:
    assert str(fitted(heard(v10=[0.3], v60=[0.05, 0.05], v120=[0.0, 0.0]))) == "60:50 120:0"
    assert fitted(heard(v10=[0.3], v60=[])) == Table()


def test_a_louder_note_is_never_slower() -> None:
    assert str(fitted(heard(v10=[0.1, 0.1], v60=[0.04, 0.04], v90=[0.06, 0.06]))) == "10:100 60:50 90:50"


def test_a_pair_that_its_neighbours_say_is_left_out() -> None:
    straight = {Velocity(each): [0.001 * (127 - each)] * 2 for each in range(1, 128, 14)}
    assert str(fitted(straight)) == "1:126 127:0"


@given(
    st.dictionaries(st.integers(1, 127).map(Velocity), st.lists(st.floats(0, 0.5), max_size=5), max_size=12)
)
def test_whatever_was_measured_makes_a_table_that_falls_and_may_be_set(
    measured: dict[Velocity, list[float]],
) -> None:
    table = fitted(measured)
    assert objection_to_latency(str(table)) == ""
    assert list(table.seconds) == sorted(table.seconds, reverse=True)
