"""One spelling for all tunes."""

import pytest

from antiphon_models.tunes.spelling import SpellingError, fifths_of, key_named, spelt

HEADER = "X: 7\nT:Its name\n% a remark\nS:From somewhere\nM:6/8\nK:D\n"


def music(written: str, header: str = HEADER) -> str:
    *_, body, empty, end = spelt(header + written).split("\n")
    assert (empty, end) == ("", "")
    return body


def test_the_header_is_what_is_heard() -> None:
    assert spelt(HEADER + "A2 B") == "X:1\nM:6/8\nL:1/8\nK:D\nA2B\n\n"
    assert spelt("X:1\nM:C|\nL:1/8\nK:E minor\nA").startswith("X:1\nM:2/2\nL:1/8\nK:Em\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"Em" B,>d  (3efg', '"Em"B,>d(3efg'),
        ("A/ B// c3/2 d2/2", "A/2B/4c3/2d"),
        ("A|\\\nB|\nP:B\nC:|: d |]", "A|B|C::d||"),
        ("~A (B c) !trill!d {ef}g", "ABcdg"),
        ('"(D7)"A "slowly"B "D/f+"c', '"D7"AB"D/F#"c'),
        ("A |1 B :|2 c ||", "A|[1B:|[2c||"),
        ("A [1 B :| [2 c |]", "A|[1B:|[2c||"),
        ("A|\nK:G\nB|\nM:9/8\nc|", "A|[K:G]B|[M:9/8]c|"),
        ("[Ac]2 x", "[Ac]2z"),
        ("A-|A", "A-|A"),
    ],
)
def test_music_is_spelt_one_way(written: str, expected: str) -> None:
    assert music(written) == expected


def test_lengths_count_in_quavers() -> None:
    assert music("A B2 c/", "X:1\nM:4/4\nL:1/4\nK:C\n") == "A2B4c"
    assert music("A B2", "X:1\nM:2/4\nK:C\n") == "A/2B"


@pytest.mark.parametrize(
    ("tune", "told"),
    [
        ("X:1\nM:6/8\nK:D\n|||\n", "no music"),
        ("X:1\nK:D\nA\n", "no metre"),
        ("X:1\nM:0/8\nK:D\nA\n", "no metre"),
        ("X:1\nM:6/8\nK:Z\nA\n", "no key"),
        ("X:1\nM:6/8\nL:eighth\nK:D\nA\n", "no length"),
        ("X:1\nM:6/8\nK:D\nA/0\n", "no length"),
    ],
)
def test_what_cannot_be_spelt_is_refused(tune: str, told: str) -> None:
    with pytest.raises(SpellingError, match=told):
        spelt(tune)


def test_keys_have_their_sharps() -> None:
    told = {"C": 0, "D": 2, "Bb": -2, "Em": 1, "F#m": 3, "Amix": 2, "Ddor": 0, "Cm": -3}
    assert {key: fifths_of(key) for key in told} == told
    assert [key_named(each) for each in ("D major", "a minor", "Ddorian", "G Mixolydian")] == [
        "D",
        "Am",
        "Ddor",
        "Gmix",
    ]


@pytest.mark.parametrize("field", ["L:1/0", "L:00/8", "L:1e999999999", "M:4/00", "M:99999/8"])
def test_a_length_or_a_metre_that_nobody_could_compute_with_is_refused(field: str) -> None:
    with pytest.raises(SpellingError):
        spelt(f"X:1\nM:4/4\n{field}\nK:C\nCDEF|\n")


@pytest.mark.parametrize("inline", ['[L:"D"gff]', "[L:1/0]", "[M:0/4]"])
def test_so_is_one_in_the_midst_of_a_tune(inline: str) -> None:
    with pytest.raises(SpellingError):
        spelt(f"X:1\nM:4/4\nK:C\nCD{inline}EF|\n")


@pytest.mark.parametrize("note", ["C99999", "C" + "/" * 9, "C1/00"])
def test_a_note_of_a_length_that_nobody_writes_is_refused(note: str) -> None:
    with pytest.raises(SpellingError):
        spelt(f"X:1\nM:4/4\nK:C\n{note} D|\n")
