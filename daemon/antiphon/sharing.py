"""What the partners of one daemon cannot share: a channel of an instrument, its clock, a serial line.

It knows the settings and no MIDI. Which port a pattern means, only those can tell who open it; here two
partners are told apart whose settings are the very same.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import TypeAlias

from antiphon.mistakes import Given, full_name, shown

VIRTUAL = "virtual"
"""A port of its own for each, which others connect to."""

SERIAL = "serial:"
"""What the name of a serial line begins with."""

CONCERNED = frozenset({"midi.api", "midi.in", "midi.out", "midi.out_channel", "tempo.send"})

Effective: TypeAlias = Mapping[str, Given]
"""What holds for a partner, by the dotted names of settings."""


def mistakes_in(partners: Mapping[str, Effective], mistaken: AbstractSet[str]) -> Iterator[str]:
    """Yield a sentence for each thing that two partners would share and cannot.

    Args:
        partners: what holds for each, by its name, the main one's being empty.
        mistaken: settings that somebody got wrong, of which nothing more is to be said.
    """
    if not CONCERNED & mistaken:
        for (first, before), (second, after) in combinations(partners.items(), 2):
            yield from _of_two(first, before, second, after)


def _of_two(first: str, before: Effective, second: str, after: Effective) -> Iterator[str]:
    if _is_same("midi.in", before, after) and _is_serial(after["midi.in"]):
        yield f"{_both('midi.in', first, after, second)}; only one partner can hear a serial line"
    if not _is_same("midi.out", before, after) or after["midi.out"].value == VIRTUAL:
        return
    if "none" in (before["midi.api"].value, after["midi.api"].value):
        return
    if _is_serial(after["midi.out"]):
        yield f"{_both('midi.out', first, after, second)}; only one partner can play on a serial line"
    elif _is_same("midi.out_channel", before, after):
        channel, out = full_name(second, "midi.out_channel"), full_name(second, "midi.out")
        yield (
            f"{_both('midi.out_channel', first, after, second)}, and so is midi.out, "
            f"{_said(after['midi.out'])}; set {channel} to another channel, or {out} to another instrument"
        )
    if "off" not in (before["tempo.send"].value, after["tempo.send"].value):
        send = full_name(second, "tempo.send")
        yield f'{_both("tempo.send", first, after, second)}, on the same midi.out; set {send} = "off"'


def _both(name: str, first: str, after: Effective, second: str) -> str:
    of = f"partner {first}" if first else "the main partner"
    return f"{full_name(second, name)} is {_said(after[name])}, as for {of}"


def _said(given: Given) -> str:
    return f"{shown(given.value)} ({given.origin})"


def _is_same(name: str, before: Effective, after: Effective) -> bool:
    return before[name].value == after[name].value


def _is_serial(given: Given) -> bool:
    return str(given.value).startswith(SERIAL)
