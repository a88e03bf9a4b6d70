"""Train the event network on the free corpora: ``python -m antiphon_models.train --help``.

The state is carried across the windows of a piece, as at the keyboard. The learning rate rises over a
short warm-up and falls linearly to nothing as the run nears its end, by steps or by minutes, whichever
comes first, so that a run on a slow or busy machine still ends in a settled model.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import msgspec
import numpy as np
import tensorflow as tf

from antiphon_models.augmentation import Augmentation, endless
from antiphon_models.corpora import CorpusError, read_split
from antiphon_models.evaluate import evaluate
from antiphon_models.network import EventNetwork, Tensor, build
from antiphon_models.spec import Spec
from antiphon_models.windows import Hints, Lane, Window, windows


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained. ``minutes`` and ``steps`` both bound the run."""

    seed: int = 1
    lanes: int = 64
    window: int = 64
    steps: int = 100_000
    minutes: float = 100.0
    learning_rate: float = 2e-3
    warm_up: int = 200
    weight_decay: float = 1e-2
    clip: float = 1.0
    minutes_between_checkpoints: float = 10.0


class Trainer:
    """One network, its optimiser and the state of each lane."""

    def __init__(self, network: EventNetwork, recipe: Recipe) -> None:
        self.network = network
        self.recipe = recipe
        self.optimizer = keras.optimizers.AdamW(
            recipe.learning_rate, weight_decay=recipe.weight_decay, global_clipnorm=recipe.clip
        )
        self.optimizer.build(network.trainable_variables)
        self._state = [tf.Variable(part) for part in network.start_state(recipe.lanes)]

    def learn(self, window: Window, learning_rate: float) -> float:
        """Take one step and return the loss in bits per event, of those that were not asked of one part."""
        self.optimizer.learning_rate.assign(learning_rate)
        return float(self._step(window))

    @tf.function(reduce_retracing=True)
    def _step(self, window: Window) -> Tensor:
        kept = 1.0 - window.fresh[:, tf.newaxis]
        with tf.GradientTape() as tape:
            features, after = self.network((window, [part * kept for part in self._state]))
            nats = tf.add_n(self.network.losses(features, window))
            loss = tf.reduce_sum(nats * window.weights) / tf.reduce_sum(window.weights)
        weights_of_network = self.network.trainable_variables
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, weights_of_network), weights_of_network, strict=True)
        )
        for part, value in zip(self._state, after, strict=True):
            part.assign(value)
        unasked = window.weights * tf.cast(window.asked == 0, tf.float32)
        return tf.reduce_sum(nats * unasked) / tf.reduce_sum(unasked) / np.log(2)


def learning_rate(recipe: Recipe, step: int, progress: float) -> float:
    """Return the rate at a step, ``progress`` being the share of the run that is over."""
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warm_up) * max(0.0, 1.0 - progress)


def run(spec: Spec, recipe: Recipe, data: Path, folder: Path) -> None:
    """Train, and leave ``weights.weights.h5``, ``spec.json`` and ``curve.jsonl`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    train = read_split(data, "train", print, cache=folder)
    valid = read_split(data, "valid", print, cache=folder)
    print(f"{len(train)} pieces, {sum(map(len, train)):,} events to learn from", flush=True)
    network = build(spec)
    print(f"{network.count_params():,} parameters", flush=True)
    (folder / "spec.json").write_bytes(msgspec.json.encode(spec))
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe)))
    trainer = Trainer(network, recipe)
    rng = np.random.default_rng(recipe.seed)
    lanes = [Lane(endless(train, Augmentation(), each), Hints(each)) for each in rng.spawn(recipe.lanes)]
    with (folder / "curve.jsonl").open("a") as curve:
        for line in _lessons(trainer, windows(lanes, recipe.window), folder):
            print(line, flush=True)
            curve.write(json.dumps(line) + "\n")
            curve.flush()
    final = evaluate(network, valid)
    (folder / "valid.json").write_bytes(msgspec.json.encode(final))
    print(f"valid: {final.bits_per_event:.3f} bits per event", flush=True)


def _lessons(trainer: Trainer, lessons: Iterator[Window], folder: Path) -> Iterator[dict[str, float]]:
    """Train to the end of the recipe; yield a line of the curve every hundred steps."""
    recipe = trainer.recipe
    started = checkpointed = time.monotonic()
    recent: list[float] = []
    for step, window in enumerate(lessons):
        minutes = (time.monotonic() - started) / 60
        progress = max(step / recipe.steps, minutes / recipe.minutes)
        if progress >= 1.0:
            break
        recent.append(trainer.learn(window, learning_rate(recipe, step, progress)))
        if not np.isfinite(recent[-1]):
            raise SystemExit(f"the loss became {recent[-1]} at step {step}; the last checkpoint is kept")
        if (step + 1) % 100 == 0:
            events = (step + 1) * recipe.lanes * recipe.window
            yield {
                "step": step + 1,
                "minutes": round(minutes, 2),
                "bits_per_event": round(float(np.mean(recent)), 4),
                "events_per_second": round(events / (minutes * 60)),
            }
            recent.clear()
        if time.monotonic() - checkpointed > recipe.minutes_between_checkpoints * 60:
            checkpointed = time.monotonic()
            save(trainer.network, folder)
    save(trainer.network, folder)


def save(network: EventNetwork, folder: Path) -> None:
    """Write the weights so that a crash leaves the old file or the new one."""
    unfinished = folder / "unfinished.weights.h5"
    network.save_weights(unfinished)
    unfinished.replace(folder / "weights.weights.h5")


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the event network on the free corpora.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and curve")
    parser.add_argument("--minutes", type=float, default=Recipe().minutes)
    parser.add_argument("--lanes", type=int, default=Recipe().lanes)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    arguments = parser.parse_args()
    recipe = replace(Recipe(), minutes=arguments.minutes, lanes=arguments.lanes, steps=arguments.steps)
    try:
        run(Spec(), recipe, arguments.data, arguments.out)
    except CorpusError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
