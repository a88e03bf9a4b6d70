"""Model files with their cards, good and bad, made where a test needs them."""

import hashlib
import json
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

from antiphon.adapters.engines.models import CARD_FILE, MODEL_FILE
from antiphon_models.shelf import SHIPPED


def copy_of_the_default(folder: Path) -> Path:
    """Copy the shipped default model and its card into a new folder; return the path of the model."""
    return copy_of("default", folder)


def copy_of(name: str, folder: Path) -> Path:
    """Copy a shipped model and its card into a new folder; return the path of the model."""
    folder.mkdir()
    for file in (MODEL_FILE, CARD_FILE):
        shutil.copy(SHIPPED / name / file, folder / file)
    return folder / MODEL_FILE


def edit_card(model: Path, **changes: Any) -> None:
    """Change fields of the card beside a model."""
    card = model.with_name(CARD_FILE)
    card.write_text(json.dumps(json.loads(card.read_text()) | changes))


def replace_file(model: Path, content: bytes) -> None:
    """Put something else in the place of a model, with a card that vouches for it."""
    model.write_bytes(content)
    edit_card(model, sha256=hashlib.sha256(content).hexdigest())


def model_of_another_kind() -> bytes:
    """Return a sound TensorFlow Lite file that passes a number through and has no signature."""
    flatbuffers = import_module("flatbuffers")
    schema = import_module("ai_edge_litert.schema_py_generated")
    number = schema.TensorT()
    number.shape, number.type, number.buffer, number.name = [1], schema.TensorType.FLOAT32, 1, "number"
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = [number], [0], [0], []
    model = schema.ModelT()
    model.version, model.subgraphs, model.operatorCodes = 3, [graph], []
    model.buffers = [schema.BufferT(), schema.BufferT()]
    builder = flatbuffers.Builder(256)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
