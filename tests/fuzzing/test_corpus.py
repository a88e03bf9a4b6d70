"""What a fuzzer has found out about each way in holds for ever; replayed without one."""

import logging
from collections.abc import Iterator

import pytest

import fuzz
from essence import essence_of
from midi_libraries import requires_alsa_library
from under_way import Vigil

# What a cable brings is put together by ALSA's library.
TARGETS = [
    pytest.param(name, marks=requires_alsa_library if name == "cable" else ()) for name in fuzz.names()
]


@pytest.fixture(autouse=True)
def _hushed() -> Iterator[None]:
    """Have nothing logged: thousands of warnings about garbage would only be kept."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_was_found_does_any_harm(name: str) -> None:
    examine = fuzz.target_called(name).examine
    corpus = fuzz.corpus_of(name)
    assert corpus, f"make fuzz TARGET={name} has never been run"
    for path in corpus:
        examine(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_good_inputs_and_halves_of_them_do_no_harm(name: str) -> None:
    target = fuzz.target_called(name)
    for seed in target.seeds():
        target.examine(seed)
        target.examine(seed[: len(seed) // 2])


def test_of_several_inputs_those_are_kept_that_reach_something() -> None:
    examine = fuzz.target_called("journal").examine
    assert essence_of([b"another line", b"a line", b"", b"a line"], examine) == [b"", b"a line"]


def test_memory_that_stays_is_noticed() -> None:
    kept: list[object] = []
    vigil = Vigil(lambda data: kept.extend([object() for _ in range(20)]))
    with pytest.raises(AssertionError, match="blocks of memory"):
        examine_often(vigil)


def test_memory_that_is_given_back_is_no_growth() -> None:
    examine_often(Vigil(lambda data: None))


def examine_often(vigil: Vigil) -> None:
    for _ in range(10_000):
        vigil.examine(b"")
