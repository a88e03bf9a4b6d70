"""A preparation that is killed, or interrupted, once it has read so many files: FOLDER OUT SIGNAL FILES."""

import os
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    from antiphon_models.notes.prepare import prepare
    from antiphon_models.notes.sources import sources

    folder, out, number, files = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

    def end_at(done: int, of: int) -> None:
        if done == files:
            os.kill(os.getpid(), signal.Signals(number))

    prepare(sources(folder), out, ["nobody"], workers=2, progress=end_at, seconds_between_commits=0.0)
