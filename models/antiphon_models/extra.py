"""What the extra ``train`` brings, for the commands that need it: there and quiet, or missed in words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from antiphon_models.errors import TrainingError


@contextmanager
def training_installed() -> Iterator[None]:
    """Import within this what is heavy.

    Raises:
        TrainingError: something of it is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        yield
    except ImportError as error:
        raise TrainingError(
            f"training is not installed ({error.name} is missing); "
            "install it with pip install 'antiphon[train]'"
        ) from error
