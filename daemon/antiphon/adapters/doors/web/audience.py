"""All pages that are open, and what they are told: encoded once, and sent to each in turn.

Between two of them the loop has its turn, so that a note that is due meanwhile is not late by more than it
takes to write to one socket.
"""

import asyncio
from typing import Protocol

import antiphon
from antiphon.adapters.broadcast import Follower, Heard, News, Sent, is_tick
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.web.messages import (
    Delay,
    Expected,
    Hello,
    Outgoing,
    Shown,
    Turn,
    Upcoming,
    Whose,
    frame_of,
)
from antiphon.adapters.doors.web.reports import messages_of, settings_shown, without_paths
from antiphon.adapters.histogram import MICROSECONDS, Summary
from antiphon.adapters.pacer import clock
from antiphon.core.commands import PlayNote, Publish, TurnGivenBack, TurnTaken
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.units import Seconds
from antiphon.schema import sections

BETWEEN_PLANS: Seconds = 0.05
BETWEEN_EXPECTATIONS: Seconds = 0.1
BETWEEN_STATES: Seconds = 1.0


class Page(Protocol):
    """A page that is open somewhere.

    Attributes:
        expects: whether it is to be told which pitch is expected next.
    """

    expects: bool

    async def send(self, frame: bytes) -> None:
        """Send a frame, or where the page is too slow, drop it; never waits for the network."""
        ...

    async def dismiss(self) -> None:
        """Tell it that the daemon is going."""
        ...


class Audience:
    """Tells all pages what happens.

    Args:
        desk: where everything is told and asked.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages: set[Page] = set()
        self._news = Follower()
        self._something_happens = asyncio.Event()
        self._turn = Turn("nobody")
        self._plan = Upcoming(())
        self._player_moved = False
        self._expects_again_at: Seconds = 0.0
        desk.broadcast.listen(self._hear)

    def __len__(self) -> int:
        return len(self._pages)

    async def join(self, page: Page) -> None:
        """Greet a page, and tell it everything from now on."""
        self._pages.add(page)
        self._something_happens.set()
        await page.send(frame_of(self.hello()))

    def leave(self, page: Page) -> None:
        self._pages.discard(page)

    async def dismiss(self) -> None:
        """Tell all pages that the daemon is going."""
        await asyncio.gather(*(page.dismiss() for page in self._pages))

    async def tell(self) -> None:
        """Tell what happens until this is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell_news())
            tasks.create_task(self._tell_plans())
            tasks.create_task(self._tell_state())

    def hello(self) -> Hello:
        """Return what a page is told first."""
        settings = settings_shown(self._desk.loaded.config)
        there = {setting.section for setting in settings}
        about = {name: text for name, text in sections().items() if name in there}
        return Hello(antiphon.__version__, about, settings, self.state(), clock())

    def state(self) -> Shown:
        """Return what it is doing now."""
        state, impression = self._desk.state(), self._desk.impression()
        delays = {name: getattr(state.delays, name) for name in state.delays.__struct_fields__}
        return Shown(
            version=antiphon.__version__,
            mode=state.mode,
            engine=state.engine,
            model=without_paths(state.model),
            input=without_paths(state.input),
            output=without_paths(state.output),
            lost=state.lost,
            turn=self._whose,
            pedal_withholds=state.pedal_withholds,
            sounding=state.sounding,
            notes_heard=state.notes_heard,
            notes_played=state.notes_played,
            key=impression.key,
            chord=impression.chord,
            tempo=state.tempo,
            tempo_from=state.tempo_from,
            delays={name: _delay(summary) for name, summary in delays.items()},
            histogram=self._histogram(),
            doors={name: self._desk.door(name) for name in ("mqtt", "osc")},
            pages=len(self._pages),
            now=clock(),
        )

    def _histogram(self) -> list[tuple[float, int]]:
        return [(round(MICROSECONDS * end, 1), count) for end, count in self._desk.lateness().octaves()]

    def _hear(self, news: News) -> None:
        if self._pages and not is_tick(news):
            self._news(news)
            self._something_happens.set()
            if isinstance(news, Heard) and isinstance(news.event, KeyPressed | KeyReleased):
                self._player_moved = True

    async def _send(self, message: Outgoing) -> None:
        frame = frame_of(message)
        for page in tuple(self._pages):
            await page.send(frame)
            await asyncio.sleep(0)  # so that the music comes between

    async def _tell_news(self) -> None:
        async for news in self._news:
            for message in messages_of(news):
                await self._send(message)
            await self._tell_answer(news)
            await self._tell_turn()

    async def _tell_answer(self, news: News) -> None:
        """Tell that an answer begins or has ended, with what there is to say of that."""
        if isinstance(news, Sent) and isinstance(news.command, Publish):
            match news.command.occurrence:
                case TurnTaken(onsets, seconds):
                    await self._send_turn(Turn("it", "", onsets, seconds))
                case TurnGivenBack(reason, onsets, seconds):
                    await self._send_turn(Turn(self._whose, reason, onsets, seconds))

    async def _tell_turn(self) -> None:
        """Tell whether the player is in the middle of a phrase, where that has changed and nobody answers."""
        if self._whose != self._turn.whose and "it" not in (self._whose, self._turn.whose):
            await self._send_turn(Turn(self._whose))

    async def _send_turn(self, turn: Turn) -> None:
        self._turn = turn
        await self._send(turn)

    @property
    def _whose(self) -> Whose:
        return self._desk.turn or "nobody"

    async def _tell_plans(self) -> None:
        while True:
            await self._something_happens.wait()
            self._something_happens.clear()
            while self._pages:
                is_over = self._desk.turn is None
                await self._tell_turn()
                await self._tell_plan()
                await self._tell_expectation()
                if is_over:
                    break
                await asyncio.sleep(BETWEEN_PLANS)

    async def _tell_plan(self) -> None:
        plan = Upcoming(
            tuple(
                (note.due, note.pitch, note.velocity if isinstance(note, PlayNote) else 0)
                for note in self._desk.upcoming()
            )
        )
        if plan != self._plan:
            self._plan = plan
            await self._send(plan)

    async def _tell_expectation(self) -> None:
        watching = [page for page in self._pages if page.expects]
        if not watching or not self._player_moved or clock() < self._expects_again_at:
            return
        expected = self._desk.expectation()
        if expected is None:
            return
        self._player_moved = False
        self._expects_again_at = clock() + BETWEEN_EXPECTATIONS
        likeliest = sorted(expected.items(), key=lambda each: -each[1])
        frame = frame_of(Expected([(pitch, round(share, 3)) for pitch, share in likeliest]))
        for page in watching:
            await page.send(frame)

    async def _tell_state(self) -> None:
        while True:
            await asyncio.sleep(BETWEEN_STATES)
            if self._pages:
                await self._send(self.state())


def _delay(summary: Summary) -> Delay:
    return Delay(summary.count, summary.p50, summary.p99, summary.max)
