"""A daemon whose onsets are written down as they were due; a program of its own, so that a jam can start it.

    python overheard_daemon.py --in PORT --out PORT --set SETTING ...

When it ends it writes one line of JSON: {"onsets": [[monotonic seconds, pitch], ...], "left_out": 0}.
"""

import argparse
import asyncio
import json
import os
import sys

from antiphon import log
from antiphon.adapters.broadcast import News, Sent
from antiphon.app import Daemon
from antiphon.config import load
from antiphon.core.commands import OnsetsDropped, PlayNote, Publish


class Onlooker:
    """Remembers when each onset of an answer was due, and how many were left out."""

    def __init__(self) -> None:
        self.onsets: list[tuple[float, int]] = []
        self.left_out = 0

    def see(self, news: News) -> None:
        match news:
            case Sent(PlayNote(due, pitch, part="it")):
                self.onsets.append((due, pitch))
            case Sent(Publish(occurrence=OnsetsDropped(onsets))):
                self.left_out += onsets


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--in", dest="keyboard")
    parser.add_argument("--out", dest="instrument")
    parser.add_argument("--set", dest="sets", action="append")
    given = parser.parse_args()
    log.configure(verbose=False)
    ports = [f"midi.in='{given.keyboard}'", f"midi.out='{given.instrument}'"]
    loaded = load(None, [*given.sets, *ports], os.environ)
    onlooker = Onlooker()
    daemon = Daemon(loaded, lambda: loaded)
    daemon.broadcast.listen(onlooker.see)
    asyncio.run(daemon.play())
    sys.stdout.write(json.dumps({"onsets": onlooker.onsets, "left_out": onlooker.left_out}) + "\n")


if __name__ == "__main__":
    main()
