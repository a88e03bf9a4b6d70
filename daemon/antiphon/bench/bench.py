"""The whole bench: the engine by itself, then a session on real ports where there are any."""

from dataclasses import dataclass

from antiphon.adapters.engines.models import find_model
from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.bench.engine_cost import cost
from antiphon.bench.measured import Cost, Figures, Session, figures
from antiphon.bench.session import play_a_session
from antiphon.schema import Config


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured, and its figures."""

    cost: Cost
    session: Session | None
    figures: Figures


def measure(config: Config) -> Measured:
    """Measure this machine with the model and the MIDI system of a configuration.

    Raises:
        ModelError: the model is missing or damaged.
        AntiphonError: a daemon could not be started.
    """
    model = find_model(config.model.name, config.model.file)
    of_the_engine = cost(model, config.engine.accelerator, config.settings)
    try:
        session, skipped = play_a_session(config), ""
    except NoMidiSystem as reason:
        session, skipped = None, str(reason)
    return Measured(of_the_engine, session, figures(model.card.name, of_the_engine, session, skipped))
