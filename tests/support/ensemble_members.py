"""Some of the daemons of an ensemble, in one process: python ensemble_members.py PORT FIRST HOW_MANY.

They tell on the broker when all of them are there and know the time, when each has begun, and when all are
silent.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from functools import partial

from aiomqtt import Client

from antiphon.adapters.broadcast import News, Sent
from antiphon.adapters.doors.mqtt.connection import USUAL
from antiphon.bench.resources import own_megabytes
from antiphon.core.commands import PlayNote, Publish, TurnGivenBack, TurnTaken
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Velocity
from mqtt_doors import open_doors

CONDUCTOR = "member-0"
SETTLED = 3.0
"""Seconds after the last has come in which all of them have asked for the time often enough."""


class OneNoteAtATime:
    """An engine that begins without waiting, and holds each note for as long as it may."""

    def prime(self, event: MusicEvent) -> None:
        """Forget it."""

    def sample(self, constraints: Constraints) -> MusicEvent:
        if constraints.releases:
            return MusicEvent(constraints.longest_dt, Velocity(0), min(constraints.releases))
        return MusicEvent(constraints.shortest_dt, Velocity(80), min(constraints.onsets))

    def snapshot(self) -> Snapshot:
        return None

    def restore(self, snapshot: Snapshot) -> None:
        """There is nothing to go back to."""


class Onlooker:
    """Collects how each daemon begins, until all have begun, and counts who has fallen silent.

    The moment at which it was to begin, by its own reckoning, and the one at which its first note was sent.
    """

    def __init__(self, members: int) -> None:
        self._members = members
        self._meant: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._silent = 0
        self.reports: asyncio.Queue[tuple[str, dict[str, object]]] = asyncio.Queue()

    def see(self, member: int, news: News) -> None:
        match news:
            case Sent(Publish(due, TurnTaken())):
                self._meant[member] = due
                self._report()
            case Sent(PlayNote(), at) if member not in self._sent:
                self._sent[member] = at
                self._report()
            case Sent(Publish(occurrence=TurnGivenBack())):
                self._silent += 1
                if self._silent == self._members:
                    self._meant, self._sent, self._silent = {}, {}, 0
                    self.reports.put_nowait(("silent", {}))

    def _report(self) -> None:
        if len(self._meant) == len(self._sent) == self._members:
            starts = [(self._meant[member], self._sent[member]) for member in self._meant]
            self.reports.put_nowait(("starts", {"starts": starts}))


async def play(port: int, first: int, how_many: int) -> None:
    """Be so many daemons until this is cancelled."""
    before = own_megabytes(os.getpid())
    onlooker = Onlooker(how_many)
    sets = (f"mqtt.conductor={CONDUCTOR}", "play.seconds=20")
    members = {f"member-{number}": sets for number in range(first, first + how_many)}
    async with (
        Client("127.0.0.1", port) as client,
        open_doors(port, members, engine=OneNoteAtATime(), timing=USUAL) as scenes,
    ):
        await client.subscribe("antiphon/+/availability")
        await everybody_there(client, {*members})
        await asyncio.sleep(SETTLED)
        for number, scene in enumerate(scenes.values()):
            scene.broadcast.listen(partial(onlooker.see, number))
        megabytes = own_megabytes(os.getpid()) - before
        onlooker.reports.put_nowait(("ready", {"megabytes": megabytes}))
        while True:
            name, values = await onlooker.reports.get()
            await client.publish(f"bench/{name}", json.dumps(values))


async def everybody_there(client: Client, missing: set[str]) -> None:
    async for message in client.messages:
        if message.payload == b"online":
            missing.discard(str(message.topic).split("/")[1])
        if not missing:
            return


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(play(*map(int, sys.argv[1:])))
