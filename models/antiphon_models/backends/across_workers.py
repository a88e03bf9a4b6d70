"""Steps and sums over several workers, and over several GPUs of each, by TensorFlow's own strategies.

Each replica finds the gradient of its own lanes; the gradients are added up over all of them, and every
process then takes the same step with the same optimiser. The variables are ordinary ones, one set in each
process, which stay the same because everything that is done to them is.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from antiphon_models.backends import Learner, Lesson, Sums, Tensor

Vector = npt.NDArray[np.float64]


def learner_across(strategy: Any) -> Callable[[Any, Any, Lesson], Learner]:
    """Return what makes learners that take their steps together with all replicas of a strategy."""

    def learner(network: Any, optimizer: Any, lesson: Lesson) -> Learner:
        def slopes(window: Any, state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            # A mean of all that could be learnt from, not a sum, so that half precision does not overflow.
            size = tf.cast(tf.size(window.weights), tf.float32)
            with tf.GradientTape() as tape:
                sums, after = lesson(window, state)
                scaled = optimizer.scale_loss(sums.nats / size)
            found = tape.gradient(scaled, network.trainable_variables)
            own = [tf.convert_to_tensor(slope) * size for slope in found]
            return _added([*own, *sums]), list(after)

        @tf.function(reduce_retracing=True)
        def learn(window: Any, state: Any) -> tuple[Tensor, Any]:
            added, after = strategy.run(slopes, args=(window, state))
            *found, nats, events, unasked_nats, unasked = (_here(strategy, each)[0] for each in added)
            optimizer.apply([slope / events for slope in found], network.trainable_variables)
            return Sums(nats, events, unasked_nats, unasked).bits, after

        def take_step(window: Any, state: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
            bits, after = learn(_dealt(strategy, window), _dealt(strategy, list(state)))
            return bits, [tf.concat(_here(strategy, part), axis=0) for part in after]

        return take_step

    return learner


def adder_across(strategy: Any) -> Callable[[Vector], Vector]:
    """Return what adds up a vector of each process over all of them; each is given the sum."""

    @tf.function(reduce_retracing=True)
    def add(vector: Any) -> Any:
        return strategy.run(lambda own: _added([own]), args=(vector,))

    def added(vector: Vector) -> Vector:
        replicas = len(strategy.extended.worker_devices)

        def given(context: Any) -> Any:
            is_first = context.replica_id_in_sync_group % replicas == 0
            return tf.constant(vector if is_first else np.zeros_like(vector))

        (whole,) = add(strategy.experimental_distribute_values_from_function(given))
        return np.asarray(_here(strategy, whole)[0])

    return added


def _added(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the sums over all replicas."""
    # An identity is of the replica's own device, which a value that came from outside is not.
    own = [tf.identity(each) for each in tensors]
    context = tf.distribute.get_replica_context()
    return list(context.all_reduce(tf.distribute.ReduceOp.SUM, own))


def _dealt(strategy: Any, parts: Any) -> Any:
    """Return tensors of all lanes of this process as the lanes of each of its replicas."""
    replicas = len(strategy.extended.worker_devices)
    if replicas == 1:
        return parts

    def share(context: Any) -> Any:
        number = context.replica_id_in_sync_group % replicas
        return tf.nest.map_structure(lambda part: tf.split(part, replicas)[number], parts)

    return strategy.experimental_distribute_values_from_function(share)


def _here(strategy: Any, value: Any) -> Any:
    """Return what each replica of this process has."""
    return strategy.experimental_local_results(value)
