"""A process that records without end, for tests that kill it: ``python recording_session.py FOLDER``.

It says a line when so much has been given to the recorder that there is something to lose.
"""

import sys
import time
from itertools import count
from pathlib import Path

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.recorder import Recorder
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from news import heard


def record_for_ever(folder: Path) -> None:
    recorder = Recorder(folder, megabytes=10)
    for number in count():
        pitch = Pitch(36 + number % 48)
        recorder.keep(heard(KeyPressed(pitch, Velocity(80)), time.monotonic()))
        recorder.keep(Sent(PlayNote(0.0, pitch, Velocity(60)), time.monotonic()))
        time.sleep(0.002)
        recorder.keep(heard(KeyReleased(pitch), time.monotonic()))
        recorder.keep(Sent(ReleaseNote(0.0, pitch), time.monotonic()))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    record_for_ever(Path(sys.argv[1]))
