"""One partner on a broker: the desk that its commands go to, and what it has to say.

It does no I/O, and does not know what connects it to the broker.
"""

import asyncio

from antiphon.adapters.broadcast import Follower, News, is_tick
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.mqtt.inbox import Inbox
from antiphon.adapters.doors.mqtt.outbox import Message, Outbox
from antiphon.adapters.doors.mqtt.topics import Topics


class Speaker:
    """What is told of a partner while there is a connection.

    Args:
        desk: where requests to it are carried out.
        topics: its own.
        with_notes: whether its notes are told, one by one.

    Attributes:
        happened: set when its state may be another.
        news: what is still to be told; None while nobody can be told.
    """

    def __init__(self, desk: Desk, topics: Topics, with_notes: bool) -> None:
        self.desk = desk
        self.inbox = Inbox()
        self.outbox = Outbox(topics, with_notes)
        self.happened = asyncio.Event()
        self.news: Follower | None = None

    def hear(self, news: News) -> None:
        """Take down what happened."""
        if not is_tick(news):
            self.happened.set()
            if self.news is not None:
                self.news(news)

    def state(self) -> Message:
        """Return what it is doing now."""
        return self.outbox.state(self.desk.state(), self.desk.loaded.config)
