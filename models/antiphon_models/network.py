"""The event network: what it is given at each step and what it predicts.

    dt, velocity, pitch of the event just heard, and all that is sounding
        -> embeddings, summed -> 3 x LSTM, each added to its input -> what comes next:
        dt; velocity given dt; pitch given both.

The network is told which notes sound, and for how long, because that follows from what it heard;
so it spends its memory on music and not on book-keeping. For the same reason a release is only ever
of a note that sounds and an onset of one that does not: the masks are part of the distribution, in
training as at the keyboard.

It does not know time signatures, who plays, or files. The step that is exported is built from the
same layers in ``antiphon_export``.
"""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from antiphon_models import vocab
from antiphon_models.recurrence import Recurrence
from antiphon_models.spec import IMPOSSIBLE, Spec

Tensor = Any
"""A ``tf.Tensor``; TensorFlow ships no types."""


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
        return tf.nn.relu(self.context(features) + self.sounding(sounding))

    def dt_logits(self, seen: Tensor) -> Tensor:
        return self.dt(seen)

    def velocity_logits(self, seen: Tensor, dt: Tensor, sounding: Tensor) -> Tensor:
        hidden = self.velocity_hidden(seen) + self.velocity_given_dt(dt)
        logits = self.velocity(tf.nn.relu(hidden))
        silent = tf.reduce_max(sounding, -1, keepdims=True) <= 0.0
        is_release = tf.one_hot(vocab.RELEASE, vocab.VELOCITY_CLASSES)
        return logits + IMPOSSIBLE * tf.cast(silent, tf.float32) * is_release

    def pitch_logits(self, seen: Tensor, dt: Tensor, velocity: Tensor, sounding: Tensor) -> Tensor:
        hidden = self.pitch_hidden(seen) + self.pitch_given_dt(dt)
        logits = self.pitch(tf.nn.relu(hidden + self.pitch_given_velocity(velocity)))
        releases = tf.cast(velocity == vocab.RELEASE, tf.float32)[..., tf.newaxis]
        sounds = tf.cast(sounding > 0.0, tf.float32)
        return logits + IMPOSSIBLE * tf.abs(releases - sounds)


class EventNetwork(keras.Model):
    """The whole network over windows of events; batch x time in, logits out, state in and out."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(name="event_network")
        self.spec = spec
        units = spec.units
        self.dt_embedding = keras.layers.Embedding(vocab.DT_BINS, units, name="dt_in")
        self.velocity_embedding = keras.layers.Embedding(vocab.VELOCITY_CLASSES, units, name="velocity_in")
        self.pitch_embedding = keras.layers.Embedding(vocab.PITCHES, units, name="pitch_in")
        self.sounding_projection = keras.layers.Dense(units, name="sounding_in")
        self.recurrences = [Recurrence(units, name=f"lstm_{layer}") for layer in range(spec.layers)]
        self.heads = Heads(spec)

    def build(self, _: object = None) -> None:
        """Make every weight, those of the heads too, which ``call`` does not reach."""
        units = self.spec.units
        for embedding in (self.dt_embedding, self.velocity_embedding, self.pitch_embedding):
            embedding.build((None, None))
        self.sounding_projection.build((None, None, vocab.PITCHES))
        for recurrence in self.recurrences:
            recurrence.build((None, None, units))
        self.heads.build(units)

    def embed(self, dt: Tensor, velocity: Tensor, pitch: Tensor, sounding: Tensor) -> Tensor:
        """Return (..., units) from an event's fields (...) and sounding (..., 128)."""
        return (
            self.dt_embedding(dt)
            + self.velocity_embedding(velocity)
            + self.pitch_embedding(pitch)
            + self.sounding_projection(sounding)
        )

    def call(self, inputs: tuple[Tensor, Tensor, list[Tensor]]) -> tuple[Tensor, list[Tensor]]:
        """Return features (batch, time, units) and the state after the last event.

        Takes events (batch, time, 3) int32, sounding (batch, time, 128) float32, and the state,
        h and c of each layer in turn, (batch, units) each.
        """
        events, sounding, state = inputs
        flow = self.embed(events[..., 0], events[..., 1], events[..., 2], sounding)
        after: list[Tensor] = []
        for layer, recurrence in enumerate(self.recurrences):
            out, h, c = recurrence(flow, *state[2 * layer : 2 * layer + 2])
            flow = flow + out if layer else out
            after += [h, c]
        return flow, after

    def start_state(self, batch: int) -> list[npt.NDArray[np.float32]]:
        """Return the state of a network that has heard nothing."""
        shape = (batch, self.spec.units)
        return [np.zeros(shape, np.float32) for _ in range(2 * self.spec.layers)]

    def losses(self, features: Tensor, sounding: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the cross-entropy of each field in nats, (batch, time) each.

        ``sounding`` is what sounds before the targets, that is, after the events heard so far.
        """
        dt, velocity, pitch = targets[..., 0], targets[..., 1], targets[..., 2]
        seen = self.heads.look(features, sounding)
        cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits
        return (
            cross_entropy(dt, self.heads.dt_logits(seen)),
            cross_entropy(velocity, self.heads.velocity_logits(seen, dt, sounding)),
            cross_entropy(pitch, self.heads.pitch_logits(seen, dt, velocity, sounding)),
        )


def build(spec: Spec) -> EventNetwork:
    """Return a network with fresh weights, every variable made."""
    network = EventNetwork(spec)
    network.build()
    return network
