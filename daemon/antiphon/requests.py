"""What anybody may ask of a daemon while it plays: the one schema of requests, whichever door they come by.

The settings that a request may change are those of ``antiphon.schema``. This module does not know how a
request is written down, nor who carries it out.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct


class Trigger(Struct, frozen=True, tag="trigger"):
    """Begin an answer now, whether or not the turn is over."""


class Change(Struct, frozen=True, tag="set", forbid_unknown_fields=True):
    """Follow other settings from now on; all of them, or where one is wrong, none.

    Attributes:
        settings: values by the full name of the setting, such as ``play.temperature``.
    """

    settings: Mapping[str, object]


class Reload(Struct, frozen=True, tag="reload"):
    """Read the configuration again and follow it."""


class Panic(Struct, frozen=True, tag="panic"):
    """Release everything at once and forget the question."""


Request: TypeAlias = Trigger | Change | Reload | Panic
