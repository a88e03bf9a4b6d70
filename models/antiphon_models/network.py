"""The event network: what it is given at each step and what it predicts.

    dt, velocity, pitch and part of the event just heard; all that is sounding;
    whose next event is asked for; what the music to come is like
        -> embeddings, summed -> 3 x LSTM, each added to its input -> what comes next:
        dt; velocity given dt; pitch given both.

The network is told which notes sound, and for how long, because that follows from what it heard;
so it spends its memory on music and not on book-keeping. For the same reason a release is only ever
of a note that sounds and an onset of one that does not: the masks are part of the distribution, in
training as at the keyboard.

Asked for one part, it tells what that part does next if nothing else happens first: where the other part
comes first, all that is known of the asked one is that it waits at least so long, and this is what the
network learns from (a censored observation, as in survival analysis).

It does not know time signatures or files. The step that is exported is built from the
same layers in ``antiphon_export``.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from antiphon_models import guide, vocab
from antiphon_models.backends import Tensor
from antiphon_models.lessons.windows import Window
from antiphon_models.recurrence import Recurrence
from antiphon_models.spec import IMPOSSIBLE, Spec


class Heads(keras.layers.Layer):
    """The three predictions, each made in the light of those before it."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(name="heads")
        units = spec.units
        self.context = keras.layers.Dense(units, name="context")
        self.sounding = keras.layers.Dense(units, use_bias=False, name="sounding")
        self.dt = keras.layers.Dense(vocab.DT_BINS, name="dt")
        self.velocity_hidden = keras.layers.Dense(units, name="velocity_hidden")
        self.velocity_given_dt = keras.layers.Embedding(vocab.DT_BINS, units, name="velocity_dt")
        self.velocity = keras.layers.Dense(vocab.VELOCITY_CLASSES, name="velocity")
        self.pitch_hidden = keras.layers.Dense(units, name="pitch_hidden")
        self.pitch_given_dt = keras.layers.Embedding(vocab.DT_BINS, units, name="pitch_dt")
        self.pitch_given_velocity = keras.layers.Embedding(
            vocab.VELOCITY_CLASSES, units, name="pitch_velocity"
        )
        self.pitch = keras.layers.Dense(vocab.PITCHES, name="pitch")

    def build(self, units: int) -> None:
        """Make the weights; Keras cannot find their shapes, for the layer itself is never called."""
        features, index = (None, units), (None,)
        self.context.build(features)
        self.sounding.build((None, vocab.PITCHES))
        self.dt.build(features)
        self.velocity_hidden.build(features)
        self.velocity_given_dt.build(index)
        self.velocity.build(features)
        self.pitch_hidden.build(features)
        self.pitch_given_dt.build(index)
        self.pitch_given_velocity.build(index)
        self.pitch.build(features)

    def look(self, features: Tensor, sounding: Tensor) -> Tensor:
        """Return what all three predictions are made from, (..., units)."""
        return ops.relu(self.context(features) + self.sounding(sounding))

    def dt_logits(self, seen: Tensor) -> Tensor:
        return ops.cast(self.dt(seen), "float32")

    def velocity_logits(self, seen: Tensor, dt: Tensor, sounding: Tensor) -> Tensor:
        hidden = self.velocity_hidden(seen) + self.velocity_given_dt(dt)
        logits = ops.cast(self.velocity(ops.relu(hidden)), "float32")
        silent = ops.max(sounding, -1, keepdims=True) <= 0.0
        return logits + IMPOSSIBLE * ops.cast(silent, "float32") * IS_RELEASE

    def pitch_logits(self, seen: Tensor, dt: Tensor, velocity: Tensor, sounding: Tensor) -> Tensor:
        hidden = self.pitch_hidden(seen) + self.pitch_given_dt(dt)
        logits = self.pitch(ops.relu(hidden + self.pitch_given_velocity(velocity)))
        releases = ops.expand_dims(ops.cast(velocity == vocab.RELEASE, "float32"), -1)
        sounds = ops.cast(sounding > 0.0, "float32")
        return ops.cast(logits, "float32") + IMPOSSIBLE * ops.abs(releases - sounds)


IS_RELEASE = np.eye(vocab.VELOCITY_CLASSES, dtype=np.float32)[vocab.RELEASE]


class EventNetwork(keras.Model):
    """The whole network over windows of events; batch x time in, logits out, state in and out."""

    def __init__(self, spec: Spec, dropout: float = 0.0) -> None:
        """Make the layers.

        Args:
            spec: its shape.
            dropout: share of the flow out of each LSTM layer that is left out while it learns.
        """
        super().__init__(name="event_network", autocast=False)
        self.spec = spec
        self.dropout = keras.layers.Dropout(dropout, name="dropout") if dropout else None
        units = spec.units
        self.dt_embedding = keras.layers.Embedding(vocab.DT_BINS, units, name="dt_in")
        self.velocity_embedding = keras.layers.Embedding(vocab.VELOCITY_CLASSES, units, name="velocity_in")
        self.pitch_embedding = keras.layers.Embedding(vocab.PITCHES, units, name="pitch_in")
        self.part_embedding = keras.layers.Embedding(vocab.PARTS, units, name="part_in")
        self.asked_embedding = keras.layers.Embedding(vocab.PARTS, units, name="asked_in")
        self.sounding_projection = keras.layers.Dense(units, name="sounding_in")
        self.guide_projection = keras.layers.Dense(units, use_bias=False, name="guide_in")
        self.recurrences = [Recurrence(units, name=f"lstm_{layer}") for layer in range(spec.layers)]
        self.heads = Heads(spec)

    def build(self, _: object = None) -> None:
        """Make every weight, those of the heads too, which ``call`` does not reach."""
        units = self.spec.units
        for embedding in self._embeddings:
            embedding.build((None, None))
        self.sounding_projection.build((None, None, vocab.PITCHES))
        self.guide_projection.build((None, None, guide.WIDTH))
        for recurrence in self.recurrences:
            recurrence.build((None, None, units))
        self.heads.build(units)

    @property
    def _embeddings(self) -> list[Any]:
        """Return an embedding for each field of an event, and for the part that is asked for."""
        return [
            self.dt_embedding,
            self.velocity_embedding,
            self.pitch_embedding,
            self.part_embedding,
            self.asked_embedding,
        ]

    def embed(self, fields: Sequence[Tensor], sounding: Tensor, guide: Tensor) -> Tensor:
        """Return (..., units) from dt, velocity, pitch, part and asked part (...), sounding and guide."""
        flow = self.sounding_projection(sounding) + self.guide_projection(guide)
        for embedding, field in zip(self._embeddings, fields, strict=True):
            flow += embedding(field)
        return flow

    def embed_window(self, window: Window) -> Tensor:
        """Return (batch, time, units): what is heard of each event of a window but the last."""
        fields = [*ops.unstack(window.events[:, :-1], axis=-1), window.asked]
        return self.embed(fields, window.sounding, ops.expand_dims(window.guide, 1))

    def call(
        self, inputs: tuple[Window, Sequence[Tensor]], training: bool = False
    ) -> tuple[Tensor, list[Tensor]]:
        """Return features (batch, time, units) and the state after the last event but one.

        Takes a window, and the state before it: h and c of each layer in turn, (batch, units) each. Where a
        piece begins, nothing is remembered of the one before.
        """
        window, state = inputs
        flow, state = self.embed_window(window), carried_on(state, window)
        after: list[Tensor] = []
        for layer, recurrence in enumerate(self.recurrences):
            out, h, c = recurrence(flow, *state[2 * layer : 2 * layer + 2])
            flow = flow + out if layer else out
            if self.dropout:
                flow = self.dropout(flow, training=training)
            after += [h, c]
        return flow, after

    def start_state(self, batch: int) -> list[npt.NDArray[np.float32]]:
        """Return the state of a network that has heard nothing."""
        shape = (batch, self.spec.units)
        return [np.zeros(shape, np.float32) for _ in range(2 * self.spec.layers)]

    def losses(self, features: Tensor, window: Window) -> tuple[Tensor, Tensor, Tensor]:
        """Return the cross-entropy of dt, velocity and pitch in nats, (batch, time) each.

        Where a part was asked for and the other came first, dt holds the surprise that the asked one
        waited, and the others nothing.
        """
        dt, velocity, pitch, part = ops.unstack(window.events[:, 1:], axis=-1)
        came_first = (window.asked == 0) | (window.asked == part)
        seen = self.heads.look(features, window.sounding)
        dt_logits = self.heads.dt_logits(seen)
        velocity_logits = self.heads.velocity_logits(seen, dt, window.sounding)
        pitch_logits = self.heads.pitch_logits(seen, dt, velocity, window.sounding)
        heard = ops.cast(came_first, "float32")
        return (
            ops.where(came_first, surprise(dt, dt_logits), surprise_of_waiting(dt, dt_logits)),
            heard * surprise(velocity, velocity_logits),
            heard * surprise(pitch, pitch_logits),
        )


def carried_on(state: Sequence[Tensor], window: Window) -> list[Tensor]:
    """Return the state before a window: nothing has been heard in the lanes where a piece begins."""
    kept = 1.0 - ops.expand_dims(window.fresh, 1)
    return [part * kept for part in state]


def surprise(came: Tensor, logits: Tensor) -> Tensor:
    """Return the cross-entropy in nats (...) of what came (...), given logits (..., choices)."""
    return ops.sparse_categorical_crossentropy(came, logits, from_logits=True)


def surprise_of_waiting(dt: Tensor, logits: Tensor) -> Tensor:
    """Return the surprise, in nats (...), that nothing came before a bin dt (...), given logits (..., 62)."""
    is_before = ops.arange(vocab.DT_BINS) < ops.expand_dims(dt, -1)
    later = logits + IMPOSSIBLE * ops.cast(is_before, "float32")
    return ops.logsumexp(logits, -1) - ops.logsumexp(later, -1)


def build(spec: Spec, dropout: float = 0.0) -> EventNetwork:
    """Return a network with fresh weights, every variable made."""
    network = EventNetwork(spec, dropout)
    network.build()
    return network
