"""The engines of a replay: such as played then, where they can be opened here and draw the same for the same.

Where that cannot be, what they drew then is read from the log, and a sentence says why.
"""

from msgspec.structs import replace

from antiphon.adapters.engines.kinds import maker_of, model_of
from antiphon.adapters.engines.models import digest_of
from antiphon.core.engine import Engine
from antiphon.core.replaying import ReadingEngine
from antiphon.core.transcript import EngineIdentity
from antiphon.errors import AntiphonError, ModelError
from antiphon.replay.account import name_of
from antiphon.settings import ENGINES, Config

LEARN = ("markov", "blend")
"""Kinds of engine that know more than their model: what their player has taught them."""

AS_LOGGED = "so what it drew is taken from the log"


class Engines:
    """Opens engines for a replay.

    Args:
        config: of this machine; the model that it names is tried where that of the log is not there.
        only_read: whether all that was drawn is taken from the log.

    Attributes:
        reasons: why it is, a sentence for each engine of which it is.
    """

    def __init__(self, config: Config, only_read: bool) -> None:
        self.reasons: list[str] = []
        self._config = config
        self._only_read = only_read

    def open(self, identity: EngineIdentity | None, seed: int) -> Engine:
        """Return an engine that draws what was drawn then."""
        if self._only_read:
            return ReadingEngine()
        try:
            return maker_of(self._config_of(identity)).make(seed)
        except AntiphonError as error:
            if str(error) not in self.reasons:
                self.reasons.append(str(error))
            return ReadingEngine()

    def _config_of(self, identity: EngineIdentity | None) -> Config:
        """Return a configuration that names the engine.

        Raises:
            ModelError: no engine that is opened here could draw what it drew.
        """
        if identity is None:
            raise ModelError(f"the log does not say which engine played, {AS_LOGGED}")
        if identity.kind not in ENGINES:
            raise ModelError(
                f"{name_of(identity)} is none that ships, and may draw otherwise another time, {AS_LOGGED}"
            )
        if not identity.is_prompt:
            raise ModelError(
                f"{name_of(identity)} computed on a thread of its own, and what it drew depends on how quick "
                f"that was, {AS_LOGGED}"
            )
        if identity.kind in LEARN:
            raise ModelError(
                f"{name_of(identity)} learns from its player, and what it knew is not in the log, {AS_LOGGED}"
            )
        return self._with_the_same_model(identity)

    def _with_the_same_model(self, identity: EngineIdentity) -> Config:
        named = replace(self._config.model, name=identity.model, file="")
        engine = replace(self._config.engine, kind=identity.kind)
        for model in (named, self._config.model):
            config = replace(self._config, engine=engine, model=model)
            if _digest_of(config) == identity.sha256:
                return config
        raise ModelError(
            f"the model of {name_of(identity)} is not here, or is another by now, {AS_LOGGED}; "
            "name its file with --model"
        )


def _digest_of(config: Config) -> str:
    try:
        return digest_of(model_of(config))
    except ModelError:
        return ""
