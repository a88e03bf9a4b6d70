"""Files that models are kept in.

The first byte says which: a graph beside the card of another file, which must never come as far as the
runtime; a table, as it is or as its arrays, beside a card that vouches for it; or what a player has taught.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from functools import cache

import numpy as np

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.adapters.engines.markov.opening import table_of
from antiphon.adapters.engines.models import ModelFile, read_model, read_network
from antiphon.errors import ModelError
from antiphon_models.markov.card import TableCard
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Counts
from antiphon_models.shelf import CARD_FILE, MODEL_FILE, SHIPPED, TABLE_FILE
from target import Target, is_told, written

GRAPH, TABLE, ARRAYS, LEARNT = range(4)

BETWEEN_ARRAYS = b"<|>"


def examine(data: bytes) -> None:
    if data:
        _EXAMINED[data[0] % 4](data[1:])


def _examine_graph(content: bytes) -> None:
    path = written(MODEL_FILE, content)
    path.with_name(CARD_FILE).write_bytes(_card("default"))
    try:
        read_network(path)
    except ModelError as error:
        is_told(error)
    else:
        raise AssertionError("a file was taken for another one")


def _examine_table(content: bytes) -> None:
    path = written(TABLE_FILE, content)
    vouching = json.loads(_card("markov")) | {"sha256": hashlib.sha256(content).hexdigest()}
    path.with_name(CARD_FILE).write_text(json.dumps(vouching))
    try:
        table_of(read_model(path, TableCard))
    except ModelError as error:
        is_told(error)


def _examine_arrays(content: bytes) -> None:
    """Examine arrays put together to a table whose checksums are right."""
    table = io.BytesIO()
    with zipfile.ZipFile(table, "w") as file:
        for name, array in zip(("form", *Counts.__slots__), content.split(BETWEEN_ARRAYS), strict=False):
            file.writestr(f"{name}.npy", array)
    _examine_table(table.getvalue())


def _examine_learnt(content: bytes) -> None:
    learnt = learnt_file.read(written("learnt.markov", content))
    assert learnt.trouble.isprintable()
    Learner.of(_style(), 100, learnt.phrases)


_EXAMINED = (_examine_graph, _examine_table, _examine_arrays, _examine_learnt)
"""By the first byte."""


@cache
def _style() -> Style:
    path = SHIPPED / "markov" / TABLE_FILE
    return Style(table_of(ModelFile(path, read_model(path, TableCard).card)), 0.0)


@cache
def _card(name: str) -> bytes:
    return (SHIPPED / name / CARD_FILE).read_bytes()


def seeds() -> Iterator[bytes]:
    yield bytes((GRAPH,)) + (SHIPPED / "default" / MODEL_FILE).read_bytes()[:256]
    phrase = b"".join(learnt_file.record(begins, (10, 20, 60, 12, 0, 60)) for begins in (True, False))
    yield bytes((LEARNT,)) + learnt_file.HEADER + phrase
    yield bytes((TABLE,)) + (SHIPPED / "markov" / TABLE_FILE).read_bytes()[:1000]
    yield bytes((ARRAYS,)) + BETWEEN_ARRAYS.join(map(_npy, _arrays()))


def _arrays() -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Yield the form and the counts of a table with two contexts."""
    yield np.array(1)
    yield np.array([0, 8], np.uint8)
    yield np.array([0, 1], np.int64)
    yield np.array([1, 2], np.uint8)
    yield np.array([3, 4, 5], np.uint8)
    yield np.array([8, 0, 16], np.uint8)
    yield np.full(128, 1 / 128, np.float32)
    yield np.zeros((1, 2), np.float32)


def _npy(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


TARGET = Target(examine, seeds, longest=2048)
