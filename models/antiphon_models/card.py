"""What travels beside every model file, whatever kind of model it is.

Each family of models adds its own: a subclass whose tag is the engine that plays it, with its shape and what
it came to on music that it never saw. The daemon reads a card before it opens the file.
"""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Width: TypeAlias = Annotated[int, Meta(ge=1, le=65_536)]
"""Units of a layer, or of whatever a network has that many of; more is a card that somebody has garbled."""

Layers: TypeAlias = Annotated[int, Meta(ge=1, le=64)]

COMPACT_WEIGHTS = "weights.npz"
"""Beside a model file: its weights, from which a training can go on."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="engine"):
    """What stands in ``card.json`` beside a ``model.tflite``.

    Attributes:
        name: what `antiphon models` calls it.
        description: one sentence for the player.
        sha256: of the model file.
        parameters: number of trained weights.
        quantisation: how the weights are stored.
        licence: of the model file.
        trained_on: the data, with the credits that its licences ask for.
        arguments: how it was trained.
        tools: name and version of what made it.
        weights_sha256: of the ``weights.npz`` beside it, from which a training can go on; empty without one.
        measured_on: the music that it was measured on, where it is other than that held out in its training.
    """

    name: str
    description: str
    sha256: str
    parameters: int
    quantisation: str
    licence: str
    trained_on: list[str]
    arguments: dict[str, float | int | str]
    tools: dict[str, str]
    weights_sha256: str = ""
    measured_on: str = ""

    @property
    def engine(self) -> str:
        """The kind of engine that plays it."""
        return str(self.__struct_config__.tag)

    @property
    def fits(self) -> bool:
        """Whether this code knows music in the same terms as the model does."""
        raise NotImplementedError

    @property
    def figure(self) -> str:
        """How well it knows music that it never saw, with its unit."""
        raise NotImplementedError
