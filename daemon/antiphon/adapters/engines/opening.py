"""Opens the engine that the configuration asks for: the one place where an engine is added."""

import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from antiphon.adapters.engines.budget import Candidate, Casting, step_time
from antiphon.adapters.engines.deferred import DeferredEngine
from antiphon.adapters.engines.inference_thread import InferenceThread
from antiphon.adapters.engines.models import ShippedModel, find_model
from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.core.engine import Engine, PromptEngine
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError
from antiphon.schema import Config
from antiphon_models.shelf import shipped_names

logger = logging.getLogger(__name__)

LARGEST_SEED = 2**31


def seed_of(config: Config) -> int:
    """Return the seed that the configuration names, or draw one and log it, so that it can be named again."""
    if config.play.seed >= 0:
        return config.play.seed
    seed = secrets.randbelow(LARGEST_SEED)
    logger.info("the seed is %d", seed)
    return seed


def open_engine(config: Config, seed: int) -> PromptEngine:
    """Return the engine that the configuration names, however long it takes for an event.

    Args:
        config: the sections engine and model.
        seed: of everything that is drawn.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for.
        ModelError: its model is missing, damaged, or not for this daemon or accelerator.
    """
    return _engines_of(find_model(config.model.name, config.model.file), config.engine.accelerator)(seed)


@contextmanager
def engine_in_time(
    config: Config, seed: int, clock: Callable[[], Seconds], ready: Callable[[], None]
) -> Iterator[Engine]:
    """Open the engine that the configuration names, such that the running loop need not wait for it.

    It is timed. Where it takes longer for an event than ``engine.longest_step``, it computes in a thread of
    its own, which ends with the context, and has an understudy; a warning in the log says so.

    Args:
        config: the sections engine and model.
        seed: of everything that is drawn.
        clock: what it is timed by.
        ready: called on the loop when the engine has now what it had not yet when it was asked.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for, or there is no such
            understudy.
        ModelError: a model is missing, damaged, or not for this daemon or accelerator.
    """
    stand_in = understudy_of(config)
    model = find_model(config.model.name, config.model.file)
    principal, engine = _timed(model, config.engine.accelerator, seed, clock)
    if principal.step <= config.engine.longest_step:
        yield engine
        return
    candidate, understudy = _timed(find_model(stand_in, ""), "cpu", seed, clock) if stand_in else (None, None)
    casting = Casting(principal, config.engine.longest_step, candidate)
    logger.warning("%s", casting)
    with closing(InferenceThread()) as thread:
        deferred = DeferredEngine(engine, thread, ready)
        if understudy is None or not casting.has_understudy:
            yield deferred
        else:
            yield UnderstudiedEngine(deferred, understudy)


def understudy_of(config: Config) -> str:
    """Return the name of the shipped model that may stand in on the CPU; empty where nobody else is named.

    Raises:
        ConfigurationError: there is no such shipped model.
    """
    name = config.engine.understudy
    if name and name not in shipped_names():
        raise ConfigurationError(
            f'engine.understudy is "{name}", which is no shipped model; '
            f'choose one of: {", ".join(shipped_names())}, or "" for none'
        )
    plays_itself = not config.model.file and config.model.name == name and config.engine.accelerator == "cpu"
    return "" if plays_itself else name


def _timed(
    model: ShippedModel, accelerator: str, seed: int, clock: Callable[[], Seconds]
) -> tuple[Candidate, PromptEngine]:
    """Return how long a model takes for an event, and an engine that has not played yet."""
    engines = _engines_of(model, accelerator)
    return Candidate(model.card.name, step_time(engines(seed), clock)), engines(seed)


def _engines_of(model: ShippedModel, accelerator: str) -> Callable[[int], PromptEngine]:
    """Return what makes engines of a model, each of a seed."""
    # To start a thread on each core for its linear algebra takes numpy as long as all the rest of it does,
    # and nothing here is computed by that.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # numpy and the runtime are half of the start-up time; whoever only asks for ports does not pay it.
    from antiphon.adapters.engines.accelerators import open_network
    from antiphon.adapters.engines.lstm import LstmEngine

    network = open_network(model, accelerator)
    return lambda seed: LstmEngine(network, seed)
