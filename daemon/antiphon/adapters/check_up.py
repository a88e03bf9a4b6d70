"""The examination of a daemon that plays: made beside the music, and what it finds is told to everybody.

It does not know what is looked at; whoever puts the daemon together brings that.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeAlias

from msgspec import Struct

from antiphon.adapters.broadcast import Examined, Listener
from antiphon.adapters.footing import Footing, step_down
from antiphon.adapters.state import State
from antiphon.findings import Finding


class Standing(Struct, frozen=True):
    """How a daemon that plays stands, so that nothing is tried out that would disturb the music.

    Attributes:
        footing: what the system allows it.
        state: what it is doing, through which ports, with which engine.
        doors: how each of them is, by its name; those that nobody has opened are left out.
    """

    footing: Footing
    state: State
    doors: Mapping[str, str]


Examine: TypeAlias = Callable[[Standing], Iterable[Finding]]
"""Looks at a machine on which a daemon stands so; whatever it meets is a finding, and it raises nothing."""


def unexamined(_: Standing) -> tuple[Finding, ...]:
    """Say that there is nobody who could look."""
    return (Finding("doctor", "not needed", "this daemon was started without one"),)


class CheckUp:
    """Examines on a thread of its own, once at a time.

    Args:
        examine: called on that thread.
        footing: on which the daemon plays.
        tell: called on the loop with what was found.
    """

    def __init__(self, examine: Examine, footing: Footing, tell: Listener) -> None:
        self._examine = examine
        self._footing = footing
        self._tell = tell
        self._thread: threading.Thread | None = None

    @property
    def is_going_on(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def begin(self, state: State, doors: Mapping[str, str]) -> None:
        """Look at everything; what is found is told in some seconds. None may be going on."""
        standing = Standing(self._footing, state, dict(doors))
        # A daemon that ends does not wait for it: a broker may take its time.
        self._thread = threading.Thread(
            target=self._look, args=(standing, asyncio.get_running_loop()), name="check-up", daemon=True
        )
        self._thread.start()

    def _look(self, standing: Standing, loop: asyncio.AbstractEventLoop) -> None:
        step_down()
        examined = Examined(tuple(self._examine(standing)))
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self._tell, examined)
