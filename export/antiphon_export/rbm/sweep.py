"""Gibbs steps of a trained machine as a graph: the signature that ``antiphon_models.rbm.spec`` describes.

Its tests hold it against :mod:`antiphon_models.rbm.visible` in numpy, unit by unit.
"""

from typing import Any

import tensorflow as tf

from antiphon_models.rbm.machine import Machine
from antiphon_models.rbm.spec import (
    LEAST_LOGIT,
    LEAST_SHARE,
    MOST_LOGIT,
    MOST_WORTH,
    SIGNATURE,
    SWEEPS,
    RbmSpec,
)

Tensor = Any


class Sweep:
    """Some Gibbs steps of a machine."""

    def __init__(self, machine: Machine, spec: RbmSpec) -> None:
        self._machine = machine
        self._spec = spec

    def save(self, folder: str) -> None:
        """Write the steps as a SavedModel of one signature."""
        concrete = tf.function(self.sweeps, autograph=False).get_concrete_function(**self.signature())
        tf.saved_model.save(tf.Module(), folder, signatures={SIGNATURE: concrete})

    def signature(self) -> dict[str, tf.TensorSpec]:
        """Return the name, shape and type of every input."""
        spec = self._spec
        shapes = {name: (1, spec.visible) for name in ("visible", "clamp", "values", "bias")}
        shapes |= {
            "beta": (1, 1),
            "hidden_noise": (SWEEPS, spec.hidden),
            "visible_noise": (SWEEPS, spec.steps * spec.keys),
        }
        return {name: tf.TensorSpec(shape, tf.float32, name) for name, shape in shapes.items()}

    def sweeps(self, **given: Tensor) -> dict[str, Tensor]:
        """Take the steps."""
        steps, keys = self._spec.steps, self._spec.keys
        free = 1.0 - given["clamp"]
        # A key that is clamped to sound may not be silent.
        silent = 1.0 - tf.reduce_sum(tf.reshape(given["values"], (steps, 2, keys)), axis=1)
        visible = given["visible"]
        for sweep in range(SWEEPS):
            noise = tf.slice(given["hidden_noise"], (sweep, 0), (1, self._spec.hidden))
            inputs = tf.matmul(visible, self._machine.weights) + self._machine.hidden
            hidden = _is_less(noise, tf.sigmoid(given["beta"] * inputs))
            logits = tf.matmul(hidden, self._machine.weights, transpose_b=True) + self._machine.visible
            logits = tf.clip_by_value(given["beta"] * logits + given["bias"], LEAST_LOGIT, MOST_LOGIT)
            shares = free * tf.exp(logits) + given["values"]
            noise = tf.slice(given["visible_noise"], (sweep, 0), (1, steps * keys))
            visible = self._drawn(shares, silent, tf.reshape(noise, (steps, keys)))
        return {"visible_after": visible}

    def _drawn(self, shares: Tensor, silent: Tensor, noise: Tensor) -> Tensor:
        """Return visible units, as :func:`antiphon_models.rbm.visible.drawn_keys` draws them."""
        steps, keys = self._spec.steps, self._spec.keys
        rows = tf.split(tf.reshape(shares, (2 * steps, keys)), 2 * steps)
        struck, held = rows[0::2], rows[1::2]
        silences, marks = tf.split(silent, steps), tf.split(noise, steps)
        worth = [tf.ones((1, keys))]
        for step in range(steps - 1, 0, -1):
            if_silent = tf.maximum(silences[step] + struck[step] * worth[0], LEAST_SHARE)
            worth.insert(0, 1.0 + tf.minimum(held[step] * worth[0] / if_silent, MOST_WORTH))
        frames: list[Tensor] = []
        sounds: Tensor = tf.ones((1, keys))
        for step in range(steps):
            strikes = struck[step] * worth[step]
            sounding = strikes + held[step] * worth[step] * sounds
            mark = marks[step] * (silences[step] + sounding)
            is_struck, sounds = _is_less(mark, strikes), _is_less(mark, sounding)
            frames += [is_struck, sounds - is_struck]
        return tf.concat(frames, axis=1)


def _is_less(one: Tensor, other: Tensor) -> Tensor:
    return tf.cast(one < other, tf.float32)
