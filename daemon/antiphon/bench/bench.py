"""The whole bench: the engine by itself, then a session on real ports where there are any."""

from dataclasses import dataclass

from antiphon.adapters.engines.kinds import model_of
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.bench.engine_cost import cost
from antiphon.bench.measured import Cost, Figures, Session, figures
from antiphon.bench.session import play_a_session
from antiphon.errors import PortError
from antiphon.schema import Config


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
    model = find_network(model_of(config))
    of_the_engine = cost(model, config.engine.accelerator, config.settings)
    try:
        session, skipped = play_a_session(config), ""
    except NoMidiSystem as reason:
        session, skipped = None, str(reason)
    told = figures(model.card.name, of_the_engine, session, skipped)
    return Measured(of_the_engine, session, told, exit_code_of(config.midi.api, session))


def exit_code_of(api: str, session: Session | None) -> int:
    """Return 0 where all was measured that was asked for: with `none` that is the engine alone."""
    return 0 if session or api == "none" else PortError.exit_code
