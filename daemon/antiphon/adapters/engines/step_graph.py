"""The graph of a model file, as ``antiphon_models.spec`` describes it: one event in, one event out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import ShippedModel
from antiphon.adapters.engines.question import FORBIDDEN, NOISE_WIDTH, OPEN, Floats, Question
from antiphon.adapters.engines.runtime import load_runtime, without_notices
from antiphon.errors import ModelError, in_one_line
from antiphon_models import vocab
from antiphon_models.spec import SIGNATURE

State: TypeAlias = tuple[Floats, ...]
"""h and c of each layer in turn, (1, units) each."""

Bins: TypeAlias = tuple[int, int, int]
"""dt bin, velocity class, pitch, as they are drawn."""

Played: TypeAlias = tuple[int, int, int, int]
"""dt bin, velocity class, pitch, part."""

SILENCE = np.zeros((1, vocab.PITCHES), np.float32)
"""What sounds where nothing does."""

FIELDS_DRAWN = ("next_dt", "next_velocity", "next_pitch")


class Network(Protocol):
    """Takes in one event and draws the next, in one call."""

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        ...

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        ...


class StepGraph:
    """The signature of a model file, its tensors looked up once.

    Args:
        model: the file, checked against its card.
        build: makes an interpreter of the path of a model file; left out, it is one on the CPU.

    Raises:
        ModelError: the file is not a graph of the kind that ``antiphon_models.spec`` describes.
    """

    def __init__(self, model: ShippedModel, build: Callable[[str], Any] | None = None) -> None:
        self._spec = model.card.spec
        try:
            with without_notices():
                self._open(str(model.path), build or on_the_cpu)
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"{model.path} is not a model that this antiphon can step: {in_one_line(error)}; "
                f"{_remedy(error)}"
            ) from error

    def _open(self, path: str, build: Callable[[str], Any]) -> None:
        # A signature runner keeps its interpreter from being invoked: the tensors are looked up in one
        # and another is run.
        runner = load_runtime()(path).get_signature_runner(SIGNATURE)
        outputs = runner.get_output_details()
        self._inputs = {name: int(each["index"]) for name, each in runner.get_input_details().items()}
        self._interpreter = build(path)
        self._interpreter.allocate_tensors()
        names = self._spec.state_names
        self._state = [(self._inputs[name], int(outputs[f"{name}_after"]["index"])) for name in names]
        self._drawn = [int(outputs[name]["index"]) for name in FIELDS_DRAWN]
        # One step is taken, so that what does not fit together is noticed here and not at the first note.
        check_that_it_draws(self)

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        return silent_state(self._spec.units, len(self._state))

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        feed(self._put, event, sounding, question)
        for (index, _), part in zip(self._state, state, strict=True):
            self._interpreter.set_tensor(index, part)
        self.invoke()
        get = self._interpreter.get_tensor
        dt, class_, pitch = (int(get(index)[0]) for index in self._drawn)
        return tuple(get(index) for _, index in self._state), (dt, class_, pitch)

    def invoke(self) -> None:
        """Run the bare graph on what it was given last, for those who want to know what that takes."""
        self._interpreter.invoke()

    def _put(self, name: str, value: npt.NDArray[Any]) -> None:
        self._interpreter.set_tensor(self._inputs[name], value)


def on_the_cpu(path: str) -> Any:
    """Return an interpreter of a model file that runs on one core."""
    return load_runtime()(path, num_threads=1)


def silent_state(units: int, tensors: int) -> State:
    """Return the state of a network that has heard nothing."""
    return tuple(np.zeros((1, units), np.float32) for _ in range(tensors))


def feed(
    put: Callable[[str, npt.NDArray[Any]], None], event: Played, sounding: Floats, question: Question
) -> None:
    """Give a graph all its inputs but the state, each under its name."""
    for name, value in zip(("dt", "velocity", "pitch", "part"), event, strict=True):
        put(name, np.array([value], np.int32))
    put("asked", np.array([question.asked], np.int32))
    put("guide", question.guide)
    put("sounding", sounding)
    put("temperature", question.temperature)
    put("log_min_p", question.log_min_p)
    put("noise", question.noise)
    put("allow_dt", question.dt)
    put("allow_class", question.class_)
    put("allow_onset", question.onsets)
    put("allow_release", question.releases)


def check_that_it_draws(network: Network) -> None:
    """Take one step in which only the last time, velocity and pitch are allowed, and not by their noise.

    Raises:
        ValueError: something else was drawn, as by an accelerator that takes what lies beyond a row's end
            for a part of it.
    """
    _, drawn = network.step((0, 0, 0, 0), SILENCE, network.start_state(), _LAST)
    if drawn != (vocab.DT_BINS - 1, vocab.VELOCITY_CLASSES - 1, vocab.PITCHES - 1):
        raise ValueError(f"it drew {drawn}, which was not allowed")


def _last_of(width: int) -> Floats:
    allowed = np.full((1, width), FORBIDDEN, np.float32)
    allowed[0, -1] = 0.0
    return allowed


_LAST = replace(
    OPEN,
    noise=np.full((1, NOISE_WIDTH), -1000.0, np.float32),
    dt=_last_of(vocab.DT_BINS),
    class_=_last_of(vocab.VELOCITY_CLASSES),
    onsets=_last_of(vocab.PITCHES),
)


def _remedy(error: Exception) -> str:
    """Return what to do; an operation of a newer version than the runtime knows is no fault of the file."""
    if "version" in str(error):
        return "export it with --quantisation int8-per-tensor, or run it on ai-edge-litert"
    return "export it anew"
