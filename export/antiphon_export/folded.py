"""The weights of a network, put together so that a step takes few and long products.

What is multiplied twice with nothing in between is multiplied once, and a sum of products becomes one product
of everything side by side:

- the first layer is given a sum of embeddings and projections, of which nothing else is made. So its kernel
  is multiplied into them here, and not in every step;
- each layer adds up a product of what it is given and one of what it put out before;
- so do the heads, of what the layers made of the music and of what sounds;
- what velocity and pitch are drawn from begins with the same for both, each with a matrix of its own.

It is the same network but for the last bits of its numbers. :mod:`antiphon_export.step` computes with it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from antiphon_models.network import EventNetwork

Tensor = Any
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Product:
    """A matrix and what is added to its products: ``kernel`` is (in, out), ``bias`` (out,)."""

    kernel: Floats
    bias: Floats

    def of(self, *parts: Tensor) -> Tensor:
        """Return the product of all parts side by side, (1, ...) each, with the bias: (1, out)."""
        return tf.nn.bias_add(tf.matmul(tf.concat(parts, axis=1), self.kernel), self.bias)


@dataclass(frozen=True, slots=True)
class Folded:
    """Those of the weights that are put together; the others are the network's own.

    Attributes:
        tables: (choices, 4 * units) for each field of an event, by the name under which a step is given it:
            what a choice adds to the gates of the first layer.
        layers: what makes the gates of each layer, (1, 4 * units) in the order of
            :class:`antiphon_models.recurrence.Recurrence`. The first is of what sounds, the guide and h,
            the others are of what flows into them and h.
        look: of the features and what sounds; what all heads see is its positive part.
        hidden: of what they see: what velocity and pitch are drawn from, (1, 2 * units).
        hidden_given_dt: (choices, 2 * units): what a dt that was drawn adds to both.
    """

    tables: dict[str, Floats]
    layers: tuple[Product, ...]
    look: Product
    hidden: Product
    hidden_given_dt: Floats


def fold(network: EventNetwork) -> Folded:
    """Return the weights of a network, put together."""
    first, *others = network.recurrences
    sounding, guide, heads = network.sounding_projection, network.guide_projection, network.heads
    embeddings = {
        "dt": network.dt_embedding,
        "velocity": network.velocity_embedding,
        "pitch": network.pitch_embedding,
        "part": network.part_embedding,
        "asked": network.asked_embedding,
    }

    def through_first(weight: Any) -> Floats:
        return _product(_numbers(weight), _numbers(first.kernel))

    gates_of_first = Product(
        _stacked(through_first(sounding.kernel), through_first(guide.kernel), first.recurrent_kernel),
        through_first(sounding.bias) + _numbers(first.bias),
    )
    gates_of_others = [
        Product(_stacked(each.kernel, each.recurrent_kernel), _numbers(each.bias)) for each in others
    ]
    velocity, pitch = heads.velocity_hidden, heads.pitch_hidden
    return Folded(
        tables={name: through_first(each.embeddings) for name, each in embeddings.items()},
        layers=(gates_of_first, *gates_of_others),
        look=Product(_stacked(heads.context.kernel, heads.sounding.kernel), _numbers(heads.context.bias)),
        hidden=Product(_abreast(velocity.kernel, pitch.kernel), _abreast(velocity.bias, pitch.bias)),
        hidden_given_dt=_abreast(heads.velocity_given_dt.embeddings, heads.pitch_given_dt.embeddings),
    )


def _numbers(weight: Any) -> Floats:
    return np.asarray(weight, np.float32)


def _stacked(*weights: Any) -> Floats:
    """Return weights one below the other, for inputs side by side."""
    return np.concatenate([_numbers(weight) for weight in weights])


def _abreast(*weights: Any) -> Floats:
    """Return weights side by side, for results side by side."""
    return np.concatenate([_numbers(weight) for weight in weights], axis=-1)


def _product(left: Floats, right: Floats) -> Floats:
    """Return a product whose sums are not rounded before their end."""
    return (left.astype(np.float64) @ right.astype(np.float64)).astype(np.float32)
