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
from itertools import cycle
from pathlib import Path

from brokers import NO_BROKER, Broker, running_broker
from figures import Result, main_of
from jams import NO_JACK, jam, running_jack_server, script
from overheard import MANY_NOTES, PROGRAM, Onset, Span, answered, figures, told, within

TITLE = "lateness at the recorder beside a broker"
ROUNDS = 6
GOAL = 1.1
"""Of the 99th percentile without a broker, in parts of it."""

WITHOUT = "no broker"


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
    goals = {condition: GOAL for condition in onsets if condition != WITHOUT}
    return Result(f"{TITLE}: {count_} onsets of each at least", tuple(figures(onsets, WITHOUT, goals)))


def by_condition(folder: Path, broker: Broker) -> dict[str, list[Onset]]:
    """Return all onsets, by what the broker did meanwhile."""
    on_the_broker = ("mqtt.host=127.0.0.1", f"mqtt.port={broker.port}", "mqtt.id=hall", "mqtt.notes=true")
    conditions: dict[str, Callable[[], AbstractContextManager[None]]] = {
        WITHOUT: nullcontext,
        "with a broker": nullcontext,
        "it stands still": lambda: standing_still(broker),
        "it floods": lambda: flooding(broker),
        "it is gone": lambda: gone(broker),
        "it changes the engine": lambda: changing_engines(broker),
    }
    spans: dict[str, list[Span]] = {condition: [] for condition in conditions}
    with (
        jam(folder / "alone", *MANY_NOTES, program=PROGRAM, place="alone") as alone,
        jam(folder / "hall", *MANY_NOTES, *on_the_broker, program=PROGRAM, place="hall") as hall,
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
        condition: within(found[id(alone if condition == WITHOUT else hall)], of_it)
        for condition, of_it in spans.items()
    }


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
