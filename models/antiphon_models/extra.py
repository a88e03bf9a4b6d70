"""What the extra ``train`` brings, for the commands that need it: there and quiet, or missed in words."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from antiphon_models.errors import OptionsError, TrainingError
from antiphon_models.typed import pip_install

BACKEND = "KERAS_BACKEND"
"""The variable by which Keras is told what to run on."""

BACKENDS = ("tensorflow", "jax")

CHATTING = ("tensorflow", "absl")
"""Loggers that tell of things which concern nobody who trains or exports."""


@contextmanager
def training_installed() -> Iterator[None]:
    """Import within this what is heavy.

    Raises:
        TrainingError: something of it is not installed.
    """
    # TensorFlow reads it once, when it is imported; one that is empty says as little as none.
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = os.environ.get("TF_CPP_MIN_LOG_LEVEL") or "2"
    try:
        yield
    except ImportError as error:
        raise TrainingError(
            f"training is not installed ({error.name} is missing); run `{pip_install('antiphon[train]')}`"
        ) from error
    # Only those that are there: one that is made before its library would not be the library's own.
    for name in CHATTING:
        if name in logging.root.manager.loggerDict:
            logging.getLogger(name).setLevel(logging.ERROR)


def choose_tensorflow() -> None:
    """Let Keras, which is not imported yet, run on TensorFlow, which alone makes model files.

    Raises:
        OptionsError: the environment names another back end.
    """
    if os.environ.setdefault(BACKEND, BACKENDS[0]) != BACKENDS[0]:
        raise OptionsError(f"model files are made by TensorFlow; run it again with {BACKEND}={BACKENDS[0]}")


def choose_backend(backend: str | None) -> None:
    """Let Keras, which is not imported yet, run on a back end; None leaves it as the environment has it.

    Raises:
        TrainingError: it is one that this package does not know, or it is not installed.
    """
    chosen = os.environ[BACKEND] = backend or os.environ.get(BACKEND, BACKENDS[0])
    if chosen not in BACKENDS:
        raise OptionsError(f"{BACKEND} is {chosen}; set it to {' or '.join(BACKENDS)}")
    # The extra brings TensorFlow, and what is missing of that is told where it is imported.
    if chosen != BACKENDS[0] and find_spec(chosen) is None:
        raise TrainingError(f"{chosen} is not installed; run `{pip_install(chosen)}`")
