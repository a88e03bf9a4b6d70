"""Several pages at once, of which one may be slow."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeAlias

from antiphon.adapters.doors.web.audience import Audience
from antiphon.core.engine import Engine
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from default_config import loaded
from desk_scene import Scene
from expectant_engine import ExpectantEngine

PATIENCE = 20.0


class FakePage:
    """Implements the protocol of a page; what it is sent waits for the test."""

    def __init__(self, expects: bool = False) -> None:
        self.expects = expects
        self.is_dismissed = False
        self.frames: list[bytes] = []
        self._received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def send(self, frame: bytes) -> None:
        self.frames.append(frame)
        self._received.put_nowait(json.loads(frame))

    async def dismiss(self) -> None:
        self.is_dismissed = True

    async def until(self, type_: str) -> dict[str, Any]:
        """Return the next message of a type; what comes before is left out."""
        async with asyncio.timeout(PATIENCE):
            while (said := await self._received.get())["type"] != type_:
                pass
        return said


Session: TypeAlias = Callable[[Scene, Audience], Coroutine[Any, Any, None]]


def with_an_audience(session: Session, engine: Engine | None = None) -> None:
    async def whole() -> None:
        scene = Scene(loaded("turn.shortest_pause=5", "turn.longest_pause=5"), engine=engine)
        audience = Audience(scene.desk)
        telling = asyncio.create_task(audience.tell())
        try:
            await session(scene, audience)
        finally:
            scene.close()
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    asyncio.run(whole())


def press(scene: Scene, pitch: int) -> None:
    scene.desk.hear(KeyPressed(Pitch(pitch), Velocity(80)))
    scene.desk.hear(KeyReleased(Pitch(pitch)))


def test_every_page_is_told_the_very_same_bytes() -> None:
    async def session(scene: Scene, audience: Audience) -> None:
        pages = [FakePage(), FakePage(), FakePage()]
        for page in pages:
            await audience.join(page)
        press(scene, 60)
        for page in pages:
            assert (await page.until("heard"))["pitch"] == 60
        heard = [next(frame for frame in page.frames if b'"type":"heard"' in frame) for page in pages]
        assert heard[0] is heard[1] is heard[2]

    with_an_audience(session)


def test_a_page_that_has_left_is_told_nothing() -> None:
    async def session(scene: Scene, audience: Audience) -> None:
        stays, goes = FakePage(), FakePage()
        await audience.join(stays)
        await audience.join(goes)
        audience.leave(goes)
        press(scene, 60)
        await stays.until("heard")
        assert len(audience) == 1
        assert [json.loads(frame)["type"] for frame in goes.frames] == ["hello"]

    with_an_audience(session)


def test_all_are_told_when_the_daemon_goes() -> None:
    async def session(scene: Scene, audience: Audience) -> None:
        pages = [FakePage(), FakePage()]
        for page in pages:
            await audience.join(page)
        await audience.dismiss()
        assert all(page.is_dismissed for page in pages)

    with_an_audience(session)


def test_a_page_is_greeted_with_all_that_holds() -> None:
    async def session(scene: Scene, audience: Audience) -> None:
        page = FakePage()
        await audience.join(page)
        hello = await page.until("hello")
        assert {setting["section"] for setting in hello["settings"]} == set(hello["sections"])
        assert hello["state"]["turn"] == "nobody"

    with_an_audience(session)


def test_what_is_expected_is_told_to_those_who_watch_the_likeliest_first() -> None:
    engine = ExpectantEngine({Pitch(60): 0.25, Pitch(67): 0.75})

    async def session(scene: Scene, audience: Audience) -> None:
        watches, looks_away = FakePage(expects=True), FakePage()
        await audience.join(looks_away)
        await audience.join(watches)
        press(scene, 64)
        assert (await watches.until("expect"))["pitches"] == [[67, 0.75], [60, 0.25]]
        press(scene, 65)
        await looks_away.until("state")
        assert b'"expect"' not in b"".join(looks_away.frames)

    with_an_audience(session, engine)


def test_where_nobody_watches_the_engine_is_not_asked() -> None:
    engine = ExpectantEngine({Pitch(60): 1.0})

    async def session(scene: Scene, audience: Audience) -> None:
        page = FakePage()
        await audience.join(page)
        press(scene, 64)
        await page.until("state")
        assert engine.times_asked == 0

    with_an_audience(session, engine)


def test_key_and_tempo_are_told_as_they_are_heard() -> None:
    async def session(scene: Scene, audience: Audience) -> None:
        for pitch in (60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60):
            press(scene, pitch)
        assert audience.state().key == "C major"
        assert audience.state().tempo is None  # all at once is a chord

    with_an_audience(session)
