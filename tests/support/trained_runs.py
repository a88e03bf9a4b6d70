"""What a training leaves behind, made where a test needs it and without training."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from antiphon_models.network import EventNetwork


def leave_a_run(network: "EventNetwork", folder: Path) -> Path:
    """Write the folder of a run, and return it; of its arguments only some have a place on a card."""
    folder.mkdir()
    network.save_weights(folder / "weights.weights.h5")
    (folder / "spec.json").write_bytes(msgspec.json.encode(network.spec))
    recipe = {"seed": 3, "backend": "tensorflow", "mixed": True, "stop_after": None, "on": ["one", "other"]}
    (folder / "recipe.json").write_text(json.dumps(recipe))
    return folder
