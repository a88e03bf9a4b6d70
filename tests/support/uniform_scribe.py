"""A network of characters that likes all of them alike, but for a little that its state prefers."""

import numpy as np

from antiphon.adapters.engines.question import FORBIDDEN
from antiphon.adapters.engines.step_graph import State
from antiphon.adapters.engines.tunes.char_graph import Floats

ALPHABET = "\n\"#'(,-/12346789:=ABCDEFGKLMX[]^_abcdefgmz|"


class UniformCharNetwork:
    """Implements ``char_graph.CharNetwork`` of the engine of tunes; ``read`` is all it was given."""

    def __init__(self, alphabet: str = ALPHABET) -> None:
        self.alphabet = alphabet
        self.read: list[str] = []

    def start_state(self) -> State:
        return (b"0",)

    def step(
        self, character: int, state: State, allow: Floats, noise: Floats, manner: tuple[float, float]
    ) -> tuple[State, int]:
        self.read.append(self.alphabet[character])
        read = (int(state[0]) * 31 + character + 1) % 10_007
        preference = np.random.default_rng(read).normal(size=len(self.alphabet)) * 0.1
        drawn = int(np.argmax(preference + allow + manner[0] * noise))
        assert allow[drawn] > FORBIDDEN / 2, "there was a character that may come"
        return (str(read).encode(),), drawn
