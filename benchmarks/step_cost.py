"""What a step costs in each kind of exported file: an event taken in and the next one drawn.

A network of the shipped shape with fresh weights, for the numbers do not matter. The baseline is Keras asked
about one event, as by a program that plays a network as it was trained.
"""

import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from figures import Figure, Result, main_of, percentile

# Random music is that of the tests, which are no package that could be imported.
sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

if TYPE_CHECKING:
    from antiphon_models.network import EventNetwork

TITLE = "time per step"
ROUNDS = 5
STEPS = 200
KERAS_STEPS = 20


def measure() -> Result:
    """Take turns in short rounds, so that whatever else runs slows all alike."""
    if find_spec("tensorflow") is None or find_spec("symusic") is None:
        return Result(TITLE, skipped="training is not installed: pip install 'antiphon[train]'")
    from antiphon_export.step_time import step_times
    from antiphon_models.network import build
    from antiphon_models.spec import Spec

    network = build(Spec())
    with tempfile.TemporaryDirectory() as folder:
        files = exported(network, Path(folder))
        took: dict[str, list[float]] = {name: [] for name in ("keras", *files)}
        for _ in range(ROUNDS):
            took["keras"] += keras_times(network)
            for name, path in files.items():
                took[name] += step_times(path, STEPS)
    baseline = percentile(took["keras"], 50)
    return Result(
        TITLE,
        tuple(
            Figure(
                name, percentile(each, 50), "us", percentile(each, 99), baseline if name != "keras" else None
            )
            for name, each in took.items()
        ),
    )


def exported(network: "EventNetwork", folder: Path) -> dict[str, Path]:
    """Return a file of each kind."""
    from antiphon.adapters.engines.models import MODEL_FILE
    from antiphon_export.export import Music, export
    from antiphon_export.kinds import QUANTISATIONS
    from antiphon_export.trained_run import TrainedRun
    from random_pieces import random_piece

    music = Music([random_piece(seed, 200) for seed in range(4)], [random_piece(9, 20)], [], "")
    for quantisation in QUANTISATIONS:
        export(TrainedRun(network, {}), music, folder / quantisation, quantisation, quantisation, "")
    return {quantisation: folder / quantisation / MODEL_FILE for quantisation in QUANTISATIONS}


def keras_times(network: "EventNetwork") -> list[float]:
    """Return the microseconds that Keras takes for the features of one event; it draws nothing yet."""
    from antiphon_models.lessons.augmentation import once
    from antiphon_models.lessons.windows import Lane, next_window
    from random_pieces import random_piece

    window = next_window([Lane(once([random_piece(1, 2)]))], 1)
    state = network.start_state(1)
    took: list[float] = []
    for _ in range(KERAS_STEPS):
        began = time.perf_counter()
        network.predict_on_batch((window, state))
        took.append(1e6 * (time.perf_counter() - began))
    return took


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
