"""The engine that plays, such that the music never waits for it, and how another takes its place."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from functools import partial
from typing import TypeAlias

from antiphon.adapters.engines.deferred import DeferredEngine
from antiphon.adapters.engines.inference_thread import InferenceThread
from antiphon.adapters.engines.opening import Cast, open_cast
from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.adapters.footing import step_down
from antiphon.core.engine import Engine
from antiphon.core.events import EngineChanged, EngineReady, Event
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError
from antiphon.settings import Config, Model
from antiphon.settings import Engine as EngineSettings

Then: TypeAlias = Callable[[AntiphonError | None], None]
"""Is told on the loop that another engine plays from now on, or why it does not."""


Wanted: TypeAlias = tuple[EngineSettings, Model]
"""What of the configuration says which engine it is."""

KEPT = 4
"""Engines that are kept in memory, a few megabytes each."""


class Stage:
    """Where one engine plays at a time, for the running loop.

    One that takes longer for an event than it may computes in a thread of its own, and its understudy stands
    in. One that is to take the place of another is opened beside the loop, for that takes a while. Even so
    the runtime holds Python's lock for some milliseconds, so those in time are kept until they come back.

    Args:
        config: the sections engine and model say who plays first.
        seed: of everything that is drawn.
        clock: what engines are timed by, and what tells when something is delivered.
        deliver: called on the loop with EngineReady when the engine has what it had not when it was asked,
            and with EngineChanged when another takes its place.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for, or there is no such
            understudy.
        ModelError: a model is missing, damaged, or not for this daemon or accelerator.
    """

    def __init__(
        self,
        config: Config,
        seed: int,
        clock: Callable[[], Seconds],
        deliver: Callable[[Event, Seconds], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._seed = seed
        self._clock = clock
        self._deliver = deliver
        self._opens = ThreadPoolExecutor(1, "opening", initializer=step_down)
        # Whoever asks for another engine later, the log is to name the partner whose it is.
        self._context = copy_context()
        self._opening: asyncio.Future[Cast] | None = None
        self._thread: InferenceThread | None = None
        self._kept: dict[Wanted, Cast] = {}
        self._learning = ExitStack()
        self.plays = config
        self.engine = self._enter(config, open_cast(config, seed, clock, may_stand_in=True))

    @property
    def is_changing(self) -> bool:
        """Whether an engine is being opened that is to take the place of this one."""
        return self._opening is not None

    def change(self, config: Config, then: Then) -> None:
        """Open the engine that the configuration names, and have it play as soon as it can.

        It may not be changing already.
        """
        if kept := self._kept.get(wanted_by(config)):
            self._take_over(config, kept)
            then(None)
            return
        self._opening = self._loop.run_in_executor(self._opens, self._open, config)
        self._opening.add_done_callback(partial(self._opened, config, then))

    def _open(self, config: Config) -> Cast:
        return self._context.run(open_cast, config, self._seed, self._clock)

    def close(self) -> None:
        """End the threads, when what they are at is done; nobody is told any more what comes of it."""
        if self._opening is not None:
            self._opening.cancel()
        self._opens.shutdown()
        if self._thread is not None:
            self._thread.close()
        self._learning.close()

    def _opened(self, config: Config, then: Then, opening: "asyncio.Future[Cast]") -> None:
        if opening.cancelled():
            return
        self._opening = None
        try:
            cast = opening.result()
        except AntiphonError as error:
            then(error)
            return
        self._take_over(config, cast)
        then(None)

    def _take_over(self, config: Config, cast: Cast) -> None:
        if self._thread is not None:
            self._thread.leave()
        self.engine = self._enter(config, cast)
        self._deliver(EngineChanged(self.engine), self._clock())

    def _enter(self, config: Config, cast: Cast) -> Engine:
        self._thread = None
        self.plays, self.identity = cast.plays, cast.identity
        if wanted_by(config) not in self._kept:
            self._learning.enter_context(cast.kept())
        if cast.is_in_time:
            self._keep(wanted_by(config), cast)
            cast.engine.restore(cast.silence)
            return cast.engine
        self._thread = InferenceThread()
        deferred = DeferredEngine(cast.engine, self._thread, self._ready)
        return UnderstudiedEngine(deferred, cast.understudy) if cast.understudy else deferred

    def _keep(self, wanted: Wanted, cast: Cast) -> None:
        """Keep an engine, the latest last, and let go of the oldest where there are too many."""
        self._kept.pop(wanted, None)
        self._kept[wanted] = cast
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    def _ready(self) -> None:
        self._deliver(EngineReady(), self._clock())


def wanted_by(config: Config) -> Wanted:
    return config.engine, config.model
