"""The whole bench: the engine by itself, then a session on real ports where there are any."""

from collections.abc import Callable
from dataclasses import dataclass

from antiphon.adapters.engines.kinds import maker_of, model_of
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.bench.engine_cost import cost
from antiphon.bench.measured import Cost, Figures, Session, figures
from antiphon.bench.session import play_a_session
from antiphon.errors import PortError
from antiphon.settings import Config


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured, and its figures.

    Attributes:
        cost: of the engine.
        session: on real ports; None where there were none.
        figures: of both, for programs.
        exit_code: with which the bench ends; not 0 where it could not play although it was to.
    """

    cost: Cost
    session: Session | None
    figures: Figures
    exit_code: int = 0


def measure(config: Config) -> Measured:
    """Measure this machine with the model and the MIDI system of a configuration.

    Raises:
        ModelError: the model is missing or damaged.
        AntiphonError: a daemon could not be started.
    """
    maker = maker_of(config)
    of_the_engine = cost(maker, config.settings, bare_graph(config))
    try:
        session, skipped = play_a_session(config), ""
    except NoMidiSystem as reason:
        session, skipped = None, str(reason)
    told = figures(maker.name, of_the_engine, session, skipped)
    return Measured(of_the_engine, session, told, exit_code_of(config.midi.api, session))


def bare_graph(config: Config) -> Callable[[], object] | None:
    """Return one call of the network alone, on the CPU, where there is one for each event."""
    if config.engine.kind != "lstm":
        return None
    from antiphon.adapters.engines.step_graph import StepGraph

    return StepGraph(find_network(model_of(config))).invoke


def exit_code_of(api: str, session: Session | None) -> int:
    """Return 0 where all was measured that was asked for: with `none` that is the engine alone."""
    return 0 if session or api == "none" else PortError.exit_code
