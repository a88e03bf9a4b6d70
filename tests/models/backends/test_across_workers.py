"""Several devices of one process learn what one does that has all their lanes."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

TWO_DEVICES = """
import os, sys
os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3")
sys.path[:0] = {paths!r}
import numpy as np
import tensorflow as tf
(processor,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
from antiphon_models.backends.across_workers import adder_across, learner_across
from antiphon_models.training.pupil import Pupil
from antiphon_models.training.recipe import Recipe
from antiphon_models.spec import Spec
from antiphon_models.training.train import lanes_of
from random_pieces import random_piece

recipe, spec = Recipe(lanes=4, window=8, precision={precision}), Spec(units=8, layers=1)
music = [random_piece(seed, 40, has_parts=True) for seed in range(3)]
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
one = Pupil(spec, recipe, lanes_of(music, recipe))
both = Pupil(spec, recipe, lanes_of(music, recipe), learner_across(strategy))
print([[pupil.learn(0.02) for _ in range(4)] for pupil in (one, both)])
print(adder_across(strategy)(np.array([1.0, 2.0])).tolist())
"""

LONGEST = 240.0
"""Seconds after which it hangs."""


@pytest.mark.parametrize(("precision", "tolerance"), [(32, 1e-4), (16, 2e-2)])
def test_the_devices_share_the_lanes(precision: int, tolerance: float) -> None:
    """Two halves of a processor stand for two GPUs."""
    command = [sys.executable, "-c", TWO_DEVICES.format(paths=sys.path, precision=precision)]
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    outcome = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    losses, sums = map(json.loads, outcome.stdout.strip().splitlines()[-2:])
    np.testing.assert_allclose(losses[1], losses[0], atol=tolerance)
    assert sums == [1.0, 2.0]
