"""ABC read character by character: what sounds, when, and where an error is."""

from fractions import Fraction

import pytest

from antiphon.adapters.engines.tunes.reader import AbcError, Reader, sounds_of

HEADER = "X:1\nM:6/8\nL:1/8\nK:D\n"


def melody(music: str, header: str = HEADER) -> list[tuple[int, float, float]]:
    sounds, _ = sounds_of(header + music + "\n")
    return [(each.pitch, float(each.begins), float(each.ends)) for each in sounds if not each.is_chord]


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("AB c2", [(69, 0, 1), (71, 1, 2), (73, 2, 4)]),
        ("A/ B3/2 c/4", [(69, 0, 0.5), (71, 0.5, 2), (73, 2, 2.25)]),
        ("C, c'", [(49, 0, 1), (85, 1, 2)]),
        ("^f f | f", [(78, 0, 1), (78, 1, 2), (78, 2, 3)]),
        ("=f f | f", [(77, 0, 1), (77, 1, 2), (78, 2, 3)]),
        ("A2-|A B", [(69, 0, 3), (71, 3, 4)]),
        ("^G-|G A", [(68, 0, 2), (69, 2, 3)]),
        ("A-|B", [(69, 0, 1), (71, 1, 2)]),
        ("A>B c<d", [(69, 0, 1.5), (71, 1.5, 2), (73, 2, 2.5), (74, 2.5, 4)]),
        ("[ACE]2 z A", [(61, 0, 2), (64, 0, 2), (69, 0, 2), (69, 3, 4)]),
        ("{ab}!trill!~A.B", [(69, 0, 1), (71, 1, 2)]),
        ("|:A|[1B:|[2c||", [(69, 0, 1), (71, 1, 2), (73, 2, 3)]),
        ("f[K:F]f", [(78, 0, 1), (77, 1, 2)]),
        ("A % a remark\nB", [(69, 0, 1), (71, 1, 2)]),
        ("A\nw:words that nobody sings\nB", [(69, 0, 1), (71, 1, 2)]),
        ("A (BA) B", [(69, 0, 1), (71, 1, 2), (69, 2, 3), (71, 3, 4)]),
        ("a:|", [(81, 0, 1)]),
    ],
)
def test_music_sounds_as_it_is_written(music: str, expected: list[tuple[int, float, float]]) -> None:
    assert melody(music) == expected


def test_three_notes_are_played_in_the_time_of_two() -> None:
    assert [ends for _, _, ends in melody("(3ABc d")] == pytest.approx([2 / 3, 4 / 3, 2, 3])


def test_a_length_that_is_not_named_follows_from_the_metre() -> None:
    assert melody("A", "X:1\nM:2/4\nK:C\n") == [(69, 0, 0.5)]
    assert melody("A", "X:1\nM:C\nK:C\n") == [(69, 0, 1)]


def test_a_chord_symbol_sounds_until_the_next_and_anew_in_every_bar() -> None:
    sounds, _ = sounds_of(HEADER + '"D"ABc "A7"A3|A6|\n')
    begins = sorted({(float(each.begins), float(each.ends)) for each in sounds if each.is_chord})
    assert begins == [(0, 3), (3, 6), (6, 12)]


@pytest.mark.parametrize(
    ("music", "place"),
    [("AB^", "line 5, column 3"), ("A\nB q", "line 6, column 3"), ("A/0", "line 5"), ("[A[B]]", "line 5")],
)
def test_an_error_says_where_it_is(music: str, place: str) -> None:
    with pytest.raises(AbcError, match=place):
        sounds_of(HEADER + music + "\n")


def test_a_key_or_a_metre_that_is_none_is_refused_where_it_stands() -> None:
    with pytest.raises(AbcError, match="line 2"):
        sounds_of("X:1\nM:4\nK:C\nA\n")
    with pytest.raises(AbcError, match=r"line 3.*H#"):
        sounds_of("X:1\nM:4/4\nK:H#\nA\n")
    with pytest.raises(AbcError, match="no K: field"):
        sounds_of("X:1\nM:4/4\n")


def test_a_reader_is_a_value_from_which_one_may_read_on_twice() -> None:
    begun, _ = Reader().read(HEADER + "AB")
    one, _ = begun.read("c|")
    other, _ = begun.read("d2|")
    assert (one.score.at, other.score.at, begun.read("c|")[0]) == (Fraction(3), Fraction(4), one)


def test_a_tempo_is_counted_in_quavers() -> None:
    _, score = sounds_of("X:1\nM:4/4\nL:1/8\nQ:1/4=120\nK:C\nA\n")
    assert score.quavers_a_minute == 240


@pytest.mark.parametrize(
    "tune",
    [
        "L:1e999999999\nK:C\nC",
        "L:1/0\nK:C\nC",
        "K:C\nC12345",
        f"K:C\nC{'/' * 99}",
        f"K:C\nC{'>' * 99}D",
    ],
)
def test_a_number_that_nobody_could_compute_with_is_refused(tune: str) -> None:
    with pytest.raises(AbcError):
        sounds_of(tune)
