"""One step of a trained network as a graph: the signature that ``antiphon_models.spec`` describes.

It is built from the layers of the network itself, so training and playing cannot drift apart. No
operation drops an axis: such graphs fall off the GPU.
"""

from typing import Any

import tensorflow as tf

from antiphon_models import guide, vocab
from antiphon_models.network import EventNetwork
from antiphon_models.spec import IMPOSSIBLE, SIGNATURE

Tensor = Any

FIELDS = (vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES)


class Step:
    """A network that hears one event and says which comes next."""

    def __init__(self, network: EventNetwork) -> None:
        self.network = network

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
            "temperature": len(FIELDS),
            "log_min_p": len(FIELDS),
            "noise": sum(FIELDS),
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
        return tf.function(self.step).get_concrete_function(**self.signature())

    def step(self, **given: Tensor) -> dict[str, Tensor]:
        """Hear the newest event and sample the next; see ``antiphon_models.spec``."""
        features, after = self._hear(given)
        heads, sounding = self.network.heads, given["sounding"]

        def draw(field: int, logits: Tensor, allow: Tensor) -> Tensor:
            # Not tf.split: the converter leaves no operation with several results out of its rounding.
            temperature = tf.slice(given["temperature"], (0, field), (1, 1))
            log_min_p = tf.slice(given["log_min_p"], (0, field), (1, 1))
            noise = tf.slice(given["noise"], (0, sum(FIELDS[:field])), (1, FIELDS[field]))
            allowed = logits + allow
            worth = tf.reduce_max(allowed, axis=1, keepdims=True) + log_min_p
            left_out = IMPOSSIBLE * tf.cast(allowed < worth, tf.float32)
            drawn = (allowed + left_out) / temperature + noise
            # LiteRT's GPU keeps columns in fours, and its argmax also takes what lies beyond the last one.
            if spare := -FIELDS[field] % 4:
                drawn = tf.concat([drawn, tf.fill((1, spare), tf.float32.min)], axis=1)
            return tf.argmax(drawn, axis=1, output_type=tf.int32)

        seen = heads.look(features, sounding)
        dt_logits = heads.dt_logits(seen)
        dt = draw(0, dt_logits, given["allow_dt"])
        velocity_logits = heads.velocity_logits(seen, dt, sounding)
        velocity = draw(1, velocity_logits, given["allow_class"])
        pitch_logits = heads.pitch_logits(seen, dt, velocity, sounding)
        releases = tf.cast(velocity == vocab.RELEASE, tf.float32)[:, tf.newaxis]
        allow_pitch = releases * given["allow_release"] + (1.0 - releases) * given["allow_onset"]
        pitch = draw(2, pitch_logits, allow_pitch)
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
        fields = [given[name] for name in ("dt", "velocity", "pitch", "part", "asked")]
        flow = self.network.embed(fields, given["sounding"], given["guide"])
        after: list[Tensor] = []
        for layer, recurrence in enumerate(self.network.recurrences):
            h, c = recurrence.step(flow, given[f"h{layer}"], given[f"c{layer}"])
            flow = flow + h if layer else h
            after += [h, c]
        return flow, after
