"""A network that takes 30 ms for an event: when its answers begin, and when they fall silent.

Over a real JACK server, between three processes, as the recorder hears it. The baseline is the shipped
network on the CPU of this machine; the slow one is the same with an accelerator that dawdles.
"""

import shutil
import tempfile
from pathlib import Path
from statistics import median

from figures import Figure, Result, main_of
from jams import NO_JACK, build_delegate, jam, running_jack_server

TITLE = "a network that takes 30 ms for an event"
TURNS = 12
PAUSE = 0.5
"""Seconds of silence that end a turn."""

SETTINGS = (
    f"turn.shortest_pause={PAUSE}",
    f"turn.longest_pause={PAUSE}",
    "play.seed=1",
    "play.seconds=20",
    "engine.longest_step=0.015",
)
IN_ITS_PLACE = {
    "waited for": ("engine.longest_step=1.0",),
    "in a thread": ("engine.understudy=''",),
    "in a thread, with an understudy": (),
    "in a thread, not looking ahead": ("engine.understudy=''", "latency.look_ahead=0"),
    "in a thread, not looking ahead, with an understudy": ("latency.look_ahead=0",),
}


def measure() -> Result:
    """Play with each in turn."""
    if NO_JACK or shutil.which("cc") is None:
        return Result(TITLE, skipped=NO_JACK or "a C compiler is missing")
    with running_jack_server(), tempfile.TemporaryDirectory() as folder:
        slow = f"engine.accelerator='{build_delegate(Path(folder), 'SLOW')}'"
        baseline = begun, silent = times(Path(folder))
        figures = [figure("fast: begins", begun), figure("fast: falls silent", silent)]
        for name, settings in IN_ITS_PLACE.items():
            begun, silent = times(Path(folder), slow, *settings)
            figures += [
                figure(f"{name}: begins", begun, baseline[0]),
                figure(f"{name}: falls silent", silent, baseline[1]),
            ]
    return Result(TITLE, tuple(figures))


def figure(name: str, values: list[float], baseline: list[float] | None = None) -> Figure:
    return Figure(name, median(values), "ms", max(values), median(baseline) if baseline else None)


def times(folder: Path, *settings: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds from the end of a turn to the first note, and from a touched key to silence.

    Where an answer is silent anyway when the key is touched, that touch is not counted.
    """
    begun, silent = list[float](), list[float]()
    with jam(folder, *SETTINGS, *settings) as session:
        for _ in range(TURNS):
            decision = session.play_phrase() + PAUSE
            begun.append(1000 * (session.next_onset().at - decision))
            touched = session.interrupt(wait=0.7)
            session.until_quiet(0.25)
            if (last := session.messages[-1].at) > touched:
                silent.append(1000 * (last - touched))
            session.let_go()
    return begun, silent


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
