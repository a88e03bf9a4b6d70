"""The daemon with a MIDI clock, end to end: sequencer, antiphon and recorder on real JACK ports."""

import json
import signal
import statistics
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import pytest

from jack_server import requires_jack, running_jack_server
from jam_session import Jam, jam, key

pytestmark = requires_jack

TICK, START, STOP = 0xF8, 0xFA, 0xFC

FRAMES_PER_CYCLE = 512

BPM = 150.0
BAR = 4 * 60.0 / BPM
"""Seconds."""

Timed = tuple[float, Sequence[int]]
"""Seconds after the beginning, and the bytes of a message."""


@pytest.fixture(scope="module", autouse=True)
def jack_server() -> Iterator[None]:
    # The usual cycles: with short ones a busy machine loses some of many messages on their way.
    with running_jack_server(FRAMES_PER_CYCLE):
        yield


def song(bars: float) -> list[Timed]:
    """A song that starts, and ticks for so many bars."""
    return [(0.0, (START,)), *((tick * BAR / 96, (TICK,)) for tick in range(round(96 * bars) + 1))]


def phrase(begins: float) -> list[Timed]:
    """Five even notes."""
    touches = [touch for pitch in (60, 62, 64, 65, 67) for touch in key(pitch)]
    moments = accumulate(wait for wait, _ in touches)
    return [(begins + at, data) for at, (_, data) in zip(moments, touches, strict=True)]


def send(session: Jam, *parts: Sequence[Timed]) -> list[tuple[float, tuple[int, ...]]]:
    """Send what several play at once; return when each message really left, and what it was."""
    timed = sorted((each for part in parts for each in part), key=lambda each: each[0])
    before = 0.0
    for at, data in timed:
        session.player.say(json.dumps({"at": at - before, "bytes": list(data)}))
        before = at
    sent = [json.loads(session.player.next_line()) for _ in timed]
    return [(record["at"], tuple(record["bytes"])) for record in sent]


def bars_begun(sent: Sequence[tuple[float, tuple[int, ...]]]) -> list[float]:
    """When each bar of the song began."""
    return [at for at, data in sent if data == (TICK,)][::96]


def test_an_answer_begins_with_a_bar_of_the_clock(tmp_path: Path) -> None:
    """Where a tick was late, a bar of its own was; the middle of a bar is most of a second away."""
    chosen = ("tempo.begin='bar'", "play.seed=1", "play.seconds=2", "turn.longest_pause=0.5")
    with jam(tmp_path, *chosen) as session:
        sent = send(session, song(bars=6), phrase(begins=1.7 * BAR))
        session.daemon.wait_for("a MIDI clock ticks, 1")
        onset = session.next_onset().at
        assert min(abs(onset - begun) for begun in bars_begun(sent)) < BAR / 10
        session.daemon.wait_for("the MIDI clock does not tick any more")


def test_a_clock_that_is_sent_starts_ticks_at_the_tempo_that_is_set_and_stops(tmp_path: Path) -> None:
    chosen = ("tempo.send='always'", "tempo.source='fixed'", f"tempo.bpm={BPM:g}", "play.mode='listen'")
    with jam(tmp_path, *chosen) as session:
        heard = [session.next_message() for _ in range(3 * 96)]
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
        heard += session.until_quiet(0.3)
    said = [message.data for message in heard if message.data[0] >= 0xF0]
    assert said.count((START,)) <= 1
    assert said[-1] == (STOP,)
    ticks = [message.at for message in heard if message.data == (TICK,)]
    # Over a beat, for JACK hands single ticks over in its own cycles.
    beats = [later - before for before, later in zip(ticks, ticks[24:], strict=False)]
    assert statistics.median(beats) == pytest.approx(BAR / 4, rel=0.05)
