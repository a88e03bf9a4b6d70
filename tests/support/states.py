"""The state of a daemon that waits for somebody to play, but for what a test says."""

from msgspec.structs import replace

from antiphon.adapters.histogram import Summary
from antiphon.adapters.punctuality import Delays
from antiphon.adapters.state import State

NONE = Summary(0, 0.0, 0.0, 0.0, 0.0)


def a_state(**differences: object) -> State:
    """Return a state with other values for some of its fields."""
    at_rest = State(
        mode="answer",
        engine="lstm",
        model="default",
        input="Keystation",
        output="FLUID",
        lost=(),
        player_active=False,
        pedal_withholds=False,
        answering=False,
        sounding=(),
        notes_heard=12,
        notes_played=8,
        held=False,
        tempo=None,
        tempo_from=None,
        delays=Delays(NONE, NONE, NONE, NONE),
    )
    return replace(at_rest, **differences)
