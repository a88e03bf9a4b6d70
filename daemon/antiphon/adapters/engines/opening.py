"""Opens the engine that the configuration asks for, and whoever stands in where it is too slow."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from antiphon.adapters.engines.budget import Candidate, Casting, step_time
from antiphon.adapters.engines.kinds import maker_of, model_of
from antiphon.core.engine import PromptEngine, Snapshot
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError
from antiphon.schema import Config
from antiphon_models.shelf import shipped_names

logger = logging.getLogger(__name__)

LARGEST_SEED = 2**31


def seed_of(config: Config) -> int:
    """Return the seed that the configuration names, or draw one."""
    return config.play.seed if config.play.seed >= 0 else secrets.randbelow(LARGEST_SEED)


def tell_seed(config: Config, seed: int) -> None:
    """Log a seed that was drawn, so that it can be named again: when all that was asked for is there."""
    if config.play.seed < 0:
        logger.info("the seed is %d", seed)


def open_engine(config: Config, seed: int) -> PromptEngine:
    """Return the engine that the configuration names, however long it takes for an event.

    Args:
        config: the sections engine and model.
        seed: of everything that is drawn.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for.
        ModelError: its model is missing, damaged, or not for this daemon or accelerator.
    """
    return maker_of(config).make(seed)


@dataclass(frozen=True, slots=True)
class Cast:
    """The engine that is to play, opened and timed, and who stands in where it needs that.

    Attributes:
        engine: the one that the configuration names; it has heard nothing.
        silence: what it has heard before anything was played.
        understudy: None where it is quick enough, or nobody quicker is named.
        is_in_time: whether it may be asked between two notes.
    """

    engine: PromptEngine
    silence: Snapshot
    understudy: PromptEngine | None
    is_in_time: bool


def open_cast(config: Config, seed: int, clock: Callable[[], Seconds]) -> Cast:
    """Open and time the engine that the configuration names; on any thread, for it takes a while.

    Where it takes longer for an event than ``engine.longest_step``, a warning in the log says so.

    Args:
        config: the sections engine and model.
        seed: of everything that is drawn.
        clock: what it is timed by.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for, or there is no such
            understudy.
        ModelError: a model is missing, damaged, or not for this daemon or accelerator.
    """
    stand_in = understudy_of(config)
    principal, engine = _timed(config, seed, clock)
    if principal.step <= config.engine.longest_step:
        return Cast(engine, engine.snapshot(), None, is_in_time=True)
    candidate, understudy = _timed(stand_in, seed, clock) if stand_in else (None, None)
    casting = Casting(principal, config.engine.longest_step, candidate)
    logger.warning("%s", casting)
    stands_in = understudy if casting.has_understudy else None
    return Cast(engine, engine.snapshot(), stands_in, is_in_time=False)


def understudy_of(config: Config) -> Config | None:
    """Return the configuration of the shipped model that stands in on the CPU, None where nobody else does.

    Raises:
        ConfigurationError: there is no such shipped model.
    """
    name = config.engine.understudy
    if not name:
        return None
    if name not in shipped_names():
        raise ConfigurationError(
            f'engine.understudy is "{name}", which is no shipped model; '
            f'choose one of: {", ".join(shipped_names())}, or "" for none'
        )
    engine = replace(config.engine, kind="lstm", accelerator="cpu")
    understudy = replace(config, engine=engine, model=replace(config.model, name=name, file=""))
    is_itself = engine == config.engine and model_of(understudy) == model_of(config)
    return None if is_itself else understudy


def _timed(config: Config, seed: int, clock: Callable[[], Seconds]) -> tuple[Candidate, PromptEngine]:
    """Return how long an engine takes for an event, and one like it that has not played yet."""
    maker = maker_of(config)
    return Candidate(maker.name, step_time(maker.make(seed), clock)), maker.make(seed)
