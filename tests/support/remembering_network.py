"""A network that remembers every step it took."""

from dataclasses import dataclass

from antiphon.adapters.engines.question import Floats, Question
from antiphon.adapters.engines.step_graph import Bins, Network, Played, State


@dataclass(frozen=True, slots=True)
class Step:
    """What one step was given."""

    event: Played
    sounding: Floats
    state: State
    question: Question


class RememberingNetwork:
    """Implements the network protocol on top of a real one; ``steps`` is what that was asked."""

    def __init__(self, network: Network) -> None:
        self.steps: list[Step] = []
        self._network = network

    def start_state(self) -> State:
        return self._network.start_state()

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        self.steps.append(Step(event, sounding, state, question))
        return self._network.step(event, sounding, state, question)

    def pitch_logits(self) -> Floats:
        return self._network.pitch_logits()

    def dt_logits(self) -> Floats:
        return self._network.dt_logits()
