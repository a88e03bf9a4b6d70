"""One character of a trained network as a graph: the signature that ``antiphon_models.tunes.spec`` describes.

It is built from the weights of the network itself. The embedding is multiplied through the first kernel here
and not in every step, and each layer makes one product of what flows into it and what it put out before.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from antiphon_export.folded import Product
from antiphon_export.step import FAR
from antiphon_models.recurrence import cell
from antiphon_models.stateful import recurrences
from antiphon_models.tunes.spec import SIGNATURE, CharSpec

Tensor = Any


class CharStep:
    """A network that reads one character and says which comes next."""

    def __init__(self, network: Any, spec: CharSpec) -> None:
        """Take the weights of a network of :mod:`antiphon_models.stateful`."""
        self._spec = spec
        self._network = network
        first, *others = [
            [np.asarray(weight, np.float32) for weight in layer.get_weights()]
            for layer in recurrences(network)
        ]
        kernel, recurrent, bias = first
        embedding = np.asarray(network.get_layer("embedding").get_weights()[0], np.float32)
        self._table = embedding @ kernel
        self._first = Product(recurrent, bias)
        self._others = [Product(np.concatenate([k, r]), b) for k, r, b in others]
        self._logits = Product(
            *(np.asarray(w, np.float32) for w in network.get_layer("logits").get_weights())
        )

    def save(self, folder: str) -> None:
        """Write the step as a SavedModel: the weights and one signature, not the training graph."""
        concrete = tf.function(self.step, autograph=False).get_concrete_function(**self.signature())
        tf.saved_model.save(tf.Module(), folder, signatures={SIGNATURE: concrete})

    def signature(self) -> dict[str, tf.TensorSpec]:
        """Return the name, shape and type of every input."""
        characters = len(self._spec.alphabet)
        floats = {name: self._spec.units for name in self._spec.state_names}
        floats |= {"temperature": 1, "log_min_p": 1, "noise": characters, "allow": characters}
        return {"character": tf.TensorSpec((1,), tf.int32, "character")} | {
            name: tf.TensorSpec((1, width), tf.float32, name) for name, width in floats.items()
        }

    def step(self, **given: Tensor) -> dict[str, Tensor]:
        """Read the newest character and draw the next."""
        h, c = cell(tf.gather(self._table, given["character"]) + self._first.of(given["h0"]), given["c0"])
        after = [h, c]
        for index, product in enumerate(self._others, 1):
            h, c = cell(product.of(h, given[f"h{index}"]), given[f"c{index}"])
            after += [h, c]
        logits = self._logits.of(h)
        # To heat the noise, instead of cooling the logits, leaves their order, and nothing is divided.
        allowed = logits + given["allow"]
        worth = tf.reduce_max(allowed, axis=1, keepdims=True) + given["log_min_p"]
        left_out = FAR * (FAR * tf.nn.relu(worth - allowed))
        heated = allowed - left_out + given["temperature"] * given["noise"]
        if spare := -len(self._spec.alphabet) % 4:  # as in antiphon_export.step
            heated = tf.concat([heated, tf.fill((1, spare), tf.float32.min)], axis=1)
        drawn = tf.argmax(heated, axis=1, output_type=tf.int32)
        names = self._spec.state_names
        return {"next": drawn, "logits": logits} | {
            f"{name}_after": part for name, part in zip(names, after, strict=True)
        }
