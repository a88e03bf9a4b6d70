"""Opens the engine that the configuration asks for, and whoever stands in where it is too slow."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

from msgspec.structs import replace

from antiphon.adapters.engines.budget import Candidate, Casting, step_time
from antiphon.adapters.engines.kinds import is_guest, maker_of, model_of
from antiphon.adapters.engines.models import digest_of, engine_of
from antiphon.adapters.engines.relief import RelievedEngine
from antiphon.core.engine import PromptEngine, Snapshot
from antiphon.core.transcript import EngineIdentity
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, ConfigurationError, ModelError
from antiphon.schema import schema
from antiphon.settings import Config
from antiphon_models.shelf import shipped_names

logger = logging.getLogger(__name__)

LARGEST_SEED = 2**31

LAST_RESORT = "markov"
"""The kind of engine that needs nothing but Python and numpy."""


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


@runtime_checkable
class KeepingEngine(Protocol):
    """An engine that learns, and can keep what it learns."""

    def kept(self) -> AbstractContextManager[object]:
        """Keep what is learnt for as long as the context lasts."""
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """The engine that is to play, opened and timed, and who stands in where it needs that.

    Attributes:
        engine: the one that the configuration names; it has heard nothing.
        silence: what it has heard before anything was played.
        understudy: None where it is quick enough, or nobody quicker is named.
        is_in_time: whether it may be asked between two notes.
        plays: the configuration of the one that plays, where that is missing its stand-in's.
        identity: of the one that plays, so that such a one can be opened again.
        kept: keeps what it learns for as long as the context lasts.
    """

    engine: PromptEngine
    silence: Snapshot
    understudy: PromptEngine | None
    is_in_time: bool
    plays: Config
    identity: EngineIdentity
    kept: Callable[[], AbstractContextManager[object]] = nullcontext


def open_cast(config: Config, seed: int, clock: Callable[[], Seconds], may_stand_in: bool = False) -> Cast:
    """Open and time the engine that the configuration names; on any thread, for it takes a while.

    Where it takes longer for an event than ``engine.longest_step``, a warning in the log says so. Should it
    break while it plays, a stand-in takes its place.

    Args:
        config: the sections engine, model and markov.
        seed: of everything that is drawn.
        clock: what it is timed by.
        may_stand_in: whether a stand-in plays, with a warning, where the model is missing or damaged.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for, or there is no such
            understudy.
        ModelError: a model is missing, damaged, or not for this daemon or accelerator.
    """
    stand_in = understudy_of(config)
    try:
        principal, engine = _timed(config, seed, clock)
    except ModelError as error:
        if not may_stand_in:
            raise
        return _stand_in(config, error, seed, clock)
    kept = engine.kept if isinstance(engine, KeepingEngine) else nullcontext
    relieved = RelievedEngine(engine, principal.model, partial(relief_of, config, seed))
    if principal.step <= config.engine.longest_step:
        identity = identity_of(config, is_prompt=True)
        return Cast(
            relieved, relieved.snapshot(), None, is_in_time=True, plays=config, identity=identity, kept=kept
        )
    candidate, understudy = _timed(stand_in, seed, clock) if stand_in else (None, None)
    casting = Casting(principal, config.engine.longest_step, candidate)
    logger.warning("%s", casting)
    stands_in = understudy if casting.has_understudy else None
    identity = identity_of(config, is_prompt=False)
    return Cast(
        relieved, relieved.snapshot(), stands_in, is_in_time=False, plays=config, identity=identity, kept=kept
    )


def identity_of(config: Config, is_prompt: bool) -> EngineIdentity:
    """Return which engine a configuration names.

    Args:
        config: the sections engine and model.
        is_prompt: whether it is asked between two notes.

    Raises:
        ModelError: its model is missing.
    """
    model = model_of(config)
    digest = "" if is_guest(config) else digest_of(model)
    return EngineIdentity(config.engine.kind, model, digest, is_prompt)


def understudy_of(config: Config) -> Config | None:
    """Return the configuration of whoever stands in on the CPU, None where nobody else does.

    Raises:
        ConfigurationError: there is no such shipped model, nor such a kind of engine.
    """
    name = config.engine.understudy
    if not name:
        return None
    if name not in shipped_names() and not schema()["engine.kind"].may_be(name):
        choices = sorted({*shipped_names(), *schema()["engine.kind"].choices})
        raise ConfigurationError(
            f'engine.understudy is "{name}", which is no shipped model and no kind of engine; '
            f'choose one of: {", ".join(choices)}, or "" for none'
        )
    kind = engine_of(name) if name in shipped_names() else name
    own = name if name in shipped_names() else ""
    understudy = _on_the_cpu(config, kind, own)
    try:
        is_itself = understudy.engine == config.engine and model_of(understudy) == model_of(config)
    except ModelError:  # of what it stands in for
        is_itself = False
    return None if is_itself else understudy


def stand_ins_of(config: Config) -> Iterator[Config]:
    """Yield the configurations of those that could take the place of an engine that is missing or breaks.

    First the understudy; then what needs neither a network nor anything that runs one. Where no understudy is
    wanted there is none.
    """
    if (understudy := understudy_of(config)) is not None:
        yield understudy
    if config.engine.understudy and config.engine.kind != LAST_RESORT:
        yield _on_the_cpu(config, LAST_RESORT, "")


def _on_the_cpu(config: Config, kind: str, model: str) -> Config:
    engine = replace(config.engine, kind=kind, accelerator="cpu")
    return replace(config, engine=engine, model=replace(config.model, name=model, file=""))


def _stand_in(config: Config, error: ModelError, seed: int, clock: Callable[[], Seconds]) -> Cast:
    """Return the first of the stand-ins that can play.

    Raises:
        ModelError: the one given, where none can.
    """
    for stand_in in stand_ins_of(config):
        try:
            cast = open_cast(stand_in, seed, clock)
        except ModelError:
            continue
        logger.warning("%s plays instead, for %s", model_of(stand_in), error)
        return cast
    raise error


def relief_of(config: Config, seed: int) -> tuple[str, PromptEngine] | None:
    """Open the first of the stand-ins that can play; None where none can."""
    for stand_in in stand_ins_of(config):
        try:
            maker = maker_of(stand_in)
        except AntiphonError:
            continue
        return maker.name, maker.make(seed)
    return None


def _timed(config: Config, seed: int, clock: Callable[[], Seconds]) -> tuple[Candidate, PromptEngine]:
    """Return how long an engine takes for an event, and one like it that has not played yet."""
    maker = maker_of(config)
    return Candidate(maker.name, step_time(maker.make(seed), clock)), maker.make(seed)
