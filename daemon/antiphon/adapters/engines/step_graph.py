"""The graph of a model file, as ``antiphon_models.spec`` describes it: one event in, one event out."""

from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import ShippedModel
from antiphon.adapters.engines.question import OPEN, Floats, Question
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

    Raises:
        ModelError: the file is not a graph of the kind that ``antiphon_models.spec`` describes.
    """

    def __init__(self, model: ShippedModel) -> None:
        self._spec = model.card.spec
        try:
            with without_notices():
                self._open(str(model.path), load_runtime())
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"{model.path} is not a model that this antiphon can step: {in_one_line(error)}; "
                "export it anew"
            ) from error

    def _open(self, path: str, interpreter_class: Any) -> None:
        # A signature runner keeps its interpreter from being invoked: the tensors are looked up in one
        # and another is run.
        runner = interpreter_class(path).get_signature_runner(SIGNATURE)
        outputs = runner.get_output_details()
        self._inputs = {name: int(each["index"]) for name, each in runner.get_input_details().items()}
        self._interpreter = interpreter_class(path, num_threads=1)
        self._interpreter.allocate_tensors()
        names = self._spec.state_names
        self._state = [(self._inputs[name], int(outputs[f"{name}_after"]["index"])) for name in names]
        self._drawn = [int(outputs[f"next_{field}"]["index"]) for field in ("dt", "velocity", "pitch")]
        # One step is taken, so that what does not fit together is noticed here and not at the first note.
        self.step((0, 0, 0, 0), np.zeros((1, vocab.PITCHES), np.float32), self.start_state(), OPEN)

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        return tuple(np.zeros((1, self._spec.units), np.float32) for _ in self._state)

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        put = self._put
        for name, value in zip(("dt", "velocity", "pitch", "part"), event, strict=True):
            put(name, np.array([value], np.int32))
        put("asked", np.array([question.asked], np.int32))
        put("guide", question.guide)
        put("sounding", sounding)
        for (index, _), part in zip(self._state, state, strict=True):
            self._interpreter.set_tensor(index, part)
        put("temperature", question.temperature)
        put("log_min_p", question.log_min_p)
        put("noise", question.noise)
        put("allow_dt", question.dt)
        put("allow_class", question.class_)
        put("allow_onset", question.onsets)
        put("allow_release", question.releases)
        self._interpreter.invoke()
        get = self._interpreter.get_tensor
        dt, class_, pitch = (int(get(index)[0]) for index in self._drawn)
        return tuple(get(index) for _, index in self._state), (dt, class_, pitch)

    def _put(self, name: str, value: npt.NDArray[Any]) -> None:
        self._interpreter.set_tensor(self._inputs[name], value)
