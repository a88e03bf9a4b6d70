"""Which kinds of engine there are: the one place where one is added that ships.

Those of other packages are guests, and play behind the same protocol.
What an engine needs is imported when one is made: numpy and the runtime are half of the time that a start
takes, and whoever only asks for ports does not pay for them.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from antiphon import guests
from antiphon.adapters.engines.models import engine_of, find_model, find_network
from antiphon.core.engine import PromptEngine
from antiphon.core.performance import Note
from antiphon.errors import ModelError
from antiphon.settings import Config
from antiphon_models.markov.card import TableCard
from antiphon_models.rbm.spec import RbmCard


@dataclass(frozen=True, slots=True)
class Form:
    """What a tune is to be like that is written as text; empty leaves it open.

    Attributes:
        key: such as ``D major`` or ``F# minor``.
        meter: such as ``6/8``.
    """

    key: str = ""
    meter: str = ""


@dataclass(frozen=True, slots=True)
class Tune:
    """A tune as text, in the notation ABC, and the notes that it amounts to, from second 0 on."""

    text: str
    notes: Sequence[Note]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes engines that have heard nothing yet.

    Attributes:
        name: what people call what it makes, such as the name of a model.
        make: returns an engine; its argument is the seed of everything that is drawn.
        write: returns a tune of a form, likewise by a seed; None where the engine writes no text.
    """

    name: str
    make: Callable[[int], PromptEngine]
    write: Callable[[int, Form], Tune] | None = None


def maker_of(config: Config) -> Maker:
    """Return what makes the engine that the configuration names.

    Raises:
        ConfigurationError: this machine has not the accelerator that it asks for.
        ModelError: its model is missing, damaged, or not for this daemon or accelerator; or it is of another
            package, and cannot be used.
    """
    return KINDS.get(config.engine.kind, guest)(config)


def model_of(config: Config) -> str:
    """Return the name or path of the model that plays: the one named, or the engine's own.

    One that is named for another engine waits until that plays again: engines are changed while they play.
    An engine of another package has no model that is known here; this is that package, with its version.

    Raises:
        ModelError: there is no such model, or its card is missing or damaged.
    """
    kind, named = config.engine.kind, config.model.file or config.model.name
    if is_guest(config):
        return guests.package_of(kind)
    return named if named and engine_of(named) == kind else OWN_MODELS[kind]


def is_guest(config: Config) -> bool:
    """Whether the engine that the configuration names is of another package."""
    return config.engine.kind not in KINDS


def lstm(config: Config) -> Maker:
    """Return what makes engines of a trained network."""
    # To start a thread on each core for its linear algebra takes numpy as long as all the rest of it does,
    # and nothing here is computed by that.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from antiphon.adapters.engines.accelerators import open_network
    from antiphon.adapters.engines.lstm import LstmEngine

    model = find_network(model_of(config))
    network = open_network(model, config.engine.accelerator)
    return Maker(model.card.name, lambda seed: LstmEngine(network, seed))


def markov(config: Config) -> Maker:
    """Return what makes engines that learn from the player, on top of a table."""
    from antiphon.adapters.engines.markov.opening import markov_engines

    model = find_model(model_of(config), TableCard)
    return Maker(model.card.name, markov_engines(model, config.markov))


def blend(config: Config) -> Maker:
    """Return what makes engines of a trained network and of what learns from the player, both at once."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from antiphon.adapters.engines.accelerators import open_network
    from antiphon.adapters.engines.blend import BlendedEngine
    from antiphon.adapters.engines.markov.opening import markov_engines

    model = find_network(model_of(config))
    network = open_network(model, config.engine.accelerator)
    table = find_model(OWN_MODELS["markov"], TableCard)
    learns = markov_engines(table, config.markov)
    return Maker(
        f"{model.card.name} with {table.card.name}", lambda seed: BlendedEngine(network, learns(seed), seed)
    )


def rbm(config: Config) -> Maker:
    """Return what makes engines of a restricted Boltzmann machine, which computes on the CPU."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from antiphon.adapters.engines.rbm.engine import RbmEngine
    from antiphon.adapters.engines.rbm.gibbs import GibbsGraph

    model = find_model(model_of(config), RbmCard)
    machine = GibbsGraph(model)
    return Maker(model.card.name, lambda seed: RbmEngine(machine, seed))


def char_lstm(config: Config) -> Maker:
    """Return what makes engines that write tunes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from antiphon.adapters.engines.tunes.char_graph import CharGraph
    from antiphon.adapters.engines.tunes.composing import writer
    from antiphon.adapters.engines.tunes.engine import CharLstmEngine
    from antiphon.adapters.engines.tunes.scribe import Manner
    from antiphon_models.tunes.spec import CharCard

    model = find_model(model_of(config), CharCard)
    if not model.card.spec.writes_tunes:
        raise ModelError(f"{model.path} writes text that is no music; train one on tunes in .abc files")
    network = CharGraph(model)
    manner = Manner(config.play.temperature, config.play.min_p)
    return Maker(model.card.name, lambda seed: CharLstmEngine(network, seed), writer(network, manner))


def guest(config: Config) -> Maker:
    """Return what makes engines of another package."""
    from antiphon.adapters.engines.guest import guest_engines

    return Maker(config.engine.kind, guest_engines(config.engine.kind))


KINDS: Mapping[str, Callable[[Config], Maker]] = {
    "lstm": lstm,
    "markov": markov,
    "blend": blend,
    "rbm": rbm,
    "char-lstm": char_lstm,
}

OWN_MODELS: Mapping[str, str] = {
    "lstm": "default",
    "markov": "markov",
    "blend": "default",
    "rbm": "rbm",
    "char-lstm": "char-lstm",
}
"""The shipped model that each kind plays where none is named."""
