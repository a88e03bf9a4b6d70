"""One step of a trained network as a graph: the signature that ``antiphon_models.spec`` describes.

It is built from the weights of the network itself, put together in :mod:`antiphon_export.folded`, and its
tests hold it against the network event by event, so training and playing cannot drift apart.

Beside the products it is the number of operations that costs, for each does little. Which they are matters
too. None drops an axis: such graphs fall off the GPU. And none between two draws is a comparison or a choice:
XNNPACK leaves these to the runtime, and to change from one to the other and back costs as much as several.
"""

from typing import Any

import tensorflow as tf

from antiphon_export.folded import fold
from antiphon_models import guide, vocab
from antiphon_models.network import IS_RELEASE, EventNetwork
from antiphon_models.recurrence import cell
from antiphon_models.spec import IMPOSSIBLE, SIGNATURE
from antiphon_models.vocab import CHOICES

Tensor = Any

FAR = 6e4
"""Twice multiplied by it, a difference in the last bits outweighs any noise; its square no float16 holds."""


class Step:
    """A network that hears one event and says which comes next."""

    def __init__(self, network: EventNetwork) -> None:
        self.network = network
        self._folded = fold(network)

    def save(self, folder: str) -> None:
        """Write the step as a SavedModel: the weights and one signature, not the training graph."""
        root = tf.Module()
        root.weights = [variable.value for variable in self.network.variables]
        tf.saved_model.save(root, folder, signatures={SIGNATURE: self.concrete()})

    def signature(self) -> dict[str, tf.TensorSpec]:
        """Return the name, shape and type of every input."""
        units = self.network.spec.units
        floats = {
            "guide": guide.WIDTH,
            "sounding": vocab.PITCHES,
            **{name: units for name in self.network.spec.state_names},
            "temperature": len(CHOICES),
            "log_min_p": len(CHOICES),
            "noise": sum(CHOICES),
            "allow_dt": vocab.DT_BINS,
            "allow_class": vocab.VELOCITY_CLASSES,
            "allow_onset": vocab.PITCHES,
            "allow_release": vocab.PITCHES,
        }
        integers = ("dt", "velocity", "pitch", "part", "asked")
        return {name: tf.TensorSpec((1,), tf.int32, name) for name in integers} | {
            name: tf.TensorSpec((1, width), tf.float32, name) for name, width in floats.items()
        }

    def concrete(self) -> Any:
        """Return the concrete function of the signature."""
        return tf.function(self.step, autograph=False).get_concrete_function(**self.signature())

    def step(self, **given: Tensor) -> dict[str, Tensor]:
        """Hear the newest event and sample the next; see ``antiphon_models.spec``."""
        features, after = self._hear(given)
        heads, sounding = self.network.heads, given["sounding"]
        seen = tf.nn.relu(self._folded.look.of(features, sounding))
        # What sounds is given as 0.5 to 1, so it need not be compared with anything.
        sounds = tf.math.ceil(sounding)

        dt_logits = heads.dt(seen)
        dt = _drawn(0, dt_logits, given["allow_dt"], given)
        hidden = self._folded.hidden.of(seen) + tf.gather(self._folded.hidden_given_dt, dt)
        for_velocity, for_pitch = tf.split(hidden, 2, axis=1)
        velocity_logits = self._velocity_logits(for_velocity, sounds)
        velocity = _drawn(1, velocity_logits, given["allow_class"], given)
        releases = tf.gather(IS_RELEASE[:, tf.newaxis], velocity)
        pitch_logits = self._pitch_logits(for_pitch, velocity, releases, sounds)
        allow_pitch = releases * given["allow_release"] + (1.0 - releases) * given["allow_onset"]
        pitch = _drawn(2, pitch_logits, allow_pitch, given)
        outcome = {
            "next_dt": dt,
            "next_velocity": velocity,
            "next_pitch": pitch,
            "dt_logits": dt_logits,
            "velocity_logits": velocity_logits,
            "pitch_logits": pitch_logits,
        }
        names = self.network.spec.state_names
        return outcome | {f"{name}_after": part for name, part in zip(names, after, strict=True)}

    def _hear(self, given: dict[str, Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Return the features and the state after the newest event."""
        first, *others = self._folded.layers
        gates = first.of(given["sounding"], given["guide"], given["h0"])
        for name, table in self._folded.tables.items():
            gates += tf.gather(table, given[name])
        h, c = cell(gates, given["c0"])
        flow, after = h, [h, c]
        for layer, product in enumerate(others, 1):
            h, c = cell(product.of(flow, given[f"h{layer}"]), given[f"c{layer}"])
            flow += h
            after += [h, c]
        return flow, after

    def _velocity_logits(self, hidden: Tensor, sounds: Tensor) -> Tensor:
        silent = 1.0 - tf.reduce_max(sounds, axis=1, keepdims=True)
        return self.network.heads.velocity(tf.nn.relu(hidden)) + silent * (IMPOSSIBLE * IS_RELEASE)

    def _pitch_logits(self, hidden: Tensor, velocity: Tensor, releases: Tensor, sounds: Tensor) -> Tensor:
        heads = self.network.heads
        # Keras would first ask whether the class counts from the end.
        hidden += tf.gather(heads.pitch_given_velocity.embeddings.value, velocity)
        return heads.pitch(tf.nn.relu(hidden)) + IMPOSSIBLE * tf.math.squared_difference(releases, sounds)


def _drawn(field: int, logits: Tensor, allow: Tensor, given: dict[str, Tensor]) -> Tensor:
    """Return a choice of a field, (1,), drawn as the inputs of that field ask for."""
    # Not tf.split: the converter leaves no operation with several results out of its rounding.
    temperature = tf.slice(given["temperature"], (0, field), (1, 1))
    log_min_p = tf.slice(given["log_min_p"], (0, field), (1, 1))
    noise = tf.slice(given["noise"], (0, sum(CHOICES[:field])), (1, CHOICES[field]))
    allowed = logits + allow
    worth = tf.reduce_max(allowed, axis=1, keepdims=True) + log_min_p
    left_out = FAR * (FAR * tf.nn.relu(worth - allowed))
    # To heat the noise, instead of cooling the logits, leaves their order, and nothing is divided.
    heated = allowed - left_out + temperature * noise
    # LiteRT's GPU keeps columns in fours, and its argmax also takes what lies beyond the last one.
    if spare := -CHOICES[field] % 4:
        heated = tf.concat([heated, tf.fill((1, spare), tf.float32.min)], axis=1)
    return tf.argmax(heated, axis=1, output_type=tf.int32)
