"""A GPU in software: the Vulkan device that Debian's chromium ships, for machines without a real one."""

import ctypes.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from missing import GPU

SOFTWARE_DRIVER = Path("/usr/lib/chromium/vk_swiftshader_icd.json")

VARIABLES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES")
"""Where the Vulkan loader reads which drivers there are; the second is the older name."""


@contextmanager
def a_gpu() -> Iterator[None]:
    """Let there be a Vulkan device: the one that these variables name, or else that in software."""
    pytest.importorskip("ai_edge_litert.compiled_model", reason="tflite-runtime has no GPU path")
    with pytest.MonkeyPatch.context() as environment:
        if not any(variable in os.environ for variable in VARIABLES):
            if not SOFTWARE_DRIVER.exists() or not ctypes.util.find_library("vulkan"):
                pytest.skip(GPU)
            for variable in VARIABLES:
                environment.setenv(variable, str(SOFTWARE_DRIVER))
        yield


def hide_every_gpu(environment: pytest.MonkeyPatch) -> None:
    """Let there be no Vulkan device for the processes that are started from now on."""
    for variable in VARIABLES:
        environment.setenv(variable, os.devnull)
