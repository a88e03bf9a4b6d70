"""A model file on the GPU: the whole graph there, or the file is refused.

LiteRT compiles the graph for WebGPU, which on Linux runs on a Vulkan driver. It computes in 32 bits, so what
is drawn is what the CPU draws but where two choices are as good as equal. The state lies on the host between
steps, as it does with the CPU, so a snapshot stays a reference: to leave it on the device saved nothing that
could be measured.
"""

import atexit
import logging
import os
import re
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.models import NetworkFile
from antiphon.adapters.engines.question import Floats, Manner, Question
from antiphon.adapters.engines.runtime import OR_THE_CPU, collected, hush_standard_error
from antiphon.adapters.engines.step_graph import (
    EVENT,
    FIELDS_DRAWN,
    Bins,
    Played,
    State,
    check_that_it_draws,
    silent_state,
)
from antiphon.errors import AntiphonError, ConfigurationError, ModelError, in_one_line
from antiphon_models import vocab
from antiphon_models.spec import SIGNATURE
from antiphon_models.typed import pip_install

logger = logging.getLogger(__name__)

ASKED = ("noise", "allow_dt", "allow_class", "allow_onset", "allow_release")
"""Inputs that every question fills anew."""


class GpuGraph:
    """The signature of a model file, compiled for the GPU. Implements ``step_graph.Network``.

    Attributes:
        device: the GPU by its own name; empty where it does not tell.

    Raises:
        ConfigurationError: this machine or its runtime has no GPU to offer.
        ModelError: the GPU does not take the file, or not all of it, or makes something else of it.
    """

    def __init__(self, model: NetworkFile) -> None:
        self._spec = model.card.spec
        self._held: dict[str, Any] = {}
        # What LiteRT made it also destroys with words on standard error.
        release = weakref.finalize(self, _release, self._held)
        written: list[bytes] = []
        try:
            with collected(written):
                self._open(str(model.path))
                check_that_it_draws(self)
        except (RuntimeError, ValueError, KeyError, TypeError) as error:
            release()
            raise _refusal(model.path, _text(written), error) from error
        finally:
            for line in _text(written).splitlines():
                logger.debug("%s", line)
        self.device = _device(_text(written))

    def _open(self, path: str) -> None:
        compiled_model, environment, options = _runtime()
        # It would look for a use of OpenCL that is not in the wheel, and say so on standard output.
        os.environ.setdefault("LITERT_DISABLE_OPENCL", "1")
        # What it says of its own end comes after everything else that a process does.
        atexit.register(hush_standard_error)
        self._held["environment"] = environment.Environment.create()
        model = compiled_model.CompiledModel.from_file(
            path,
            environment=self._held["environment"],
            options=options.Options(
                hardware_accelerators=options.HardwareAccelerator.GPU,
                gpu_options=options.GpuOptions(enforce_f32=True),
            ),
        )
        self._held["model"] = model
        if not model.is_fully_accelerated():
            raise RuntimeError("some operations would be left to the CPU")
        self._inputs = self._held["inputs"] = {
            name: model.create_input_buffer_by_name(SIGNATURE, name)
            for name in model.get_input_tensor_details(SIGNATURE)
        }
        self._outputs = self._held["outputs"] = {
            name: model.create_output_buffer_by_name(SIGNATURE, name)
            for name in model.get_output_tensor_details(SIGNATURE)
        }

    def start_state(self) -> State:
        return silent_state(self._spec.units, len(self._spec.state_names))

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        for name, number in zip(EVENT, event, strict=True):
            self._put(name, np.array([number], np.int32))
        self._put("sounding", sounding)
        for name in ASKED:
            self._put(name, getattr(question, name))
        for name in Manner.__struct_fields__:
            self._put(name, getattr(question.manner, name))
        names = self._spec.state_names
        for name, part in zip(names, state, strict=True):
            self._put(name, np.frombuffer(part, np.float32)[None])
        self._held["model"].run_by_name(SIGNATURE, self._inputs, self._outputs)
        dt, class_, pitch = (int(self._outputs[name].read(1, np.int32)[0]) for name in FIELDS_DRAWN)
        units = self._spec.units
        after = (self._outputs[f"{name}_after"].read(units, np.float32) for name in names)
        return tuple(part.tobytes() for part in after), (dt, class_, pitch)

    def pitch_logits(self) -> Floats:
        logits: Floats = self._outputs["pitch_logits"].read(vocab.PITCHES, np.float32)
        return logits

    def dt_logits(self) -> Floats:
        logits: Floats = self._outputs["dt_logits"].read(vocab.DT_BINS, np.float32)
        return logits

    def _put(self, name: str, value: npt.NDArray[Any]) -> None:
        self._inputs[name].write(value)


def _runtime() -> tuple[Any, Any, Any]:
    try:
        from ai_edge_litert import compiled_model, environment, options
    except ImportError as error:
        raise ConfigurationError(
            "the GPU needs ai-edge-litert 2.2 or later; "
            f"run `{pip_install('--upgrade', 'ai-edge-litert')}`, {OR_THE_CPU}"
        ) from error
    return compiled_model, environment, options


def _release(held: dict[str, Any]) -> None:
    """Let go of everything, in this order, though a traceback may still refer to it."""
    with collected([]):
        for name in ("inputs", "outputs"):
            held.pop(name, {}).clear()
        for name in ("model", "environment"):
            if name in held:
                held.pop(name).close()


def _refusal(path: Path, written: str, error: Exception) -> AntiphonError:
    """Return the sentence that fits what LiteRT wrote, for its exceptions say nothing."""
    if "No adapters found" in written:
        return ConfigurationError(
            "this machine has no GPU with a Vulkan driver; "
            f"install one (Debian: mesa-vulkan-drivers), {OR_THE_CPU}"
        )
    if operations := _left_out(written):
        return ModelError(
            f"the GPU does not take all of {path}: {operations}; "
            f"export it with --quantisation float32, {OR_THE_CPU}"
        )
    return ModelError(f"the GPU does not run {path}: {in_one_line(error)}; export it anew, {OR_THE_CPU}")


def _left_out(written: str) -> str:
    """Return the operations that LiteRT says it cannot run on the GPU, with its reasons."""
    told = re.search(r"not supported by GPU delegate:\n(.*?)\n(?:\d+|No) operations", written, re.DOTALL)
    return ", ".join(line.rstrip(": .") for line in told[1].splitlines()) if told else ""


def _device(written: str) -> str:
    told = re.search(r"Selected adapter: (.*?), arch=.*?adapterType=(.*)", written)
    return f"{told[1]} ({told[2].strip()})" if told else ""


def _text(written: list[bytes]) -> str:
    return b"".join(written).decode(errors="replace")
