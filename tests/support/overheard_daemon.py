"""A daemon whose onsets are written down as they were due; a program of its own, so that a jam can start it.

Where it is on a broker, it notices within two or three seconds that the broker has vanished. When it ends it
writes one line of JSON, in monotonic seconds:
{"onsets": [[due, pitch], ...], "sent": [at, ...], "left_out": 0}.
"""

import asyncio
import json
import sys

from antiphon import log
from antiphon.adapters.broadcast import Broadcast, News, Sent
from antiphon.adapters.doors.opening import DOORS, Door, Serve
from antiphon.app import play
from antiphon.core.commands import OnsetsDropped, PlayNote, Publish
from jam_options import loaded_as_asked


class Onlooker:
    """Remembers when each onset of an answer was due and was sent, and how many were left out."""

    def __init__(self) -> None:
        self.onsets: list[tuple[float, int]] = []
        self.sent: list[float] = []
        self.left_out = 0

    def see(self, news: News) -> None:
        match news:
            case Sent(PlayNote(due, pitch, part="it"), at):
                self.onsets.append((due, pitch))
                self.sent.append(at)
            case Sent(Publish(occurrence=OnsetsDropped(onsets))):
                self.left_out += onsets


def brisk() -> Serve:
    from mqtt_doors import serve_briskly

    return serve_briskly


def main() -> None:
    log.configure(verbose=False)
    loaded = loaded_as_asked()
    onlooker = Onlooker()
    broadcast = Broadcast()
    broadcast.listen(onlooker.see)
    page = next(door for door in DOORS if door.extra == "web")
    asyncio.run(play(loaded, lambda: loaded, broadcast, [Door("mqtt.host", "mqtt", brisk), page]))
    told = {"onsets": onlooker.onsets, "sent": onlooker.sent, "left_out": onlooker.left_out}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
