"""Opens the engine that the configuration asks for: the one place where an engine is added."""

import logging
import secrets

from antiphon.adapters.engines.models import find_model
from antiphon.core.engine import Engine
from antiphon.schema import Config

logger = logging.getLogger(__name__)

LARGEST_SEED = 2**31


def open_engine(config: Config, seed: int | None = None) -> Engine:
    """Return the engine that the configuration names.

    Args:
        config: the sections engine and model, and the seed of play.
        seed: used instead of the configuration's.

    Raises:
        ModelError: its model is missing, damaged, or not for this daemon.
    """
    # numpy and the runtime are half of the start-up time; whoever only asks for ports does not pay it.
    from antiphon.adapters.engines.lstm import LstmEngine
    from antiphon.adapters.engines.step_graph import StepGraph

    chosen = config.play.seed if seed is None else seed
    if chosen < 0:
        chosen = secrets.randbelow(LARGEST_SEED)
        logger.info("the seed of this session is %d", chosen)
    return LstmEngine(StepGraph(find_model(config.model.name, config.model.file)), chosen)
