"""How late an instrument sounds: measured on one that says so exactly, misses notes, and hears octaves."""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.calibration import (
    LONGEST,
    REPEATS,
    VELOCITIES,
    Stroke,
    calibrate,
    evaluated,
    in_mixed_order,
    strike,
)
from antiphon.config import Loaded, load
from antiphon.core.events import Event, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from antiphon.core.velocity_latency import table_of
from antiphon.errors import ConfigurationError, PortError
from jack_server import requires_jack, running_jack_server
from jam_session import Process, script

SLOW = "1:150 127:10"


class SimulatedPiano:
    """An instrument whose time passes when somebody listens."""

    def __init__(self, latency: str, release: float = 0.03, octave: int = 0) -> None:
        self.sent: list[tuple[int, ...]] = []
        self.misses: set[int] = set()
        self._table, self._release, self._octave = table_of(latency), release, octave
        self._now = 1000.0
        self._coming: deque[tuple[float, Event]] = deque()

    def send(self, message: bytes) -> float:
        self.sent.append(tuple(message))
        pitch, velocity = Pitch(message[1] + 12 * self._octave), Velocity(message[2])
        if message[0] & 0xF0 == 0x90 and len(self.sent) not in self.misses:
            self._coming.append((self._now + self._table.at(velocity), KeyPressed(pitch, velocity)))
        elif message[0] & 0xF0 == 0x80:
            self._coming.append((self._now + self._release, KeyReleased(pitch)))
        return self._now

    def heard(self, until: float) -> tuple[Event, float] | None:
        if self._coming and self._coming[0][0] <= until:
            at, event = self._coming.popleft()
            self._now = max(self._now, at)
            return event, at
        self._now = max(self._now, until)
        return None


def stroke(velocity: int, onset: float | None, release: float | None = 0.04) -> Stroke:
    return Stroke(Velocity(velocity), onset, None if onset is None else release)


def test_a_note_is_timed_by_what_comes_back_and_let_go() -> None:
    piano = SimulatedPiano(SLOW)
    found = strike(piano, Velocity(1), channel=3)
    assert found.onset == pytest.approx(0.15)
    assert found.release == pytest.approx(0.03)
    assert piano.sent == [(0x92, 60, 1), (0x82, 60, 64)]


def test_a_note_that_does_not_come_back_is_let_go_as_well() -> None:
    piano = SimulatedPiano(SLOW)
    piano.misses = {1}
    assert strike(piano, Velocity(1), channel=1) == Stroke(Velocity(1), None, None)
    assert piano.sent[-1] == (0x80, 60, 64)


def test_a_box_that_hears_another_octave_is_believed() -> None:
    assert strike(SimulatedPiano(SLOW, octave=-1), Velocity(127), 1).onset == pytest.approx(0.01)


def test_what_comes_too_late_belongs_to_no_note() -> None:
    piano = SimulatedPiano(f"1:{1000 * LONGEST:.0f}")
    piano._release = 0.0
    assert strike(piano, Velocity(64), 1).onset == pytest.approx(LONGEST)


def test_every_velocity_is_played_as_often_and_in_no_order() -> None:
    order = in_mixed_order(REPEATS)
    assert sorted(order) == sorted([*VELOCITIES] * REPEATS)
    assert order != sorted(order)
    assert order == in_mixed_order(REPEATS)


def test_strokes_amount_to_settings() -> None:
    strokes = [stroke(velocity, table_of(SLOW).at(velocity)) for velocity in (5, 60, 127) for _ in range(3)]
    found = evaluated(strokes)
    assert found.settings == {"actuator.latency": "5:146 127:10", "actuator.release": 40.0}
    assert (found.unheard, found.is_silent) == ((), False)


def test_what_was_missed_is_left_out_and_said() -> None:
    found = evaluated([stroke(5, None), stroke(5, 0.1), *[stroke(60, 0.05)] * 2, *[stroke(127, 0.01)] * 2])
    assert found.latency == "60:50 127:10"
    assert found.unheard == (5,)


def test_releases_of_which_too_few_came_back_say_nothing() -> None:
    found = evaluated([stroke(60, 0.05, None)] * 3 + [stroke(60, 0.05)])
    assert found.release is None
    assert found.settings == {"actuator.latency": "60:50"}


def test_an_instrument_that_sounds_at_once_needs_no_table() -> None:
    found = evaluated([stroke(velocity, 0.002, 0.001) for velocity in (5, 127) for _ in range(3)])
    assert found.settings == {"actuator.latency": "", "actuator.release": 0.0}
    assert not found.is_silent


def test_an_instrument_that_never_comes_back_is_silent() -> None:
    assert evaluated([stroke(5, None), stroke(127, None)]).is_silent


def read(path: Path, *sets: str) -> Loaded:
    return load(path, ("midi.api=jack", *sets), {}, system_file=Path(os.devnull, "antiphon.toml"))


@pytest.fixture
def jack() -> Iterator[None]:
    with running_jack_server():
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "antiphon.toml"
    path.write_text('[midi]\nin = "piano-keys*"\nout = "piano:*"\n')
    return path


@pytest.fixture
def piano(jack: None) -> Iterator[Process]:
    """A piano that misses every seventh note."""
    options = ("--latency", SLOW, "--release", "60", "--misses", "7")
    process = Process(script("slow_piano"), "--name", "piano", *options)
    process.wait_for("ready")
    yield process
    process.end()


@requires_jack
@pytest.mark.usefixtures("piano")
def test_a_piano_on_real_ports_is_measured_and_what_was_measured_is_kept(file: Path) -> None:
    """The times themselves depend on the machine; that soft notes take much longer does not."""
    command = [
        sys.executable,
        "-m",
        "antiphon.cli",
        "calibrate",
        "--config",
        str(file),
        "--set",
        "midi.api=jack",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    assert "did not come back" in done.stdout
    assert done.stdout.endswith(f"kept in {file}\n")
    actuator = read(file).config.actuator
    table = table_of(actuator.latency)
    assert table.at(5) - table.at(127) > 0.07
    assert actuator.release > 30.0


@requires_jack
@pytest.mark.usefixtures("jack")
def test_an_instrument_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(PortError, match=r'no MIDI input matches "piano-keys\*"'):
        list(calibrate(read(file), keeps=True))
    with pytest.raises(PortError, match="there is no instrument to be measured; name its port with --in"):
        list(calibrate(read(file, "midi.in=virtual"), keeps=True))


def test_where_nothing_can_be_kept_nothing_is_played() -> None:
    nowhere = load(None, (), {}, system_file=Path(os.devnull, "antiphon.toml"))
    with pytest.raises(ConfigurationError, match="give --dry-run"):
        list(calibrate(nowhere, keeps=True))
