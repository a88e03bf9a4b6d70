"""Opens Markov engines: the table, what was learnt before, and where what is learnt now is kept."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from weakref import WeakValueDictionary

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.engine import Line, MarkovEngine
from antiphon.adapters.engines.markov.keeper import Keeper
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.adapters.engines.models import ModelFile
from antiphon.adapters.files.place import own_folder
from antiphon.core.units import PITCH_CLASSES
from antiphon.errors import ModelError, reason_of
from antiphon.settings import Markov
from antiphon_models.markov.card import TableCard
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table, TableError

_in_use: "WeakValueDictionary[tuple[Path, str], Table]" = WeakValueDictionary()
"""Tables by their file and what is in it. Nothing that is heard changes a table."""


def markov_engines(model: ModelFile[TableCard], settings: Markov) -> Callable[[int], MarkovEngine]:
    """Return what makes Markov engines by their seeds; each has learnt what is kept, and goes its own way.

    Raises:
        ModelError: the table is damaged.
    """
    table = table_of(model)
    path = place_of(settings)
    learnt = learnt_file.read(path) if settings.learn else learnt_file.Learnt()
    taught = Learner.of(Style(table, settings.decay), settings.keep_last, learnt.phrases)

    @contextmanager
    def keep(learner: Learner) -> Iterator[None]:
        with closing(Keeper(path, learner, settings.keep_last)):
            yield

    def keeping(learner: Learner) -> AbstractContextManager[object]:
        return keep(learner) if settings.learn else nullcontext()

    line = line_of(settings)
    return lambda seed: MarkovEngine(taught.copy(), seed, line, keeping)


def table_of(model: ModelFile[TableCard]) -> Table:
    """Return the table of a model file: the same one as long as somebody plays it, for it takes 20 MB.

    Raises:
        ModelError: it cannot be read.
    """
    known = model.path, model.card.sha256
    table = _in_use.get(known)
    if table is None:
        _in_use[known] = table = _read(model)
    return table


def _read(model: ModelFile[TableCard]) -> Table:
    try:
        return Table.read(model.path)
    except OSError as error:
        raise ModelError(f"the model {model.path} cannot be read: {reason_of(error)}") from error
    except TableError as error:
        raise ModelError(
            f"{model.path} is no table that this antiphon can play: {error}; learn it anew"
        ) from error


def place_of(settings: Markov) -> Path:
    """Return the file in which it is kept what is learnt."""
    return own_folder(os.environ) / Path(settings.file or learnt_file.NAME).expanduser()


def line_of(settings: Markov) -> Line:
    """Return what an answer is to hold at certain places, as the settings say."""
    return Line(
        settings.start == "tonic", settings.end == "tonic", frozenset(map(_class_of, settings.avoid.split()))
    )


def _class_of(name: str) -> int:
    return (PITCH_CLASSES.index(name[0].upper()) + name.count("#") - name[1:].count("b")) % 12
