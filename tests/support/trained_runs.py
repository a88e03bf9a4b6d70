"""What a training leaves behind, made where a test needs it and without training."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from antiphon_models.network import EventNetwork
    from antiphon_models.training.runs import Music


def leave_a_run(network: "EventNetwork", folder: Path, music: "Music | None" = None) -> Path:
    """Write the folder of a run, and return it."""
    from antiphon_models.training.runs import MUSIC, RECIPE, SPEC, WEIGHTS, Music
    from antiphon_models.training.weights import save_weights

    folder.mkdir()
    save_weights(network, folder / WEIGHTS)
    (folder / SPEC).write_bytes(msgspec.json.encode(network.spec))
    (folder / RECIPE).write_text(json.dumps({"seed": 3, "before": "an hour of scales"}))
    music = music or Music("of a run", ["somebody"], is_shippable=False)
    (folder / MUSIC).write_bytes(msgspec.json.encode(music))
    return folder
