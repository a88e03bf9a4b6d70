"""The graph of the Gibbs steps, held against the machine in numpy, unit by unit."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)

from ai_edge_litert.interpreter import Interpreter

from antiphon.adapters.engines.runtime import without_notices
from antiphon_export.kinds import Quantisation
from antiphon_export.quantisation import convert_step
from antiphon_export.rbm.sweep import Sweep
from antiphon_models.rbm.machine import Machine, visible_logits
from antiphon_models.rbm.spec import LEAST_LOGIT, MOST_LOGIT, SIGNATURE, SWEEPS, RbmSpec
from antiphon_models.rbm.visible import Floats, drawn_keys, sigmoid

SPEC = RbmSpec(hidden=7, steps=5, lowest=60, keys=12)
RANDOM = np.random.default_rng(1)


def machine(grain: float = 1.0) -> Machine:
    """Return a machine of weights that int8 holds: whole multiples of a grain, up to 127 of them."""
    whole = RANDOM.integers(-127, 128, (SPEC.visible, SPEC.hidden))
    whole[0, 0] = 127
    biases = RANDOM.normal(-1.0, 1.0, SPEC.visible), RANDOM.normal(0.0, 1.0, SPEC.hidden)
    return Machine((grain / 127 * whole).astype(np.float32), *(each.astype(np.float32) for each in biases))


def given(clamped: bool) -> dict[str, Floats]:
    frames = (RANDOM.random((1, SPEC.visible)) < 0.2).astype(np.float32)
    values, clamp = np.zeros_like(frames), np.zeros_like(frames)
    if clamped:  # two steps that were heard, and a key that may not be struck
        heard = np.zeros((SPEC.steps, 2, SPEC.keys), np.float32)
        heard[0, 0, 3] = heard[1, 1, 3] = heard[1, 0, 7] = 1.0
        values = heard.reshape(1, -1)
        mask = np.zeros((SPEC.steps, 2, SPEC.keys), np.float32)
        mask[:2] = 1.0
        mask[2:, 0, 5] = 1.0
        clamp = mask.reshape(1, -1)
    return {
        "visible": frames,
        "clamp": clamp,
        "values": values,
        "bias": RANDOM.normal(0.0, 0.5, (1, SPEC.visible)).astype(np.float32),
        "beta": np.full((1, 1), 1.25, np.float32),
        "hidden_noise": RANDOM.random((SWEEPS, SPEC.hidden), np.float32),
        "visible_noise": RANDOM.random((SWEEPS, SPEC.steps * SPEC.keys), np.float32),
    }


def swept(machine: Machine, given: dict[str, Floats]) -> Floats:
    """Take the steps in numpy."""
    shape = 1, SPEC.steps, SPEC.keys
    beta, visible = given["beta"].item(), given["visible"]
    silent = 1.0 - given["values"].reshape(1, SPEC.steps, 2, SPEC.keys).sum(2)
    for hidden_noise, visible_noise in zip(given["hidden_noise"], given["visible_noise"], strict=True):
        chances = sigmoid(np.float32(beta) * (visible @ machine.weights + machine.hidden))
        hidden = (hidden_noise < chances).astype(np.float32)
        logits = np.float32(beta) * visible_logits(machine, hidden) + given["bias"]
        shares = np.exp(np.clip(logits, LEAST_LOGIT, MOST_LOGIT)) * (1.0 - given["clamp"]) + given["values"]
        frames = drawn_keys(shares.reshape(1, SPEC.steps, 2, SPEC.keys), silent, visible_noise.reshape(shape))
        visible = frames.reshape(1, -1)
    return visible


@pytest.mark.parametrize("quantisation", ["float32", "int8-per-tensor"])
def test_a_file_draws_what_the_machine_draws_from_the_same_noise(
    tmp_path: Path, quantisation: Quantisation
) -> None:
    of_file = machine()
    (path := tmp_path / "model.tflite").write_bytes(convert_step(Sweep(of_file, SPEC), quantisation))
    with without_notices():
        run = Interpreter(str(path)).get_signature_runner(SIGNATURE)
        for clamped in (False, True) * 10:
            asked = given(clamped)
            np.testing.assert_array_equal(run(**asked)["visible_after"], swept(of_file, asked))


def test_what_is_clamped_keeps_its_value_and_the_rest_is_music(tmp_path: Path) -> None:
    (path := tmp_path / "model.tflite").write_bytes(convert_step(Sweep(machine(), SPEC), "float32"))
    with without_notices():
        run = Interpreter(str(path)).get_signature_runner(SIGNATURE)
        for _ in range(20):
            asked = given(clamped=True)
            after = run(**asked)["visible_after"]
            is_clamped = asked["clamp"] > 0
            np.testing.assert_array_equal(after[is_clamped], asked["values"][is_clamped])
            struck, held = after.reshape(SPEC.steps, 2, SPEC.keys).swapaxes(0, 1)
            assert not (struck * held).any()
            assert not held[1:][(struck + held)[:-1] == 0].any()
