"""The graph of a model file as ``antiphon_models.tunes.spec`` describes it: one character in, one out."""

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import ModelFile
from antiphon.adapters.engines.question import FORBIDDEN
from antiphon.adapters.engines.runtime import runtime, without_notices
from antiphon.adapters.engines.step_graph import State, memory_of, on_the_cpu, silent_state
from antiphon.errors import ModelError, in_one_line
from antiphon_models.spec import IMPOSSIBLE
from antiphon_models.tunes.spec import SIGNATURE, CharCard

Floats = npt.NDArray[np.float32]


class CharNetwork(Protocol):
    """Reads a character and draws the next, in one call."""

    @property
    def alphabet(self) -> str:
        """Return the characters that it knows, each at its index."""
        ...

    def start_state(self) -> State:
        """Return the state of a network that has read nothing."""
        ...

    def step(
        self, character: int, state: State, allow: Floats, noise: Floats, manner: tuple[float, float]
    ) -> tuple[State, int]:
        """Read a character and draw the next; return the state after it and what was drawn.

        ``allow`` and ``noise`` are (characters,), ``manner`` is the temperature and the least share of the
        likeliest that is drawn still.
        """
        ...


class CharGraph:
    """The signature of a model file, its tensors looked up once. Implements :class:`CharNetwork`.

    Raises:
        ModelError: the file is not a graph of this kind.
    """

    def __init__(self, model: ModelFile[CharCard]) -> None:
        self._spec = model.card.spec
        try:
            with without_notices():
                self._open(str(model.path))
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"{model.path} is not a model that this antiphon can step: {in_one_line(error)}; "
                "export it anew"
            ) from error

    def _open(self, path: str) -> None:
        # As in step_graph: tensors are looked up in one interpreter and another is run.
        runner = runtime().Interpreter(path).get_signature_runner(SIGNATURE)
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
        self._interpreter = on_the_cpu(path)
        self._interpreter.allocate_tensors()
        names = self._spec.state_names
        self._character, self._temperature, self._log_min_p, self._noise, self._allow = (
            memory_of(self._interpreter, inputs[name])
            for name in ("character", "temperature", "log_min_p", "noise", "allow")
        )
        self._before = [memory_of(self._interpreter, inputs[name]).data.cast("B") for name in names]
        self._after = [
            memory_of(self._interpreter, outputs[f"{name}_after"]).data.cast("B") for name in names
        ]
        self._next = memory_of(self._interpreter, outputs["next"])
        self._check_that_it_draws()

    @property
    def alphabet(self) -> str:
        return self._spec.alphabet

    def start_state(self) -> State:
        return silent_state(self._spec.units, len(self._before))

    def step(
        self, character: int, state: State, allow: Floats, noise: Floats, manner: tuple[float, float]
    ) -> tuple[State, int]:
        temperature, min_p = manner
        self._character[0] = character
        for memory, part in zip(self._before, state, strict=True):
            memory[:] = part
        self._temperature[0] = temperature
        self._log_min_p[0] = math.log(min_p) if min_p > 0 else IMPOSSIBLE
        self._allow[0], self._noise[0] = allow, noise
        self._interpreter.invoke()
        return tuple([memory.tobytes() for memory in self._after]), int(self._next[0])

    def _check_that_it_draws(self) -> None:
        """Take one step in which only the last character is allowed; raises ValueError for any other."""
        last = len(self.alphabet) - 1
        allow = np.full(last + 1, FORBIDDEN, np.float32)
        allow[last] = 0.0
        _, drawn = self.step(0, self.start_state(), allow, np.zeros_like(allow), (1.0, 0.0))
        if drawn != last:
            raise ValueError(f"it drew character {drawn}, which was not allowed")
