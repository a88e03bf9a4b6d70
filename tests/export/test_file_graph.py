"""What is in a model file: which operations are integers, and which are left as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.file_graph import FileGraph
from antiphon_export.kinds import Quantisation

FileOf = Callable[[Quantisation], Path]


def kinds_in(path: Path, integers: bool) -> set[str]:
    return {kind for kind, is_integer in FileGraph(path.read_bytes()).kinds() if is_integer == integers}


def lookups(path: Path, integers: bool) -> int:
    return FileGraph(path.read_bytes()).kinds().count(("GATHER", integers))


def test_a_float_file_holds_no_integers(float_file: Path) -> None:
    assert kinds_in(float_file, integers=True) == set()


def test_products_embeddings_sums_and_gates_of_a_full_file_are_integers(file_of: FileOf) -> None:
    full = file_of("int8-full")
    assert {"FULLY_CONNECTED", "GATHER", "ADD", "SPLIT", "LOGISTIC"} <= kinds_in(full, integers=True)
    assert not {"FULLY_CONNECTED", "SPLIT", "LOGISTIC"} & kinds_in(full, integers=False)
    assert lookups(full, integers=True) == 7
    assert lookups(full, integers=False) == 1, "more than whether a release was drawn"


def test_drawing_of_a_full_file_is_not_integers(file_of: FileOf) -> None:
    drawing = {"ARG_MAX", "CEIL", "REDUCE_MAX", "SLICE", "SQUARED_DIFFERENCE", "SUB"}
    assert not drawing & kinds_in(file_of("int8-full"), integers=True)
    assert drawing <= kinds_in(file_of("int8-full"), integers=False)


def test_what_remembers_is_five_operations_in_each_layer(float_file: Path) -> None:
    """f * c and i * g, their sum, its tanh, and what of that is heard, in each of two layers."""
    remembering = FileGraph(float_file.read_bytes()).that_remember()
    assert len(set(remembering)) == len(remembering) == 2 * 5


def test_what_draws_is_none_of_what_remembers(float_file: Path) -> None:
    graph = FileGraph(float_file.read_bytes())
    assert graph.that_draw()
    assert not set(graph.that_draw()) & set(graph.that_remember())
