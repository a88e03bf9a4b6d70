"""What an event of an answer costs, through the whole core, beside other ways to step a network once.

The daemon's own is the shipped model under a simulated clock, with all that belongs to an event: its
constraints, the step, three draws, the plan and the command. The floor is the bare ``invoke`` of the same
file. The others only step: the same weights in plain NumPy, the same network as a ``tf.function``, and Keras
asked for one event of the network of the source articles (embedding 512, three LSTM layers of 256 units), as
by a program that plays a network as it was trained.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import cycle, islice
from typing import TypeAlias

import msgspec
import numpy as np
from figures import Figure, Result, as_table, percentile
from numpy_network import NumpyNetwork

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import NetworkFile, find_network
from antiphon.adapters.engines.question import OPEN, Floats, Question, gumbel_noise
from antiphon.adapters.engines.step_graph import SILENCE, Played, StepGraph
from antiphon.bench.engine_cost import EVENTS_PER_ROUND, generating, priming, seconds
from antiphon.config import defaults
from antiphon.core.units import Seconds
from antiphon_models.card import COMPACT_WEIGHTS
from antiphon_models.extra import training_installed

TITLE = "time per event"
ROUNDS = 20
KERAS_EVENTS_PER_ROUND = 20

OURS, HEARD, FLOOR, KERAS, FUNCTION, NUMPY = (
    "antiphon", "antiphon_heard", "invoke", "keras_predict_on_batch", "tf_function", "numpy"
)  # fmt: skip

MOST_OF_THE_FLOOR, LEAST_BELOW_KERAS = 1.5, 15

Round: TypeAlias = Callable[[int], list[float]]
"""Steps a few events, of a seed, and returns the microseconds that each took."""


def costs() -> dict[str, list[float]]:
    """Return what each takes, in microseconds; in turns and short rounds, so that all are slowed alike."""
    model, settings = find_network("default"), defaults().config.settings
    network = StepGraph(model)
    contenders: dict[str, Round] = {
        FLOOR: lambda _: microseconds([seconds(network.invoke) for _ in range(EVENTS_PER_ROUND)]),
        OURS: lambda seed: microseconds(generating(LstmEngine(network, seed), settings)),
        HEARD: lambda seed: microseconds(priming(LstmEngine(network, seed), settings)),
        NUMPY: in_numpy(model),
    }
    if find_spec("tensorflow") is not None:
        with training_installed():  # and quiet
            contenders |= {FUNCTION: in_tensorflow(model), KERAS: in_keras()}
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(ROUNDS + 1):
        for name, steps in contenders.items():
            each = steps(round_)
            if round_:  # the first warms up
                took[name] += each
    return took


def measure() -> Result:
    """Return the figures of all of them beside the floor."""
    return result_of(costs())


def result_of(took: dict[str, list[float]]) -> Result:
    """Return the figures; what is asked of the daemon's own is at most 1.5 of the floor and 1/15 of Keras."""
    floor = percentile(took[FLOOR], 50)
    goal = MOST_OF_THE_FLOOR * floor
    if KERAS in took:
        goal = min(goal, percentile(took[KERAS], 50) / LEAST_BELOW_KERAS)
    return Result(
        TITLE,
        tuple(
            Figure(
                name,
                percentile(each, 50),
                "us",
                percentile(each, 99),
                None if name == FLOOR else floor,
                goal if name == OURS else None,
            )
            for name, each in took.items()
        ),
    )


def microseconds(durations: list[Seconds]) -> list[float]:
    return [1e6 * each for each in durations]


def in_numpy(model: NetworkFile) -> Round:
    """Return what steps the weights of the model in plain NumPy."""
    network = NumpyNetwork(model.path.with_name(COMPACT_WEIGHTS), model.card.spec.layers)

    def steps(seed: int) -> list[float]:
        state, took = network.start_state(), list[float]()
        for event, question in islice(music(seed), EVENTS_PER_ROUND):
            began = time.perf_counter()
            state, _ = network.step(event, SILENCE, state, question)
            took.append(1e6 * (time.perf_counter() - began))
        return took

    return steps


def in_tensorflow(model: NetworkFile) -> Round:
    """Return what steps the network of the model as a ``tf.function``: the graph that was exported."""
    import tensorflow as tf

    from antiphon_export.step import Step
    from antiphon_models.network import build
    from antiphon_models.training.weights import load_weights

    network = build(model.card.spec)
    load_weights(network, model.path.with_name(COMPACT_WEIGHTS))
    step = Step(network).concrete()
    names = model.card.spec.state_names

    def inputs(event: Played, question: Question) -> dict[str, object]:
        fields = dict(zip(("dt", "velocity", "pitch", "part"), event, strict=True))
        given = {name: np.array([number], np.int32) for name, number in fields.items()}
        asked = {name: getattr(question.manner, name) for name in question.manner.__struct_fields__}
        allowed = {name: getattr(question, name) for name in question.__struct_fields__ if name != "manner"}
        return {**given, **asked, **allowed, "sounding": SILENCE[None]}

    def steps(seed: int) -> list[float]:
        zeros = tf.zeros((1, model.card.spec.units))
        state, took = dict.fromkeys(names, zeros), list[float]()
        for event, question in islice(music(seed), EVENTS_PER_ROUND):
            given = {name: tf.constant(value) for name, value in inputs(event, question).items()}
            began = time.perf_counter()
            outcome = step(**given, **state)
            _ = [outcome[f"next_{field}"].numpy() for field in ("dt", "velocity", "pitch")]
            took.append(1e6 * (time.perf_counter() - began))
            state = {name: outcome[f"{name}_after"] for name in names}
        return took

    return steps


def in_keras() -> Round:
    """Return what asks Keras for one event of a network of the articles' shape."""
    from antiphon_models.baselines.article import build

    network = build(lanes=1)

    def steps(seed: int) -> list[float]:
        tokens = np.random.default_rng(seed).integers(0, 388, (KERAS_EVENTS_PER_ROUND, 1, 1), np.int32)
        return microseconds([seconds(partial(network.predict_on_batch, token)) for token in tokens])

    return steps


def music(seed: int) -> Iterator[tuple[Played, Question]]:
    """Yield onsets and how the next is to be drawn, without end."""
    noise: Floats = gumbel_noise(np.random.default_rng(seed), EVENTS_PER_ROUND)
    for number in cycle(range(EVENTS_PER_ROUND)):
        yield (10, 20, 48 + number % 24, 0), msgspec.structs.replace(OPEN, noise=noise[number])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    took = costs()
    if parser.parse_args().json:
        floor = percentile(took[FLOOR], 50)
        found = {
            name: {
                "p50": round(percentile(each, 50), 1),
                "p99": round(percentile(each, 99), 1),
                "ratio": round(percentile(each, 50) / floor, 3),
            }
            for name, each in took.items()
        }
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        sys.stdout.write(as_table(result_of(took)) + "\n")


if __name__ == "__main__":
    main()
