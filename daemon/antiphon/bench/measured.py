"""What `antiphon bench` measured, as values: how long things took, how late they were, and what that needs.

Durations are kept as histograms, so that they can be drawn.
"""

from dataclasses import dataclass

import msgspec

from antiphon.adapters.histogram import Histogram, Summary
from antiphon.core.units import Seconds


@dataclass(frozen=True, slots=True)
class Cost:
    """What the engine takes.

    Attributes:
        invoke: one call of the bare graph; empty where the engine has none for each event.
        prime: an event of the player, taken in.
        event: an event of an answer, from its constraints to its command.
    """

    invoke: Histogram
    prime: Histogram
    event: Histogram


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a daemon takes that listens and has nothing to do.

    Attributes:
        start: from the start of the process until it listened.
        megabytes: of its own that are resident; what a MIDI server shares with its clients is not counted.
        idle_percent: of a core.
    """

    start: Seconds
    megabytes: float
    idle_percent: float


@dataclass(frozen=True, slots=True)
class Playing:
    """How late things were while somebody played.

    Attributes:
        heard: from the arrival of an event until everything that follows from it was decided.
        begun: from the end of the player's turn until the first note of the answer was sent.
        sent: from the moment that an onset or a release was due at until it was sent.
        thru: from the arrival of what is passed through until it was sent.
        echo: from a key, at the player, until it was back there: twice through the ports.
    """

    heard: Histogram
    begun: Histogram
    sent: Histogram
    thru: Histogram
    echo: Histogram


@dataclass(frozen=True, slots=True)
class Session:
    """A daemon on real ports, first left alone and then played with."""

    system: str
    waiting: Waiting
    playing: Playing


class Figures(msgspec.Struct, frozen=True):
    """The figures for programs, with their units in their names; None is what could not be measured."""

    model: str
    event_us: Summary
    prime_us: Summary
    invoke_us: Summary
    system: str | None = None
    lateness_us: Summary | None = None
    begun_us: Summary | None = None
    heard_us: Summary | None = None
    thru_us: Summary | None = None
    echo_us: Summary | None = None
    start_s: float | None = None
    rss_mb: float | None = None
    idle_cpu_percent: float | None = None
    skipped: str = ""


def figures(model: str, cost: Cost, session: Session | None, skipped: str) -> Figures:
    """Return the figures of what was measured.

    Args:
        model: what was measured with.
        cost: of its events.
        session: on real ports; None where there was none.
        skipped: why there was none.
    """
    of_the_engine = Figures(model, cost.event.summary(), cost.prime.summary(), cost.invoke.summary())
    if session is None:
        return msgspec.structs.replace(of_the_engine, skipped=skipped)
    waiting, playing = session.waiting, session.playing
    return msgspec.structs.replace(
        of_the_engine,
        system=session.system,
        lateness_us=playing.sent.summary(),
        begun_us=playing.begun.summary(),
        heard_us=playing.heard.summary(),
        thru_us=playing.thru.summary(),
        echo_us=playing.echo.summary(),
        start_s=round(waiting.start, 3),
        rss_mb=round(waiting.megabytes, 1),
        idle_cpu_percent=round(waiting.idle_percent, 3),
    )
