"""What a run is judged by, and the figures of each part of it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from account import Account, Look, merged
from antiphon.adapters.histogram import Histogram
from antiphon.core.commands import PlayNote
from antiphon.core.units import Seconds

LONG: Seconds = 1800.0
"""From here on a run is long enough to be held to how late it became, and how large."""

WARM_UP = 0.1
"""Share of a run after which memory is not to grow any more."""

MOST_GROWTH = 1.0
"""Megabytes."""

MOST_LATER = 1.1
"""The p99 of the last quarter, beside that of the first."""

LOOKS_TOGETHER = 6
"""Looks that are averaged, a minute of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a run is judged by.

    Attributes:
        is_met: None where the run is too short to tell.
    """

    name: str
    value: str
    goal: str
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a run.

    Attributes:
        bare: how late a process was that only waits.
        sent: how late answers were given to the MIDI system.
        arrived: how late their messages had come to the listener, upwards.
        looks: at the daemon.
    """

    began: Seconds
    ended: Seconds
    bare: Histogram
    sent: Histogram
    arrived: Sequence[Seconds]
    looks: Sequence[Look]

    def arrived_within(self, percent: float) -> Seconds:
        """Return what so many percent do not exceed; 0.0 where nothing came."""
        if not self.arrived:
            return 0.0
        return self.arrived[max(math.ceil(len(self.arrived) * percent / 100), 1) - 1]

    def mean(self, memory: str) -> float:
        """Return the megabytes that it had of a kind of memory."""
        return fmean(getattr(look, memory) for look in self.looks)

    @property
    def core_share(self) -> float:
        """How much of a core it took."""
        first, last = self.looks[0], self.looks[-1]
        return (last.cpu - first.cpu) / max(last.at - first.at, 1e-9)


def quarters(account: Account) -> list[Stretch]:
    """Return the four quarters of a run."""
    return stretches(account, 4)


def minutes_of(account: Account) -> list[Stretch]:
    """Return every minute of a run in which it answered."""
    return stretches(account, len(account.minutes))


def stretches(account: Account, number: int) -> list[Stretch]:
    """Return a run in so many parts of whole minutes; where there are too few of these, in fewer."""
    minutes = [minute for minute in account.minutes if minute.delays["sent"]]
    number = min(number, len(minutes))
    edges = [round(len(minutes) * part / number) for part in range(number + 1)]
    arrivals = [each for each in account.arrivals if each.is_of_an_answer]
    found = []
    for first, last in pairwise(edges):
        began, ended = minutes[first].began, minutes[last - 1].ended
        arrived = sorted(each.late for each in arrivals if began <= each.due < ended)
        looks = [look for look in account.looks if began <= look.at < ended]
        sent = merged(minute.delays["sent"] for minute in minutes[first:last])
        bare = merged(minute["late"] for minute in account.bare if began <= minute["ended"] < ended)
        found.append(Stretch(began, ended, bare, sent, arrived, looks))
    return found


def found(account: Account) -> Iterator[Finding]:
    """Yield everything that a run is judged by."""
    yield from nothing_lost(account)
    yield from files_whole(account)
    yield from as_punctual_as_before(account)
    yield from no_larger_than_before(account)


def nothing_lost(account: Account) -> Iterator[Finding]:
    came, went = account.input, account.output
    yield none_of("messages played that the daemon did not take in", came.lost, len(account.played))
    yield none_of("messages sent that the listener did not hear", went.lost, len(account.sent))
    yield none_of("messages heard that nobody had sent", came.strange + went.strange, len(account.heard))
    left_out = sum(minute.left_out for minute in account.minutes)
    yield none_of("notes left out, because they would have come too late", left_out, answered(account))
    yield none_of("notes that sound at the listener in the end", len(account.stuck), answered(account))


def none_of(what: str, number: int, total: int) -> Finding:
    return Finding(what, f"{number} of {total}", "none", number == 0)


def answered(account: Account) -> int:
    """Return how many notes were answered."""
    return sum(isinstance(command, PlayNote) and command.part == "it" for command in account.sent)


def files_whole(account: Account) -> Iterator[Finding]:
    onsets = sum(message.is_onset for message in account.played) + answered(account)
    kept = account.recorded_onsets()
    yield Finding(
        "notes in the recordings, as mido reads them", str(kept), f"{onsets}, as played", kept == onsets
    )
    for each in account.examined:
        yield Finding(
            f"exit code of `antiphon {each.command} {each.file}`", str(each.exit), "0", each.exit == 0
        )
    whole = sum(log.is_whole for log in account.logs)
    yield Finding(
        "session logs that are whole", str(whole), str(len(account.logs)), whole == len(account.logs)
    )


def as_punctual_as_before(account: Account) -> Iterator[Finding]:
    parts = quarters(account)
    first, last = parts[0], parts[-1]
    yield later("given to JACK", first.sent.percentile(99), last.sent.percentile(99), account)
    yield later("at the listener", first.arrived_within(99), last.arrived_within(99), account)


def later(where: str, before: Seconds, after: Seconds, account: Account) -> Finding:
    ratio = after / before if before else math.inf
    name = f"how late answers are {where}: p99 of the last quarter beside the first"
    return Finding(
        name,
        f"{ratio:.3f}",
        f"at most {MOST_LATER}",
        ratio <= MOST_LATER if account.seconds >= LONG else None,
    )


def no_larger_than_before(account: Account) -> Iterator[Finding]:
    looks = (
        account.looks[: -LOOKS_TOGETHER // 2] if len(account.looks) > 2 * LOOKS_TOGETHER else account.looks
    )
    warm = looks[int(len(looks) * WARM_UP) :]
    grown = fmean(look.own for look in warm[-LOOKS_TOGETHER:]) - fmean(
        look.own for look in warm[:LOOKS_TOGETHER]
    )
    yield Finding(
        "own memory, how much it grew after the first tenth",
        f"{grown:.2f} MB",
        f"below {MOST_GROWTH:g} MB",
        grown < MOST_GROWTH if account.seconds >= LONG else None,
    )
    for what in ("threads", "files"):
        kinds = {getattr(look, what) for look in warm}
        yield Finding(f"how the number of {what} changed", str(max(kinds) - min(kinds)), "0", len(kinds) == 1)
