"""Writes a tune with a network, character by character, and never one that could not stand there."""

from collections.abc import Callable
from functools import lru_cache

import msgspec
import numpy as np

from antiphon.adapters.engines.question import FORBIDDEN
from antiphon.adapters.engines.step_graph import State
from antiphon.adapters.engines.tunes.char_graph import CharNetwork, Floats
from antiphon.adapters.engines.tunes.writing import TICKS, Writing

LEAST = np.float32(1e-9)
"""Exponential noise may be exactly 0, whose logarithm is no number."""


COOLER = 0.85
"""Times the temperature that is asked for: a slip of one character spoils a bar."""


class Page(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A tune up to a character, and the network's state without its newest one."""

    state: State
    newest: int
    writing: Writing


class Manner(msgspec.Struct, frozen=True, gc=False):
    """How characters are drawn; at temperature 0 the likeliest is taken."""

    temperature: float
    min_p: float


class Scribe:
    """Reads and writes with a network.

    Args:
        network: that is stepped.
        is_free: whether it may write what is no valid ABC, to find out what it would.
    """

    def __init__(self, network: CharNetwork, is_free: bool = False) -> None:
        self._network = network
        self._index = {character: index for index, character in enumerate(network.alphabet)}
        self._any = np.zeros(len(network.alphabet), np.float32)
        self._masked = self._any if is_free else None
        self.allow = lru_cache(maxsize=512)(self._allowing)

    def begun(self, text: str, writing: Writing) -> Page:
        """Return the page on which some text stands, and of which ``writing`` is the state of the tune.

        Characters that the network does not know are left out.
        """
        known = [self._index[character] for character in text if character in self._index]
        state = self._network.start_state()
        for index in known[:-1]:
            state, _ = self._network.step(index, state, self._any, self._any, (1.0, 0.0))
        return Page(state, known[-1], writing)

    def next(self, page: Page, manner: Manner, noise: Floats) -> tuple[Page, str]:
        """Write one character more; return the page with it, and the character."""
        allow = self.allow(page.writing.allowed()) if self._masked is None else self._masked
        still = noise if manner.temperature > 0 else self._any
        state, drawn = self._network.step(
            page.newest, page.state, allow, still, (manner.temperature or 1.0, manner.min_p)
        )
        character = self._network.alphabet[drawn]
        writing = page.writing if self._masked is not None else page.writing.then(character)
        return Page(state, drawn, writing), character

    def noise(self, random: np.random.Generator) -> Callable[[], Floats]:
        """Return what gives Gumbel noise for one character after the other, (characters,)."""
        return lambda: -np.log(np.maximum(random.standard_exponential(len(self._any), np.float32), LEAST))

    def _allowing(self, characters: frozenset[str]) -> Floats:
        allow = np.full(len(self._any), FORBIDDEN, np.float32)
        allow[[self._index[each] for each in characters if each in self._index]] = 0.0
        return allow


def header(metre: str, key: str) -> str:
    """Return how a tune begins, as those that were learnt do."""
    return f"X:1\nM:{metre}\nL:1/8\nK:{key}\n"


def ticks_of(metre: str) -> int:
    """Return the ticks of a bar."""
    beats, of = map(int, metre.split("/"))
    return beats * TICKS * 8 // of
