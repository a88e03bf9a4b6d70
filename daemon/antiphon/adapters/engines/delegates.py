"""TensorFlow Lite's delegates: accelerators with a shared library of their own, such as an Edge TPU."""

import ctypes
import os
from typing import Any

from antiphon.adapters.engines.accelerators import OR_THE_CPU
from antiphon.adapters.engines.runtime import runtime
from antiphon.errors import ConfigurationError, ModelError, in_one_line

ENTRY_POINTS = ("tflite_plugin_create_delegate", "tflite_plugin_destroy_delegate")


class Delegate:
    """A delegate out of a shared library, ready to take over parts of graphs.

    Args:
        library: its path, or a name that the system's linker finds, such as ``libedgetpu.so.1``.

    Raises:
        ConfigurationError: there is no such library, it is no delegate, or its accelerator is not there.
    """

    def __init__(self, library: str) -> None:
        self._library = os.path.expanduser(library)  # a Path would lose the ./ that keeps a name a path
        _check(self._library)
        try:
            self._loaded = runtime().load_delegate(self._library)
        except (ValueError, RuntimeError) as error:
            reason = in_one_line(error).removeprefix(f"Failed to load delegate from {self._library}").strip()
            raise ConfigurationError(
                f"the accelerator of {self._library} cannot be used: {reason or 'it gives no reason'}; "
                f"is it plugged in, and may this user open it? mend that, {OR_THE_CPU}"
            ) from error

    def build(self, path: str) -> Any:
        """Return an interpreter of a model file in which the delegate has taken over what it can.

        Raises:
            ModelError: it takes nothing of the file, or fails on it.
        """
        interpreter_class = runtime().Interpreter
        try:
            interpreter = interpreter_class(path, num_threads=1, experimental_delegates=[self._loaded])
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"{self._library} does not take {path}: {in_one_line(error)}; "
                f"export it with --quantisation int8-full, {OR_THE_CPU}"
            ) from error
        if _operations(interpreter) == _operations(interpreter_class(path, num_threads=1)):
            raise ModelError(
                f"{self._library} takes no operation of {path}; "
                f"export it with --quantisation int8-full, {OR_THE_CPU}"
            )
        return interpreter


def _check(library: str) -> None:
    """Open a library before the runtime does, which one that is no delegate leaves in disorder."""
    try:
        opened = ctypes.CDLL(library)
    except OSError as error:
        raise ConfigurationError(
            f"engine.accelerator is {library}, which is no library that can be loaded: {in_one_line(error)}; "
            'give the path of a delegate, "gpu" or "cpu"'
        ) from error
    if not all(hasattr(opened, name) for name in ENTRY_POINTS):
        raise ConfigurationError(
            f"engine.accelerator is {library}, which is a library but no TensorFlow Lite delegate; "
            'give the path of one, "gpu" or "cpu"'
        )


def _operations(interpreter: Any) -> int:
    """Count the operations of a graph; a delegate adds one for each part that it takes over.

    XNNPACK adds its own only later, when the tensors are allocated. The runtime tells this nowhere in public.
    """
    return len(interpreter._get_ops_details())
