"""A machine without weights, for tests: it throws dice, and obeys what is clamped."""

import numpy as np

from antiphon_models.rbm.frames import Frames
from antiphon_models.rbm.spec import HELD, STRUCK, RbmSpec
from antiphon_models.rbm.visible import Floats, drawn_keys


class DiceGibbs:
    """Implements :class:`antiphon.adapters.engines.rbm.gibbs.Gibbs`; ``painted`` counts what was asked for.

    Args:
        strikes: how likely a key is struck beside silence.
        goes_on: how likely it is held.
    """

    def __init__(self, strikes: float = 0.05, goes_on: float = 2.0) -> None:
        self.painted = 0
        self.clamps: list[tuple[Frames, Frames]] = []
        self._shares = strikes, goes_on

    @property
    def spec(self) -> RbmSpec:
        return RbmSpec(hidden=1)

    def paint(
        self,
        frames: Frames,
        clamp: Frames,
        bias: Floats,
        sweeps: int,
        beta: float,
        random: np.random.Generator,
    ) -> Frames:
        self.painted += 1
        self.clamps.append((frames & clamp, clamp))
        shares = np.exp(beta * np.log(np.broadcast_to(np.array(self._shares)[:, None], frames.shape)) + bias)
        values = (frames & clamp).astype(np.float32)
        shares = np.where(clamp, values, shares).astype(np.float32)
        silent = 1.0 - values[:, STRUCK] - values[:, HELD]
        noise = random.random(silent.shape, np.float32)
        drawn: Frames = drawn_keys(shares[None], silent[None], noise[None])[0] > 0
        return drawn
