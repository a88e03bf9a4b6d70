"""A network writes what may stand there, and the same for the same dice."""

import numpy as np

from antiphon.adapters.engines.tunes.scribe import Manner, Scribe, header, ticks_of
from antiphon.adapters.engines.tunes.sections import Sections
from antiphon.adapters.engines.tunes.writing import Writing
from uniform_scribe import UniformCharNetwork

WARM = Manner(1.0, 0.0)


def text(scribe: Scribe, seed: int, manner: Manner = WARM, characters: int = 80) -> str:
    page = scribe.begun(header("4/4", "G"), Writing(ticks_of("4/4"), Sections(goes_on=True)))
    noise = scribe.noise(np.random.default_rng(seed))
    written = ""
    for _ in range(characters):
        page, character = scribe.next(page, manner, noise())
        written += character
    return written


def test_the_header_is_read_and_each_character_after_it_once() -> None:
    network = UniformCharNetwork()
    written = text(Scribe(network), 1)
    assert "".join(network.read) == header("4/4", "G") + written[:-1]


def test_chance_is_the_seeds_and_at_temperature_0_there_is_none() -> None:
    scribe = Scribe(UniformCharNetwork())
    assert text(scribe, 1) == text(scribe, 1) != text(scribe, 2)
    assert text(scribe, 1, Manner(0.0, 0.0)) == text(scribe, 2, Manner(0.0, 0.0))


def test_what_is_written_is_allowed_unless_it_is_free() -> None:
    writing = Writing(ticks_of("4/4"), Sections(goes_on=True))
    for character in text(Scribe(UniformCharNetwork()), 3):
        assert character in writing.allowed()
        writing = writing.then(character)
    # Its fake refuses what is forbidden; nothing is.
    free = text(Scribe(UniformCharNetwork(), is_free=True), 3)
    assert set(free) & set("XKLM")


def test_characters_that_it_does_not_know_are_left_out() -> None:
    network = UniformCharNetwork()
    Scribe(network).begun("A%B", Writing(96))
    assert network.read == ["A"]
