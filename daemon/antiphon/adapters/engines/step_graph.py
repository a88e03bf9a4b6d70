"""The graph of a model file, as ``antiphon_models.spec`` describes it: one event in, one event out."""

import ctypes
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import NetworkFile
from antiphon.adapters.engines.question import FORBIDDEN, NOISE_WIDTH, OPEN, Floats, Manner, Question
from antiphon.adapters.engines.runtime import runtime, without_notices
from antiphon.errors import ModelError, in_one_line
from antiphon_models import vocab
from antiphon_models.spec import SIGNATURE

State: TypeAlias = tuple[bytes, ...]
"""h and c of each layer in turn, (1, units) float32 each, as they lie in memory: quickly copied."""

Bins: TypeAlias = tuple[int, int, int]
"""dt bin, velocity class, pitch, as they are drawn."""

Played: TypeAlias = tuple[int, int, int, int]
"""dt bin, velocity class, pitch, part."""

UNASKED = Question(*(None,) * len(Question.__struct_fields__))  # type: ignore[arg-type]
"""What was asked before the first question: it has nothing in common with any."""

SILENCE = np.zeros(vocab.PITCHES, np.float32)
"""What sounds where nothing does."""

EVENT = ("dt", "velocity", "pitch", "part")
"""Inputs that hold the newest event, in the order of ``Played``."""

FIELDS_DRAWN = ("next_dt", "next_velocity", "next_pitch")


class Network(Protocol):
    """Takes in one event and draws the next, in one call."""

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        ...

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn.

        ``sounding``, (128,), is what sounds after the event, as the input of that name is described.
        """
        ...

    def pitch_logits(self) -> Floats:
        """Return the logits out of which the pitch was drawn last, (128,), before any constraint."""
        ...

    def dt_logits(self) -> Floats:
        """Return the logits out of which the time was drawn last, (62,), before any constraint."""
        ...


class StepGraph:
    """The signature of a model file, its tensors looked up once. Implements :class:`Network`.

    Args:
        model: the file, checked against its card.
        build: makes an interpreter of the path of a model file; left out, it is one on the CPU.

    Attributes:
        invoke: runs the bare graph on what it was given last, for those who want to know what that takes.

    Raises:
        ModelError: the file is not a graph of the kind that ``antiphon_models.spec`` describes.
    """

    def __init__(self, model: NetworkFile, build: Callable[[str], Any] | None = None) -> None:
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
        runner = runtime().Interpreter(path).get_signature_runner(SIGNATURE)
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
        self._interpreter = build(path)
        self._interpreter.allocate_tensors()
        self.invoke: Callable[[], None] = self._interpreter.invoke
        names = self._spec.state_names
        self._dt, self._velocity, self._pitch, self._part = (self._memory_of(inputs[name]) for name in EVENT)
        self._sounding = self._memory_of(inputs["sounding"])
        self._before = [self._memory_of(inputs[name]).data.cast("B") for name in names]
        self._after = [self._memory_of(outputs[f"{name}_after"]).data.cast("B") for name in names]
        self._drawn = [self._memory_of(outputs[name]) for name in FIELDS_DRAWN]
        self._pitch_logits = self._memory_of(outputs["pitch_logits"])
        self._dt_logits = self._memory_of(outputs["dt_logits"])
        self._asked = UNASKED
        self._manner = [(name, self._memory_of(inputs[name])) for name in Manner.__struct_fields__]
        self._noise = self._memory_of(inputs["noise"])
        self._allow_dt = self._memory_of(inputs["allow_dt"])
        self._allow_class = self._memory_of(inputs["allow_class"])
        self._allow_onset = self._memory_of(inputs["allow_onset"])
        self._allow_release = self._memory_of(inputs["allow_release"])
        # One step is taken, so that what does not fit together is noticed here and not at the first note.
        check_that_it_draws(self)

    def _memory_of(self, tensor: dict[str, Any]) -> npt.NDArray[Any]:
        return memory_of(self._interpreter, tensor)

    def start_state(self) -> State:
        return silent_state(self._spec.units, len(self._before))

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        self._dt[0], self._velocity[0], self._pitch[0], self._part[0] = event
        self._sounding[...] = sounding
        for memory, part in zip(self._before, state, strict=True):
            memory[:] = part
        self._ask(question)
        self.invoke()
        dt, class_, pitch = self._drawn
        return tuple([memory.tobytes() for memory in self._after]), (dt.item(), class_.item(), pitch.item())

    def pitch_logits(self) -> Floats:
        logits: Floats = self._pitch_logits[0].copy()
        return logits

    def dt_logits(self) -> Floats:
        logits: Floats = self._dt_logits[0].copy()
        return logits

    def _ask(self, question: Question) -> None:
        """Put a question; what it shares with the one before is in place, for running leaves the inputs."""
        before, self._asked = self._asked, question
        if question.manner is not before.manner:
            for name, memory in self._manner:
                memory[...] = getattr(question.manner, name)
        self._noise[...] = question.noise
        if question.allow_dt is not before.allow_dt:
            self._allow_dt[...] = question.allow_dt
        if question.allow_class is not before.allow_class:
            self._allow_class[...] = question.allow_class
        if question.allow_onset is not before.allow_onset:
            self._allow_onset[...] = question.allow_onset
        if question.allow_release is not before.allow_release:
            self._allow_release[...] = question.allow_release


def memory_of(interpreter: Any, tensor: dict[str, Any]) -> npt.NDArray[Any]:
    """Return a tensor of an interpreter as an array, so that it is read and written in place.

    The runtime refuses to run while an array refers to an interpreter, for its memory moves when a tensor is
    resized. Nothing is resized here, so the array is made of the bare address.
    """
    borrowed = interpreter.tensor(tensor["index"])()
    address = borrowed.__array_interface__["data"][0]
    memory = (ctypes.c_byte * borrowed.nbytes).from_address(address)
    return np.frombuffer(memory, borrowed.dtype).reshape(borrowed.shape)


def on_the_cpu(path: str) -> Any:
    """Return an interpreter of a model file that runs on one core."""
    return runtime().Interpreter(path, num_threads=1)


def silent_state(units: int, tensors: int) -> State:
    """Return the state of a network that has heard nothing."""
    return (np.zeros((1, units), np.float32).tobytes(),) * tensors


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


_LAST = msgspec.structs.replace(
    OPEN,
    noise=np.full((1, NOISE_WIDTH), -1000.0, np.float32),
    allow_dt=_last_of(vocab.DT_BINS),
    allow_class=_last_of(vocab.VELOCITY_CLASSES),
    allow_onset=_last_of(vocab.PITCHES),
)


def _remedy(error: Exception) -> str:
    """Return what to do; an operation of a newer version than the runtime knows is no fault of the file."""
    if "version" in str(error):
        return "export it with --quantisation int8-per-tensor, or run it on ai-edge-litert"
    return "export it anew"
