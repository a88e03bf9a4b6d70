"""Engines that other packages bring, by the entry point group ``antiphon.engines``.

They are looked up when somebody names an engine that is not one of ours, or asks for all. This module knows
what they are called and whose they are; what they do is found out when one is to play.
"""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "antiphon.engines"


@functools.cache
def guests() -> "Mapping[str, EntryPoint]":
    """Return the engines of other packages by their names, in the order of these."""
    # It takes longer to import than most commands take for all they do.
    from importlib.metadata import entry_points

    return {each.name: each for each in sorted(entry_points(group=GROUP), key=lambda each: each.name)}


def names() -> tuple[str, ...]:
    """Return what the engines of other packages are called."""
    return tuple(guests())


def package_of(name: str) -> str:
    """Return the package that brings an engine, with its version."""
    entry = guests()[name]
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
