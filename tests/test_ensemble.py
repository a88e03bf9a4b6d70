"""Several daemons on one broker: phrases that are handed round, and starts by a common clock."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.doors.mqtt.common_clock import Reading
from antiphon.adapters.doors.mqtt.door import FIRST_QUESTIONS, our_clocks
from antiphon.core.commands import PlayNote
from antiphon.core.events import KeyPressed
from antiphon.core.units import Pitch, Velocity
from desk_scene import Scene
from jack_server import FRAMES_PER_CYCLE, SAMPLE_RATE, requires_jack, running_jack_server
from jam_session import Jam, Message, jam
from mqtt_broker import Broker, requires_mosquitto, running_broker
from mqtt_doors import open_doors
from mqtt_visitor import Visitor, visiting

pytestmark = requires_mosquitto

TOGETHER = 0.005
"""Seconds by which starts on one network may be apart."""

JACK_WAY = 3 * FRAMES_PER_CYCLE / SAMPLE_RATE

SHORT = "play.seconds=0.5"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


async def have_come(visitor: Visitor, *ids: str) -> None:
    """Wait until all of them are on the broker, and follow what they follow."""
    for id_ in ids:
        await visitor.until(f"antiphon/{id_}/state")


async def know_the_time(visitor: Visitor, conductor: str, *ids: str) -> None:
    """Wait until each has had the first replies of the conductor."""
    for id_ in ids:
        for _ in range(FIRST_QUESTIONS):
            await visitor.until(f"antiphon/{conductor}/clock/{id_}")


async def panicked(visitor: Visitor, id_: str) -> None:
    """Have one panic; by then it has dealt with everything that was there before."""
    await visitor.send(f"antiphon/{id_}/cmd/panic")
    await visitor.until(f"antiphon/{id_}/event/command", lambda payload: b"panic" in payload)


def test_two_answer_each_other_and_come_to_an_end(broker: Broker) -> None:
    async def session() -> None:
        members = {
            "left": (SHORT, "mqtt.answers=right", "mqtt.hops=2"),
            "right": (SHORT, "mqtt.answers=*", "mqtt.hops=2"),
        }
        async with visiting(broker.port) as visitor, open_doors(broker.port, members) as scenes:
            await have_come(visitor, *members)
            await visitor.send("antiphon/left/cmd/trigger")
            for hops, id_ in enumerate(("left", "right", "left")):
                answer = await visitor.outcome(f"antiphon/{id_}/event/answer")
                assert answer["hops"] == hops
                assert answer["notes"]
            await panicked(visitor, "right")
            assert (len(scenes["left"].triggers), len(scenes["right"].triggers)) == (2, 1)

    asyncio.run(session())


def test_a_player_goes_first(broker: Broker) -> None:
    async def session() -> None:
        members = {"left": (SHORT, "mqtt.notes=true"), "right": (SHORT, "mqtt.answers=left")}
        async with visiting(broker.port) as visitor, open_doors(broker.port, members) as scenes:
            await have_come(visitor, *members)
            right = scenes["right"]
            right.pacer.receive(KeyPressed(Pitch(60), Velocity(80)), time.monotonic())
            await visitor.send("antiphon/left/cmd/trigger")
            await visitor.until("antiphon/left/event/answer")
            await panicked(visitor, "right")
            assert right.triggers == []
            assert not right.desk.state().answering

    asyncio.run(session())


def test_they_begin_together_by_the_clock_of_another_machine(broker: Broker) -> None:
    def clocks_elsewhere() -> Reading:
        ours = our_clocks()
        return Reading(ours.clock + 5000.0, ours.wall + 100.0)

    async def session() -> None:
        followers = ("a", "b", "c", "d")
        members = {"hall": ()} | dict.fromkeys(followers, ("mqtt.conductor=hall", "mqtt.groups=choir"))
        doors = open_doors(broker.port, members, {"hall": clocks_elsewhere})
        async with visiting(broker.port) as visitor, doors as scenes:
            await know_the_time(visitor, "hall", *followers)
            begin = time.time() + 0.5
            meant = time.monotonic() + begin - time.time()
            await visitor.send("antiphon/group/choir/cmd/trigger", json.dumps({"at": begin + 100.0}))
            starts = []
            for id_ in followers:
                await visitor.until(f"antiphon/{id_}/event/turn")
                starts.append(first_onset_due(scenes[id_]))
            assert max(starts) - min(starts) <= TOGETHER
            assert max(abs(start - meant) for start in starts) <= TOGETHER

    asyncio.run(session())


def first_onset_due(scene: Scene) -> float:
    return next(
        news.command.due
        for news in scene.told
        if isinstance(news, Sent) and isinstance(news.command, PlayNote)
    )


@contextmanager
def duo(folder: Path, port: int, **sets: Sequence[str]) -> Iterator[dict[str, Jam]]:
    """Run two whole daemons, each with a player and a recorder of its own."""
    with running_jack_server(), ExitStack() as running:
        jams: dict[str, Jam] = {}
        for id_, further in sets.items():
            on_the_broker = ("mqtt.host=127.0.0.1", f"mqtt.port={port}", f"mqtt.id={id_}", "mqtt.groups=duo")
            turns = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seconds=2")
            one = jam(folder / id_, *on_the_broker, *turns, *further, place=id_)
            jams[id_] = running.enter_context(one)
        yield jams


@requires_jack
def test_daemons_over_jack_play_in_unison_by_a_common_clock(tmp_path: Path, broker: Broker) -> None:
    """One seed and one phrase make one answer, here at two recorders."""
    phrase = [{"pitch": pitch, "at": at / 4} for at, pitch in enumerate((60, 64, 67, 72))]

    async def begin() -> None:
        async with visiting(broker.port) as visitor:
            await know_the_time(visitor, "left", "right")
            asked = {"phrase": phrase, "seed": 7, "at": time.time() + 1.0}
            await visitor.send("antiphon/group/duo/cmd/trigger", json.dumps(asked))
            for id_ in ("left", "right"):
                await visitor.until(f"antiphon/{id_}/event/turn", lambda payload: b"given back" in payload)

    with duo(tmp_path, broker.port, left=(), right=("mqtt.conductor=left",)) as jams:
        asyncio.run(begin())
        left, right = (onsets(session) for session in jams.values())
        assert [note.data[1] for note in left] == [note.data[1] for note in right] != []
        apart = [abs(here.at - there.at) for here, there in zip(left, right, strict=True)]
        assert statistics.median(apart) <= TOGETHER + 2 * JACK_WAY
        assert [session.sounding() for session in jams.values()] == [set(), set()]


def onsets(session: Jam) -> list[Message]:
    return [message for message in session.until_quiet(0.3) if message.is_onset]


@requires_jack
def test_daemons_over_jack_answer_each_other_after_a_player(tmp_path: Path, broker: Broker) -> None:
    async def until_the_end(left: Jam) -> list[int]:
        async with visiting(broker.port) as visitor:
            await have_come(visitor, "left", "right")
            await asyncio.to_thread(left.play_phrase)
            chain = [
                await visitor.outcome(f"antiphon/{id_}/event/answer") for id_ in ("left", "right", "left")
            ]
            await panicked(visitor, "right")
            return [answer["hops"] for answer in chain]

    hops = "mqtt.hops=2"
    members = {"left": ("mqtt.answers=right", hops), "right": ("mqtt.answers=left", hops)}
    with duo(tmp_path, broker.port, **members) as jams:
        assert asyncio.run(until_the_end(jams["left"])) == [0, 1, 2]
        for session in jams.values():
            assert onsets(session)
            assert session.sounding() == set()
