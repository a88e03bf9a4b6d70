"""Two hundred daemons on one broker: a trigger to the first note, starts by a common clock, the load.

The daemons are simulated as far as the music goes: each has the real door and the real desk, and plays one
note of a score into nowhere. They live in a few processes beside the broker, so that they have far less of
a machine each than they would have in the world; what the broker takes is as it would be.

A trigger goes to all at once, first to begin now, and then at a moment that everybody knows by the
conductor's clock. That moment is the baseline of how far apart they begin.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiomqtt import Client
from brokers import NO_BROKER, Broker, running_broker
from figures import Figure, Result, main_of, percentile
from jams import script

from antiphon.bench.resources import cpu_seconds

TITLE = "an ensemble on one broker"
DAEMONS, PROCESSES = 200, 4
ROUNDS = 10
AHEAD = 1.5
"""Seconds from an appointment until it is due."""

QUIET = 10.0
"""Seconds for which the broker is watched while nobody plays."""

TOGETHER = 5.0
"""Milliseconds by which starts may be apart."""

LINES = ("allow_anonymous true", "sys_interval 1")
"""Of the broker's configuration: everybody may come, and it counts its messages each second."""


@dataclass(frozen=True, slots=True)
class Start:
    """How one began, in monotonic seconds: when it was to begin as it reckons, and when a note was sent."""

    due: float
    played: float


def measure() -> Result:
    """Let them all begin, several times."""
    if NO_BROKER:
        return Result(TITLE, skipped=NO_BROKER)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_broker(Path(folder), *LINES) as broker,
        members(broker),
    ):
        return Result(f"{TITLE}: {DAEMONS} daemons", tuple(asyncio.run(figures(broker))))


async def figures(broker: Broker) -> list[Figure]:
    async with Client("127.0.0.1", broker.port, max_queued_incoming_messages=100_000) as client:
        await client.subscribe("bench/#")
        listener = Listener(client)
        megabytes = await listener.all_ready()
        idle_load, idle_messages = await load(broker, asyncio.sleep(QUIET))
        at_once: list[float] = []
        apart: list[float] = []
        appointed: list[float] = []

        async def play() -> None:
            for _ in range(ROUNDS):
                sent = time.monotonic()
                starts = await listener.starts({})
                at_once.extend(1e3 * (start.played - sent) for start in starts)
                meant = time.time() + AHEAD
                due = time.monotonic() + meant - time.time()
                starts = await listener.starts({"at": meant})
                moments = [start.due for start in starts]
                apart.append(1e3 * (max(moments) - min(moments)))
                appointed.extend(1e3 * abs(moment - due) for moment in moments)

        busy_load, busy_messages = await load(broker, play())
    return [
        Figure("trigger to first note, p50", percentile(at_once, 50), "ms", max(at_once)),
        Figure("trigger to first note, p99", percentile(at_once, 99), "ms", max(at_once)),
        Figure("start beside the appointment, p99", percentile(appointed, 99), "ms", max(appointed)),
        Figure("first to last start", percentile(apart, 50), "ms", max(apart), None, TOGETHER),
        Figure("broker while nobody plays", idle_load, "% of a core"),
        Figure("broker while all play", busy_load, "% of a core", None, idle_load),
        Figure("messages while nobody plays", idle_messages, "/s"),
        Figure("messages while all play", busy_messages, "/s", None, idle_messages),
        Figure("memory of a door and its desk", megabytes * 1e3 / DAEMONS, "kB"),
    ]


class Listener:
    """Triggers everybody, and waits for what they report."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._reports = client.messages

    async def all_ready(self) -> float:
        """Wait until everybody is on the broker and knows the time; return what they take, in megabytes."""
        ready = 0.0
        for _ in range(PROCESSES):
            ready += (await self._report("bench/ready"))["megabytes"]
        return ready

    async def starts(self, asked: dict[str, float]) -> list[Start]:
        """Return the starts of all of them."""
        await self._client.publish("antiphon/all/cmd/trigger", json.dumps(asked))
        starts: list[Start] = []
        for _ in range(PROCESSES):
            starts += [Start(*start) for start in (await self._report("bench/starts"))["starts"]]
        assert len(starts) == DAEMONS
        # Everybody has to have fallen silent before the next round.
        await self._client.publish("antiphon/all/cmd/panic")
        for _ in range(PROCESSES):
            await self._report("bench/silent")
        return starts

    async def _report(self, topic: str) -> dict[str, Any]:
        async with asyncio.timeout(120):
            async for message in self._reports:
                if str(message.topic) == topic:
                    return json.loads(message.payload)
        raise AssertionError("the broker has gone")


async def load(broker: Broker, meanwhile: Awaitable[None]) -> tuple[float, float]:
    """Return percent of a core and messages a second that the broker takes while something goes on."""
    began, computed, messages = time.monotonic(), cpu_seconds(broker.pid), await messages_of(broker)
    await meanwhile
    took = time.monotonic() - began
    told = await messages_of(broker) - messages
    return 100 * (cpu_seconds(broker.pid) - computed) / took, told / took


async def messages_of(broker: Broker) -> float:
    """Return how many messages the broker has received and sent so far, as it counts them each second."""
    total = 0.0
    async with Client("127.0.0.1", broker.port) as client:
        for direction in ("received", "sent"):
            topic = f"$SYS/broker/publish/messages/{direction}"
            await client.subscribe(topic)
            async for message in client.messages:
                if str(message.topic) == topic and not message.retain:
                    total += float(message.payload)
                    break
    return total


@contextmanager
def members(broker: Broker) -> Iterator[None]:
    """Run all daemons, in a few processes."""
    each = DAEMONS // PROCESSES
    with ExitStack() as running:
        for number in range(PROCESSES):
            command = [
                sys.executable,
                script("ensemble_members"),
                str(broker.port),
                str(number * each),
                str(each),
            ]
            process = subprocess.Popen(command)
            running.callback(process.wait)
            running.callback(process.kill)
        yield


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
