"""The event network while it learns from few rolls: parts of it are left out at random.

All of a window is heard with the same units of each layer left out (Gal and Ghahramani 2016), and with the
same of the recurrent weights (Merity, Keskar and Socher 2018), so that two hundred chorales are not simply
learnt by heart. The weights are those of an event network, and it is the whole of it that is measured.
"""

from collections.abc import Sequence
from typing import Any

import keras
import msgspec
from keras import ops

from antiphon_models import backends
from antiphon_models.backends import Tensor
from antiphon_models.network import EventNetwork, Heads, carried_on
from antiphon_models.pianorolls.likelihood import surprise
from antiphon_models.spec import Spec


class Forgetting(msgspec.Struct, frozen=True):
    """Which share is left out: of the network's input, of the flow between its layers and out of the last, of
    the recurrent weights, and inside the heads.
    """

    into: float
    between: float
    out: float
    recurrent: float
    heads: float


class Pupil(EventNetwork):
    """An event network that forgets a part of itself while it is in training."""

    def __init__(self, spec: Spec, forgetting: Forgetting, seed: int) -> None:
        super().__init__(spec)
        self.forgetting = forgetting
        self.dice = keras.random.SeedGenerator(seed)
        self.build()

    def call(
        self, inputs: tuple[Any, Sequence[Tensor]], training: bool = False
    ) -> tuple[Tensor, list[Tensor]]:
        """Return features (lanes, time, units) and the state after the window, as an event network does."""
        if not training:
            features, known = super().call(inputs)
            return features, known
        window, state = inputs
        flow = self._without(self.embed_window(window), self.forgetting.into)
        state = carried_on(state, window)
        after: list[Tensor] = []
        for layer, recurrence in enumerate(self.recurrences):
            kernel = ops.convert_to_tensor(recurrence.recurrent_kernel)
            kernel = keras.random.dropout(kernel, self.forgetting.recurrent, seed=self.dice)
            weights = (recurrence.kernel, kernel, recurrence.bias)
            h, c = state[2 * layer : 2 * layer + 2]
            out, h, c = backends.chosen().unroll(flow, h, c, weights, "float32")
            is_last = layer == self.spec.layers - 1
            out = self._without(out, self.forgetting.out if is_last else self.forgetting.between)
            flow = flow + out if layer else out
            after += [h, c]
        return flow, after

    def losses(self, features: Tensor, window: Any) -> tuple[Tensor, Tensor, Tensor]:
        """Return what is to be lowered: the surprise at the rolls, in nats, with parts of the heads left out.

        Of when, of whether an onset, of which pitch: (lanes, time) each.
        """
        nats = surprise(ForgetfulHeads(self), features, window)
        return nats.dt, nats.kind, nats.pitch

    def _without(self, flow: Tensor, share: float) -> Tensor:
        """Leave the same units out at every step of a window."""
        lanes, _, units = flow.shape
        return keras.random.dropout(flow, share, noise_shape=(lanes, 1, units), seed=self.dice)


class ForgetfulHeads:
    """The heads of a network in training."""

    def __init__(self, pupil: Pupil) -> None:
        self._heads: Heads = pupil.heads
        self._share = pupil.forgetting.heads
        self._dice = pupil.dice

    def look(self, features: Tensor, sounding: Tensor) -> Tensor:
        return self._without(self._heads.look(features, sounding))

    def dt_logits(self, seen: Tensor) -> Tensor:
        return self._heads.dt_logits(seen)

    def velocity_logits(self, seen: Tensor, dt: Tensor, sounding: Tensor) -> Tensor:
        return self._heads.velocity_logits(seen, dt, sounding)

    def pitch_logits(self, seen: Tensor, dt: Tensor, velocity: Tensor, sounding: Tensor) -> Tensor:
        """Return logits of every pitch: which of them can be is for the likelihood to say."""
        heads = self._heads
        hidden = heads.pitch_hidden(seen) + heads.pitch_given_dt(dt) + heads.pitch_given_velocity(velocity)
        return heads.pitch(self._without(ops.relu(hidden)))

    def _without(self, flow: Tensor) -> Tensor:
        return keras.random.dropout(flow, self._share, seed=self._dice)
