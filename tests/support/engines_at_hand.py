"""Engines for a desk that opens none: what it asks for is kept, and a test says what becomes of it."""

from collections.abc import Callable

from antiphon.errors import AntiphonError
from antiphon.settings import Config
from default_config import loaded


class EnginesAtHand:
    """Implements :class:`antiphon.adapters.desk.Engines`; ``asked`` are the configurations, in order, and
    ``plays`` is the one that plays.
    """

    def __init__(self) -> None:
        self.asked: list[Config] = []
        self.plays = loaded().config
        self._then: Callable[[AntiphonError | None], None] | None = None

    @property
    def is_changing(self) -> bool:
        return self._then is not None

    def change(self, config: Config, then: Callable[[AntiphonError | None], None]) -> None:
        assert not self.is_changing
        self.asked.append(config)
        self._then = then

    def opened(self, error: AntiphonError | None = None) -> None:
        """Have what was asked for last play from now on, or fail."""
        assert self._then is not None
        then, self._then = self._then, None
        if error is None:
            self.plays = self.asked[-1]
        then(error)
