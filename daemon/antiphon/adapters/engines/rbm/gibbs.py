"""Gibbs sampling of a window by a model file, a few steps at each call of the interpreter."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import ModelFile
from antiphon.adapters.engines.question import Floats
from antiphon.adapters.engines.runtime import runtime, without_notices
from antiphon.errors import ModelError, in_one_line
from antiphon_models.rbm.frames import Frames
from antiphon_models.rbm.spec import SIGNATURE, SWEEPS, RbmCard, RbmSpec


class Gibbs(Protocol):
    """Draws windows of music."""

    @property
    def spec(self) -> RbmSpec:
        """Return the shape of the machine, and so of the windows."""
        ...

    def paint(
        self,
        frames: Frames,
        clamp: Frames,
        bias: Floats,
        sweeps: int,
        beta: float,
        random: np.random.Generator,
    ) -> Frames:
        """Return frames, (steps, 2, keys), drawn as often as ``sweeps`` says, at least.

        Args:
            frames: what is given, and where the chain begins.
            clamp: likewise, where ``frames`` is to stay as it is.
            bias: likewise, added to the logits.
            sweeps: how often either layer is drawn given the other.
            beta: inverse temperature.
            random: what it is drawn with.
        """
        ...


class GibbsGraph:
    """Implements :class:`Gibbs` with a model file on one core.

    Raises:
        ModelError: it is not a graph of the kind that ``antiphon_models.rbm.spec`` describes.
    """

    def __init__(self, model: ModelFile[RbmCard]) -> None:
        self._spec = model.card.spec
        try:
            with without_notices():
                interpreter = runtime().Interpreter(str(model.path), num_threads=1)
                self._run: Any = interpreter.get_signature_runner(SIGNATURE)
                # A window is drawn, so that what does not fit together is noticed here.
                nothing = np.zeros((self._spec.steps, 2, self._spec.keys), np.bool_)
                self.paint(
                    nothing, nothing, np.zeros(nothing.shape, np.float32), 1, 1.0, np.random.default_rng(0)
                )
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"{model.path} is not a model that this antiphon can play: {in_one_line(error)}; "
                "export it anew"
            ) from error

    @property
    def spec(self) -> RbmSpec:
        return self._spec

    def paint(
        self,
        frames: Frames,
        clamp: Frames,
        bias: Floats,
        sweeps: int,
        beta: float,
        random: np.random.Generator,
    ) -> Frames:
        spec = self._spec
        visible, clamped = _row(frames), _row(clamp)
        given = {"clamp": clamped, "values": clamped * visible, "bias": _row(bias)}
        given["beta"] = np.full((1, 1), beta, np.float32)
        for _ in range(0, sweeps, SWEEPS):
            visible = self._run(
                visible=visible,
                hidden_noise=random.random((SWEEPS, spec.hidden), np.float32),
                visible_noise=random.random((SWEEPS, spec.steps * spec.keys), np.float32),
                **given,
            )["visible_after"]
        return visible.reshape(frames.shape) > 0


def _row(window: npt.NDArray[Any]) -> Floats:
    return window.reshape(1, -1).astype(np.float32)
