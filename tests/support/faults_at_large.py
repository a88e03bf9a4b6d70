"""What all tests of faults do: settings, a chord that is held, and how it is seen that all is well again."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from fault_table import Fault
from jam_session import INTERRUPTING, NOTE_OFF, NOTE_ON, PATIENCE, Jam, jam

Tell: TypeAlias = Callable[[Fault], None]

PAUSE = 0.3
"""Seconds of silence that end a turn."""

STEADY = (f"turn.shortest_pause={PAUSE}", f"turn.longest_pause={PAUSE}", "play.seed=1", "play.seconds=20")
"""An answer is long enough for anything to happen in it."""

PITCHES = (48, 52, 55)

CHORD = {(0, pitch) for pitch in PITCHES}
"""(channel, pitch) of what sounds while the chord is held."""


@contextmanager
def holding_a_chord(folder: Path, *settings: str) -> Iterator[Jam]:
    """Have a jam in which the player holds a chord, which the daemon passes on to the synth."""
    with jam(folder, *STEADY, "play.thru=true", *settings) as session:
        press(session)
        yield session


def press(session: Jam) -> None:
    session.play(*((0.0, (NOTE_ON, pitch, 80)) for pitch in PITCHES))
    while session.audible() != CHORD:
        session.next_message()


def let_go(session: Jam) -> None:
    session.play(*((0.0, (NOTE_OFF, pitch, 0)) for pitch in PITCHES))


def until(it_is_so: Callable[[], object]) -> None:
    """Wait for something that nobody tells."""
    give_up_at = time.monotonic() + PATIENCE
    while not it_is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def until_it_answers(session: Jam) -> None:
    """Play a phrase and hear the answer to it, interrupt that, and find that nothing sounds."""
    decided = session.play_phrase() + PAUSE
    while session.next_onset().at < decided:
        pass  # what was passed on
    interrupt(session)


def interrupt(session: Jam) -> None:
    """Interrupt an answer, and find that nothing sounds but what is passed on of that."""
    session.interrupt()
    session.daemon.wait_for("interrupted")
    session.until_quiet(0.3)
    assert session.audible() <= {(0, INTERRUPTING)}
    session.let_go()


def words_of(line: str, folder: Path) -> str:
    """Return a line of the log without its date, and with none of the names that only this run has."""
    words = re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", "", line)
    return re.sub(r"antiphon-[-\d]+", "antiphon-DATE", words.replace(str(folder), "FOLDER"))
