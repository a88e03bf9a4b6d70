"""More than two hands can play, over real JACK ports: nothing of the music gets lost on its way."""

import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mido
import pytest

from instruments import Keyboard, Synth
from jack_instruments import keyboard, synth
from jack_server import requires_jack, running_jack_server
from jam_session import Process

pytestmark = requires_jack

FRAMES_PER_CYCLE = 512

NOTE_ON, NOTE_OFF, CONTROL = 0x90, 0x80, 0xB0
TICK, ACTIVE_SENSING = 0xF8, 0xFE
MODULATION, EXPRESSION, CUTOFF = 1, 11, 74

SECONDS = 3.0
PATIENCE = 10.0

Timed = tuple[float, tuple[int, ...]]
"""Seconds after the beginning, and the bytes of a message."""


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    with running_jack_server(FRAMES_PER_CYCLE):
        yield


@dataclass
class Stage:
    """A keyboard, a daemon that passes on what is played, and a synth."""

    keyboard: Keyboard
    synth: Synth
    daemon: Process
    recordings: Path

    def play(self, *parts: Sequence[Timed]) -> None:
        """Play what several hands play at once, while what is heard is taken from its queue."""
        began = time.monotonic()
        for at, message in together(*parts):
            while (left := began + at - time.monotonic()) > 0:
                time.sleep(min(left, 0.02))
                self.synth.heard  # noqa: B018  fetched, so that the queue never fills
            self.keyboard.play(*message)

    def hears(self, is_all: Callable[[Sequence[Sequence[int]]], bool]) -> list[tuple[int, ...]]:
        """Return what the synth has heard, as soon as that is all."""
        give_up_at = time.monotonic() + PATIENCE
        while not is_all(self.synth.heard) and time.monotonic() < give_up_at:
            time.sleep(0.01)
        return [tuple(message) for message in self.synth.heard]

    def end(self) -> list[str]:
        """End the daemon in good order; return what it said."""
        self.daemon.child.send_signal(signal.SIGTERM)
        assert self.daemon.child.wait(20) == 0
        return self.daemon.lines_until_quiet(0.2)

    def onsets_recorded(self, part: str) -> int:
        """Return how many notes of a part the recording holds."""
        [recording] = self.recordings.glob("*.mid")
        [track] = [track for track in mido.MidiFile(recording).tracks if track.name == part]
        return sum(message.type == "note_on" and message.velocity > 0 for message in track)


@contextmanager
def stage(folder: Path, mode: str) -> Iterator[Stage]:
    """Put a daemon between a keyboard and a synth; recordings go into ``folder``."""
    ports = ("midi.api='jack'", "midi.in='hands*'", "midi.out='sounds*'", "midi.in_channel=0")
    music = (f"play.mode='{mode}'", "play.thru=true", f"record.folder='{folder}'")
    options = [word for setting in (*ports, *music) for word in ("--set", setting)]
    with keyboard("hands") as hands, synth("sounds") as sounds:
        daemon = Process("-m", "antiphon.cli", "run", *options, stderr=subprocess.STDOUT)
        try:
            daemon.wait_for("listening on")
            yield Stage(hands, sounds, daemon, folder)
        finally:
            daemon.end()


def together(*parts: Sequence[Timed]) -> list[Timed]:
    return sorted((each for part in parts for each in part), key=lambda each: each[0])


def two_hands(events_a_second: float = 200.0) -> list[Timed]:
    """Keys pressed and let go, so many a second, no two of one pitch at once."""
    interval = 2.0 / events_a_second
    played = []
    for number in range(round(SECONDS / interval)):
        at, pitch = number * interval, 30 + number * 7 % 60
        played += [(at, (NOTE_ON, pitch, 1 + number % 127)), (at + 2.5 * interval, (NOTE_OFF, pitch, 64))]
    return together(played)


def controllers(a_second: float = 1000.0) -> list[Timed]:
    """Three controllers that are moved all the time, and come to rest."""
    dice = random.Random(5)
    numbers = (MODULATION, EXPRESSION, CUTOFF)
    count = round(SECONDS * a_second)
    return [
        (number / a_second, (CONTROL, numbers[number % 3], dice.randrange(128))) for number in range(count)
    ]


def sixteen_clocks() -> list[Timed]:
    """As many sequencers as there are channels, at 120 beats a minute, and their active sensing."""
    ticks = [(number / (16 * 48.0), (TICK,)) for number in range(round(16 * 48 * SECONDS))]
    sensing = [(number * 0.3 / 16, (ACTIVE_SENSING,)) for number in range(round(16 * SECONDS / 0.3))]
    return together(ticks, sensing)


def notes(messages: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    return [tuple(message) for message in messages if message[0] & 0xE0 == 0x80]


def are_all(played: Sequence[Timed]) -> Callable[[Sequence[Sequence[int]]], bool]:
    """Return what tells whether as many notes were heard as were played."""
    count = len(notes([message for _, message in played]))
    return lambda heard: len(notes(heard)) >= count


def sounding(messages: Sequence[Sequence[int]]) -> set[int]:
    sounds: set[int] = set()
    for status, pitch, velocity in notes(messages):
        (sounds.add if status & 0xF0 == NOTE_ON and velocity else sounds.discard)(pitch)
    return sounds


def test_two_hands_at_two_hundred_events_a_second_are_all_heard_in_order_and_kept(tmp_path: Path) -> None:
    played = two_hands()
    with stage(tmp_path, "listen") as on:
        on.play(played)
        heard = on.hears(are_all(played))
        assert notes(heard) == [message for _, message in played]
        on.end()
        assert on.onsets_recorded("you") == len(played) // 2


def test_all_keys_at_once_are_heard_again_and_again(tmp_path: Path) -> None:
    pressed = [(NOTE_ON, pitch, 64) for pitch in range(128)]
    released = [(NOTE_OFF, pitch, 64) for pitch in range(128)]
    played = [(0.5 * turn, message) for turn in range(4) for message in (released if turn % 2 else pressed)]
    with stage(tmp_path, "listen") as on:
        on.play(played)
        assert notes(on.hears(are_all(played))) == [message for _, message in played]
        on.end()
        assert on.onsets_recorded("you") == 256


def test_a_thousand_controllers_a_second_leave_every_note_and_end_where_they_were_left(
    tmp_path: Path,
) -> None:
    hands, knobs = two_hands(40.0), controllers()
    with stage(tmp_path, "listen") as on:
        on.play(hands, knobs)
        left = at_rest([message for _, message in knobs])
        heard = on.hears(lambda heard: are_all(hands)(heard) and at_rest(heard) == left)
        assert notes(heard) == [message for _, message in hands]
        assert at_rest(heard) == left


def at_rest(messages: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return where each controller was left."""
    return {message[1]: message[2] for message in messages if message[0] & 0xF0 == CONTROL}


def test_sixteen_clocks_and_their_active_sensing_leave_every_note(tmp_path: Path) -> None:
    hands = two_hands(40.0)
    with stage(tmp_path, "listen") as on:
        on.play(hands, sixteen_clocks())
        assert notes(on.hears(are_all(hands))) == [message for _, message in hands]


def test_all_of_it_together_in_a_duet_leaves_nothing_out_and_nothing_sounding(tmp_path: Path) -> None:
    hands = two_hands()
    with stage(tmp_path, "duet") as on:
        on.play(hands, controllers(), sixteen_clocks())
        said = on.end()
        assert not any("count as released" in line or "vanished" in line for line in said)
        assert sounding(on.hears(lambda heard: not sounding(heard))) == set()
        assert on.onsets_recorded("you") == len(hands) // 2
