"""A message of Open Sound Control as a value."""

from typing import TypeAlias

from msgspec import Struct

Argument: TypeAlias = str | int | float | bool | None


class Message(Struct, frozen=True):
    """An address, such as ``/antiphon/trigger``, and what comes with it."""

    address: str
    arguments: tuple[Argument, ...] = ()
