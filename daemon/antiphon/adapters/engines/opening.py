"""Opens the engine that the configuration asks for: the one place where an engine is added."""

import logging
import secrets

from antiphon.adapters.engines.models import find_model
from antiphon.core.engine import Engine
from antiphon.schema import Config

logger = logging.getLogger(__name__)

LARGEST_SEED = 2**31


def seed_of(config: Config) -> int:
    """Return the seed that the configuration names, or draw one and log it, so that it can be named again."""
    if config.play.seed >= 0:
        return config.play.seed
    seed = secrets.randbelow(LARGEST_SEED)
    logger.info("the seed is %d", seed)
    return seed


def open_engine(config: Config, seed: int) -> Engine:
    """Return the engine that the configuration names.

    Args:
        config: the sections engine and model.
        seed: of everything that is drawn.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for.
        ModelError: its model is missing, damaged, or not for this daemon or accelerator.
    """
    # numpy and the runtime are half of the start-up time; whoever only asks for ports does not pay it.
    from antiphon.adapters.engines.accelerators import open_network
    from antiphon.adapters.engines.lstm import LstmEngine

    model = find_model(config.model.name, config.model.file)
    return LstmEngine(open_network(model, config.engine.accelerator), seed)
