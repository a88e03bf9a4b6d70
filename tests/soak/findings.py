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
from watched_daemon import Minute

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
    """Return the four quarters of a run; where there are fewer minutes, as many."""
    return [stretch_of(account, minutes) for minutes in minutes_by_quarter(account)]


def quiet_quarters(account: Account) -> list[Stretch]:
    """Return of each quarter the third of its minutes in which the machine itself was least late."""
    return [stretch_of(account, quietest(account, minutes)) for minutes in minutes_by_quarter(account)]


def each_minute(account: Account) -> list[Stretch]:
    """Return every minute of a run in which it answered."""
    return [stretch_of(account, [minute]) for minute in minutes_of(account)]


def minutes_of(account: Account) -> list[Minute]:
    return [minute for minute in account.minutes if minute.delays["sent"]]


def minutes_by_quarter(account: Account) -> list[list[Minute]]:
    minutes = minutes_of(account)
    number = min(4, len(minutes))
    edges = [round(len(minutes) * part / number) for part in range(number + 1)]
    return [minutes[first:last] for first, last in pairwise(edges)]


def quietest(account: Account, minutes: Sequence[Minute]) -> list[Minute]:
    by_noise = sorted(minutes, key=lambda minute: merged(account.bare_in(minute)).percentile(99))
    return by_noise[: math.ceil(len(minutes) / 3)]


def stretch_of(account: Account, minutes: Sequence[Minute]) -> Stretch:
    """Return the figures of some minutes together."""
    return Stretch(
        began=min(minute.began for minute in minutes),
        ended=max(minute.ended for minute in minutes),
        bare=merged(late for minute in minutes for late in account.bare_in(minute)),
        sent=merged(minute.delays["sent"] for minute in minutes),
        arrived=sorted(late for minute in minutes for late in account.arrived_in(minute)),
        looks=[look for minute in minutes for look in account.looks_in(minute)],
    )


def found(account: Account) -> Iterator[Finding]:
    """Yield everything that a run is judged by."""
    yield from nothing_lost(account)
    if account.is_over:
        yield from files_whole(account)
    yield from as_punctual_as_before(account)
    yield from no_larger_than_before(account)


def nothing_lost(account: Account) -> Iterator[Finding]:
    came, went = account.input, account.output
    # What comes in a cycle for which JACK itself is late gets lost there, or comes twice.
    on_time = account.is_real_time and not account.xruns
    yield none_of("messages played that the daemon did not take in", came.lost, len(account.played), on_time)
    yield none_of("messages sent that the listener did not hear", went.lost, len(account.sent), on_time)
    strange = came.strange + went.strange
    yield none_of("messages heard that nobody had sent", strange, len(account.heard), on_time)
    left_out = sum(minute.left_out for minute in account.minutes)
    late = "notes left out, because they would have come too late"
    yield none_of(late, left_out, answered(account), on_time and account.seconds >= LONG)
    yield none_of(
        "notes that sound at the listener in the end", len(account.stuck), answered(account), on_time
    )


def none_of(what: str, number: int, total: int, is_judged: bool = True) -> Finding:
    return Finding(what, f"{number} of {total}", "none", number == 0 if is_judged else None)


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
    for when, parts in (("", quarters(account)), (", in quiet minutes", quiet_quarters(account))):
        first, last = parts[0], parts[-1]
        given = first.sent.percentile(99), last.sent.percentile(99)
        yield later(f"given to JACK{when}", *given, account)
        yield later(f"at the listener{when}", first.arrived_within(99), last.arrived_within(99), account)


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
        # The fewest, for while a recording is being finished its file is open as well.
        first, last = (
            min(getattr(look, what) for look in looks_together)
            for looks_together in (warm[:LOOKS_TOGETHER], warm[-LOOKS_TOGETHER:])
        )
        yield Finding(f"how many more {what} there were at the end", str(last - first), "0", last == first)
