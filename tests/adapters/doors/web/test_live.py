"""A page that plays, asks and is told, over a real WebSocket."""

import asyncio
import json
import logging
import random
import socket
from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.broadcast import Heard
from antiphon.adapters.doors.web.messages import LARGEST_REQUEST
from antiphon.core.events import KeyPressed, KeyReleased, Triggered
from antiphon.core.units import Pitch, Velocity
from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)
pytest.importorskip("segno", reason=WEB)

from aiohttp import ClientError, ClientSession, WSServerHandshakeError

from antiphon.adapters.doors.web.live import MOST_PAGES, WEIGHT_PER_SECOND
from web_pages import OpenPage, Served, page_of, serving, with_a_page

PROMPT = ("turn.shortest_pause=0.05", "turn.longest_pause=0.05")


def heard_by(served: Served) -> list[object]:
    return [each.event for each in served.scene.told if isinstance(each, Heard)]


def test_a_key_of_the_page_is_heard_as_one_of_a_keyboard_is(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send("press", pitch=60, velocity=90)
        pressed = await page.until("heard", pitch=60, velocity=90)
        await page.send("pedal", value=127)
        await page.until("pedal", value=127)
        await page.send("release", pitch=60)
        released = await page.until("heard", pitch=60, velocity=0)
        assert pressed["at"] < released["at"]
        first, *_ = heard_by(served)
        assert first == KeyPressed(Pitch(60), Velocity(90))

    with_a_page(tmp_path, session)


def test_the_answer_is_sent_and_the_turn_goes_there_and_back(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send("press", pitch=60)
        await page.until("turn", whose="you")
        await page.send("release", pitch=60)
        sent = await page.until("sent", pitch=72, velocity=90)
        assert (await page.until("turn", whose="it"))["notes"] == 1
        await page.send("press", pitch=50)
        assert (await page.until("sent", pitch=72, velocity=0))["due"] > sent["due"]
        assert await page.until("turn", reason="interrupted", whose="you")

    with_a_page(tmp_path, session, *PROMPT)


def test_what_is_upcoming_is_told_before_it_sounds(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send("press", pitch=60)
        await page.send("release", pitch=60)
        planned = await page.until("upcoming")
        sent = await page.until("sent")
        assert planned["notes"][0] == [sent["due"], 72, 90]

    with_a_page(tmp_path, session, "turn.shortest_pause=1", "turn.longest_pause=1", "latency.look_ahead=0.9")


def test_whatever_is_asked_for_is_done_or_told_why_not(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send("request", id=5, name="set", values={"settings": {"play.temperature": 0.5}})
        assert await page.until("outcome") == {"type": "outcome", "id": 5}
        changed = await page.until("settings")
        assert (changed["changes"], changed["source"]) == ({"play.temperature": 0.5}, "the page")
        refused = await page.asked("set", settings={"play.temperature": 5.0})
        assert refused["error"] == "play.temperature from the page is 5.0, but must be from 0 to 2"
        assert "did you mean" in (await page.asked("triger"))["error"]
        assert "its fields are" in (await page.asked("trigger", colour=3))["error"]
        assert "model.file" in (await page.asked("set", settings={"model.file": "/x"}))["error"]
        await page.asked("trigger", seed=3)
        assert [event.seed for event in heard_by(served) if isinstance(event, Triggered)] == [3]
        assert served.scene.desk.loaded.config.play.temperature == 0.5

    with_a_page(tmp_path, session)


def test_what_another_door_changes_is_told_at_once(tmp_path: Path) -> None:
    from antiphon.requests import Change

    async def session(served: Served, page: OpenPage) -> None:
        served.scene.desk.carry_out(Change({"play.mode": "listen"}), "MQTT")
        told = await page.until("settings")
        assert (told["changes"], told["source"]) == ({"play.mode": "listen"}, "MQTT")

    with_a_page(tmp_path, session)


def test_a_page_that_goes_leaves_no_key_and_no_pedal_down(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served, page_of(served) as watcher:
            async with page_of(served) as page:
                await page.send("press", pitch=60)
                await page.send("press", pitch=64)
                await page.send("pedal", value=100)
                await watcher.until("pedal", value=100)
            await watcher.until("heard", pitch=60, velocity=0)
            await watcher.until("heard", pitch=64, velocity=0)
            await watcher.until("pedal", value=0)

    asyncio.run(whole())


def test_the_clock_is_that_of_the_moments_that_are_told(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send("press", pitch=60)
        pressed = await page.until("heard")
        await page.send("clock", id=3)
        told = await page.until("clock", id=3)
        assert 0.0 < told["now"] - pressed["at"] < 60.0

    with_a_page(tmp_path, session)


def test_the_state_is_told_by_itself(tmp_path: Path) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        state = await page.until("state")
        assert (state["input"], state["output"], state["pages"]) == ("Keystation", "FLUID", 1)
        assert (state["turn"], state["key"], state["tempo"]) == ("nobody", None, None)
        assert set(state["delays"]) == {"heard", "begun", "sent", "thru"}

    with_a_page(tmp_path, session)


@pytest.mark.parametrize("said", ["", "{}", '{"type":"play"}', '{"type":"press","pitch":200}', "[" * 900])
def test_what_is_no_message_is_told_and_the_next_is_followed(tmp_path: Path, said: str) -> None:
    async def session(served: Served, page: OpenPage) -> None:
        await page.send_text(said)
        assert "no message of the page" in (await page.until("error"))["text"]
        await page.send("press", pitch=60)
        await page.until("heard")

    with_a_page(tmp_path, session)


def test_what_is_no_text_or_too_large_or_too_much_ends_it(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served:
            async with page_of(served) as page:
                await page.send_bytes(b"\0")
                assert await page.until_closed() == 1003
            async with page_of(served) as page:
                await page.send_text(" " * (LARGEST_REQUEST + 1))
                assert await page.until_closed() == 1009
            async with page_of(served) as page:
                await flood(page)
                assert await page.until_closed() == 1008
            assert heard_by(served)[-1] == KeyReleased(Pitch(60))

    asyncio.run(whole())


async def flood(page: OpenPage) -> None:
    for _ in range(2 * int(WEIGHT_PER_SECOND)):
        try:
            await page.send("press", pitch=60)
        except (ClientError, ConnectionError):
            return


def test_a_flood_of_one_page_is_nothing_to_another(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served, page_of(served) as other:
            async with page_of(served) as page:
                await flood(page)
                await page.until_closed()
            await other.send("press", pitch=72)
            await other.until("heard", pitch=72)

    asyncio.run(whole())


DROPPED = "a page was too slow, and is dropped"


def test_a_page_that_reads_nothing_is_dropped_and_nobody_waits_for_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    handshake = (
        "GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )

    async def whole() -> None:
        async with serving(tmp_path) as served, page_of(served) as other:
            with socket.create_connection(("127.0.0.1", served.port)) as asleep:
                asleep.sendall(handshake.encode())
                while (await other.until("state"))["pages"] < 2:
                    pass
                while DROPPED not in caplog.messages:
                    for pitch in range(21, 109):
                        served.scene.desk.hear(KeyPressed(Pitch(pitch), Velocity(80)))
                        served.scene.desk.hear(KeyReleased(Pitch(pitch)))
                    await other.until("heard", pitch=108, velocity=0)
            while (await other.until("state"))["pages"] > 1:
                pass

    with caplog.at_level(logging.INFO, "antiphon.adapters.doors.web.live"):
        asyncio.run(whole())


def test_a_page_too_many_is_told_so(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served, ClientSession() as client:
            sockets = [await client.ws_connect(f"{served.url}/api/live") for _ in range(MOST_PAGES)]
            with pytest.raises(WSServerHandshakeError) as error:
                await client.ws_connect(f"{served.url}/api/live")
            assert error.value.status == 503
            await sockets[0].close()
            async with page_of(served):
                pass
            for each in sockets:
                await each.close()

    asyncio.run(whole())


FRAMES = 10_000
FRAMES_OF_A_PAGE = 50
"""A page that makes so many mistakes at once is closed."""

SEED = 20_261_121


def random_frame(random: random.Random) -> str | bytes:
    """Return something that may be a message, may be almost one, or is anything."""
    match random.randrange(50) and 1 + random.randrange(4):
        case 0:
            return random.randbytes(random.randrange(200))
        case 1:
            return "".join(map(chr, random.choices(range(32, 0x800), k=random.randrange(200))))
        case 2:
            return json.dumps(random_value(random, depth=3))
        case 3:
            return json.dumps({"type": random.choice(TYPES), **random_fields(random)})
        case _:
            text = json.dumps({"type": random.choice(TYPES), "pitch": random.randrange(140), "id": 1})
            return text[: random.randrange(len(text))] + text[random.randrange(len(text)) :]


TYPES = ["press", "release", "pedal", "request", "clock", "watch", "continue", "keep", "hello", ""]
FIELDS = ["pitch", "velocity", "value", "id", "name", "values", "expect", "session", "at", "seconds"]
NAMES = ["set", "panic", "trigger", "save", "reload", "play.mode", "settings", "phrase", "file", "../x"]


def random_fields(random: random.Random) -> dict[str, Any]:
    return {name: random_value(random, depth=2) for name in random.sample(FIELDS, random.randrange(4))}


def random_value(random: random.Random, depth: int) -> Any:
    scalars = [None, True, -1, 0, 1, 60, 127, 128, 10**30, 0.5, 1e300, "", random.choice(NAMES)]
    kind = random.randrange(6 if depth else 4)
    if kind == 4:
        return [random_value(random, depth - 1) for _ in range(random.randrange(4))]
    if kind == 5:
        return {random.choice(NAMES): random_value(random, depth - 1) for _ in range(random.randrange(4))}
    return random.choice(scalars)


def test_ten_thousand_random_frames_are_survived(tmp_path: Path) -> None:
    async def whole() -> None:
        dice = random.Random(SEED)
        async with serving(tmp_path) as served, page_of(served) as other:
            for _ in range(FRAMES // FRAMES_OF_A_PAGE):
                async with page_of(served) as page:
                    await throw(page, dice)
            await other.send("press", pitch=72)
            await other.until("heard", pitch=72)
            await other.send("release", pitch=72)
            await other.until("heard", pitch=72, velocity=0)
            assert (await other.asked("panic")).get("error") is None

    asyncio.run(whole())


async def throw(page: OpenPage, dice: random.Random) -> None:
    """Throw frames at the daemon, and wait until it has looked at them or has had enough of this page."""
    for frame in [random_frame(dice) for _ in range(FRAMES_OF_A_PAGE)]:
        try:
            if isinstance(frame, str):
                await page.send_text(frame)
            else:
                await page.send_bytes(frame)
        except (ClientError, ConnectionError):
            return
    await page.until_told_the_time()
