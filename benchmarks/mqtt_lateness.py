"""How late notes are while a broker is well, stands still, floods the daemon, is gone, or changes the engine.

Two daemons play by turns over real JACK ports, of which one knows no broker. What the recorder hears is held
against the moments at which the notes were due; all processes read the same clock. The conditions take turns,
answer by answer, so that whatever else runs on this machine is in the way of all alike.

A flood is a thousand commands a second, most of them wrong. It costs the broker and its sender as much of the
machine as the daemon; on one of few cores that is seen too.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from brokers import NO_BROKER, Broker, running_broker
from figures import Figure, Result, main_of, percentile
from jams import NO_JACK, Jam, jam, running_jack_server, script

TITLE = "lateness at the recorder beside a broker"
ROUNDS = 6
GOAL = 1.1
"""Of the 99th percentile without a broker, in parts of it."""

MANY_NOTES = (
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.3",
    "play.seconds=10",
    "play.seed=4",
    "guide.density=16",
)

WITHOUT = "no broker"


@dataclass(frozen=True, slots=True)
class Onset:
    """When a note was due, when the daemon sent it, and when it was at the recorder; monotonic seconds."""

    due: float
    sent: float
    arrived: float


def measure() -> Result:
    """Let the daemons answer by turns, each condition as often."""
    if NO_JACK or NO_BROKER:
        return Result(TITLE, skipped=NO_JACK or NO_BROKER)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_jack_server(),
        running_broker(Path(folder)) as broker,
    ):
        onsets = by_condition(Path(folder), broker)
    count_ = min(map(len, onsets.values()))
    return Result(f"{TITLE}: {count_} onsets of each at least", tuple(figures(onsets)))


def figures(onsets: dict[str, list[Onset]]) -> Iterator[Figure]:
    """Yield the 99th percentiles, at the recorder and as the daemon sent them."""
    for what, moment in (("arrived", lambda onset: onset.arrived), ("sent", lambda onset: onset.sent)):
        late = {
            condition: [1e6 * (moment(onset) - onset.due) for onset in heard]
            for condition, heard in onsets.items()
        }
        alone = percentile(late[WITHOUT], 99)
        yield Figure(f"{what}, p99, {WITHOUT}", alone, "us", max(late[WITHOUT]))
        for condition, values in late.items():
            if condition != WITHOUT:
                goal = GOAL * alone if what == "arrived" else None
                p99 = percentile(values, 99)
                yield Figure(f"{what}, p99, {condition}", p99, "us", max(values), alone, goal)


def by_condition(folder: Path, broker: Broker) -> dict[str, list[Onset]]:
    """Return all onsets, by what the broker did meanwhile."""
    program = [script("overheard_daemon")]
    on_the_broker = ("mqtt.host=127.0.0.1", f"mqtt.port={broker.port}", "mqtt.id=hall", "mqtt.notes=true")
    conditions: dict[str, Callable[[], AbstractContextManager[None]]] = {
        WITHOUT: nullcontext,
        "with a broker": nullcontext,
        "it stands still": lambda: standing_still(broker),
        "it floods": lambda: flooding(broker),
        "it is gone": lambda: gone(broker),
        "it changes the engine": lambda: changing_engines(broker),
    }
    spans: dict[str, list[tuple[float, float]]] = {condition: [] for condition in conditions}
    with (
        jam(folder / "alone", *MANY_NOTES, program=program, place="alone") as alone,
        jam(folder / "hall", *MANY_NOTES, *on_the_broker, program=program, place="hall") as hall,
    ):
        hall.daemon.wait_for("on the MQTT broker")
        for round_ in range(ROUNDS + 1):
            for condition, holds in conditions.items():
                with holds():
                    span = answered(alone if condition == WITHOUT else hall)
                if round_:  # the first warms up
                    spans[condition].append(span)
                if condition in ("it stands still", "it is gone"):
                    hall.daemon.wait_for("on the MQTT broker")
        found = {id(session): told(session) for session in (alone, hall)}
    return {
        condition: [
            onset
            for onset in found[id(alone if condition == WITHOUT else hall)]
            if any(begin <= onset.due <= end for begin, end in spans[condition])
        ]
        for condition in conditions
    }


def answered(session: Jam) -> tuple[float, float]:
    """Have a phrase answered; return when it was played and when the answer was over."""
    begin = session.play_phrase()
    session.daemon.wait_for("answered with")
    return begin, session.until_quiet(0.3)[-1].at


def told(session: Jam) -> list[Onset]:
    """End the daemon, and return every onset of it that was sent."""
    session.daemon.child.terminate()
    due = json.loads(session.daemon.wait_for('{"onsets"'))
    arrived = [message for message in session.messages if message.is_onset]
    assert [message.data[1] for message in arrived] == [pitch for _, pitch in due["onsets"]]
    return [
        Onset(at, sent, message.at)
        for (at, _), sent, message in zip(due["onsets"], due["sent"], arrived, strict=True)
    ]


@contextmanager
def standing_still(broker: Broker) -> Iterator[None]:
    broker.freeze()
    try:
        yield
    finally:
        broker.thaw()


@contextmanager
def gone(broker: Broker) -> Iterator[None]:
    broker.kill()
    try:
        yield
    finally:
        broker.start()


@contextmanager
def flooding(broker: Broker) -> Iterator[None]:
    command = [sys.executable, script("mqtt_flood"), str(broker.port), "hall"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as flood:
        try:
            assert flood.stdout is not None
            flood.stdout.readline()
            yield
        finally:
            flood.kill()


@contextmanager
def changing_engines(broker: Broker) -> Iterator[None]:
    """Have one network take the place of the other twice a second."""
    from paho.mqtt import publish  # where it is missing there is no broker either

    over = threading.Event()

    def change() -> None:
        for model in cycle(("small", "default")):
            if over.wait(0.5):
                return
            publish.single("antiphon/hall/cmd/set", json.dumps({"model.name": model}), port=broker.port)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
