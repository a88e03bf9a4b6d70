"""A thread for the network alone, beside the loop; what comes of its work is told on the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from antiphon.adapters.footing import step_down

Result = TypeVar("Result")


class InferenceThread:
    """Implements :class:`antiphon.adapters.engines.deferred.Worker`, for the running loop.

    An error in the work is raised on the loop, in a callback, as if the work had been done there.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, "inference", initializer=step_down)
        self._doing: asyncio.Future[Any] | None = None

    def do(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        def tell(done: "asyncio.Future[Result]") -> None:
            if not done.cancelled():
                then(done.result())

        future = self._loop.run_in_executor(self._thread, work)
        future.add_done_callback(tell)
        self._doing = future

    def leave(self) -> None:
        """Let the thread end by itself when the work that is being done is done, of which nobody is told."""
        if self._doing is not None:
            self._doing.cancel()
        self._thread.shutdown(wait=False)

    def close(self) -> None:
        """Leave the thread, and wait for its end."""
        self.leave()
        self._thread.shutdown()
