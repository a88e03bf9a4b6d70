"""The row that is read, round after round."""

from antiphon_models.tunes.rows import Row, indices
from antiphon_models.tunes.spelling import spelt
from small_tunes import tune


def row(are_tunes: bool, texts: list[str], alphabet: str) -> Row:
    return Row(texts, alphabet, are_tunes, seed=1)


def test_every_text_comes_once_in_a_round_in_another_order() -> None:
    texts = ["ab", "cd", "ef", "gh", "ij"]
    alphabet = "abcdefghij"
    rounds = ["".join(alphabet[i] for i in row(False, texts, alphabet).of_round(n)) for n in range(3)]
    for each in rounds:
        assert sorted(each[at : at + 2] for at in range(0, 10, 2)) == texts
    assert len(set(rounds)) > 1
    assert (
        row(False, texts, alphabet).of_round(2).tolist() == row(False, texts, alphabet).of_round(2).tolist()
    )


def test_tunes_change_their_key_now_and_then() -> None:
    texts = [spelt(tune(seed)) for seed in range(20)]
    alphabet = "".join(sorted(set("".join(texts)) | set("ABCDEFGabcdefg#^_=',")))
    read = "".join(alphabet[index] for index in row(True, texts, alphabet).of_round(0))
    found = read.split("X:1\n")[1:]
    there = {text.removeprefix("X:1\n") for text in texts}
    assert 3 <= sum(each in there for each in found) <= 18


def test_indices_are_of_the_alphabet() -> None:
    assert indices("cab", "abc").tolist() == [2, 0, 1]
