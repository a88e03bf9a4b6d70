"""The LSTM engine: a model file, stepped one event at a time.

The network runs one event behind. The newest event waits until the next arrives or somebody asks what
comes next; then one call of the interpreter takes it in and samples at the same time. So hearing an event
costs one call and so does playing one, however long the music gets.
"""

import math
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon.adapters.models import ShippedModel
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from antiphon_models import vocab
from antiphon_models.spec import FADE, HELD_LONG, IMPOSSIBLE, SIGNATURE

Floats: TypeAlias = npt.NDArray[np.float32]
State: TypeAlias = tuple[Floats, ...]
Bins: TypeAlias = tuple[int, int, int]

FIELDS = 3
"""dt, velocity, pitch: drawn in this order."""

NOISE_WIDTH = vocab.DT_BINS + vocab.VELOCITY_CLASSES + vocab.PITCHES
SILENT = -math.inf
FORBIDDEN = 3 * IMPOSSIBLE
"""Counts for more than the network's own masks, which may leave nothing of what is allowed; a float16 still
holds the sum of all.
"""

MIDDLE = 60
"""Where it begins when it has heard nothing yet."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that has been heard. Never changed, so a snapshot is a reference.

    ``before`` is the network's state without the newest event, ``after`` with it once that is known;
    ``struck`` is the moment on ``clock`` at which each pitch began to sound.
    """

    before: State
    newest: Bins | None
    after: State | None
    struck: npt.NDArray[np.float64]
    clock: float


class LstmEngine:
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        network: what is stepped.
        seed: of everything that is drawn.
    """

    def __init__(self, network: "Network", seed: int) -> None:
        self._network = network
        self._random = np.random.default_rng(seed)
        silent = np.full(vocab.PITCHES, SILENT)
        self._heard = Heard(self._network.start_state(), None, None, silent, 0.0)

    def prime(self, event: MusicEvent) -> None:
        """Hear an event; the network takes in the one before it."""
        heard = self._heard
        before = heard.before
        if heard.newest is not None:
            before = heard.after or self._network.step(heard.newest, sounding(heard), before, OPEN)[0]
        dt = vocab.dt_bin(event.dt)
        clock = heard.clock + vocab.DT_GRID[dt]
        struck = heard.struck.copy()
        struck[event.pitch] = clock if event.velocity else SILENT
        newest = dt, vocab.velocity_class(event.velocity), int(event.pitch)
        self._heard = Heard(before, newest, None, struck, clock)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Draw the next event; the network takes in the newest one in the same call."""
        heard = self._heard
        if heard.newest is None:
            return self._first(constraints)
        after, drawn = self._network.step(
            heard.newest, sounding(heard), heard.before, self._question(constraints)
        )
        self._heard = Heard(heard.before, heard.newest, after, heard.struck, heard.clock)
        dt, class_, pitch = drawn
        seconds = min(max(vocab.DT_GRID[dt], constraints.shortest_dt), constraints.longest_dt)
        return MusicEvent(seconds, Velocity(vocab.velocity_of(class_)), Pitch(pitch))

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def _question(self, constraints: Constraints) -> "Question":
        is_drawn = constraints.temperature > 0
        noise = self._random.gumbel(size=(1, NOISE_WIDTH)).astype(np.float32)
        return Question(
            temperature=temperatures(constraints.temperature if is_drawn else 1.0),
            log_min_p=least_worth(constraints.min_p),
            noise=noise if is_drawn else NO_NOISE,
            dt=allowed_dt(constraints.shortest_dt, constraints.longest_dt),
            class_=allowed_classes(bool(constraints.onsets), bool(constraints.releases)),
            onsets=allowed_pitches(constraints.onsets),
            releases=allowed_pitches(constraints.releases),
        )

    def _first(self, constraints: Constraints) -> MusicEvent:
        """Begin out of nothing: a note near the middle, for the network has no word before the first."""
        if not constraints.onsets:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        pitches = sorted(constraints.onsets, key=lambda pitch: (abs(pitch - MIDDLE), pitch))[:12]
        chosen = int(self._random.integers(len(pitches))) if constraints.temperature > 0 else 0
        return MusicEvent(constraints.shortest_dt, Velocity(64), pitches[chosen])


@dataclass(frozen=True, slots=True)
class Question:
    """How the next event is to be drawn; the inputs of the same names in ``antiphon_models.spec``."""

    temperature: Floats
    log_min_p: Floats
    noise: Floats
    dt: Floats
    class_: Floats
    onsets: Floats
    releases: Floats


class Network(Protocol):
    """Takes in one event and draws the next, in one call."""

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        ...

    def step(self, event: Bins, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        ...


def sounding(heard: Heard) -> Floats:
    """Return what sounds, (1, 128): 0 silent, 1 just struck, fading to one half."""
    fresh = np.exp((heard.struck - heard.clock) / FADE)
    return np.where(heard.struck > SILENT, HELD_LONG + (1 - HELD_LONG) * fresh, 0.0).astype(np.float32)[None]


def temperatures(temperature: float) -> Floats:
    """Return the temperature of each field, (1, 3).

    It is for velocity and pitch only. Rare times are mostly long ones, so to favour the likely ones makes
    the music hurry and never breathe: over 32 pieces the answers had 1.9 times the density of the questions
    with dt at 0.9, and 1.4 times at 1.
    """
    return np.array([[1.0, temperature, temperature]], np.float32)


def least_worth(min_p: float) -> Floats:
    """Return the threshold of each field, (1, 3); time has none, as it has no temperature."""
    threshold = math.log(min_p) if min_p > 0 else IMPOSSIBLE
    return np.array([[IMPOSSIBLE, threshold, threshold]], np.float32)


def allowed_dt(shortest: float, longest: float) -> Floats:
    """Allow the bins whose centre lies between two times, or else the one nearest to the shortest."""
    allowed = np.full((1, vocab.DT_BINS), FORBIDDEN, np.float32)
    first, last = int(np.searchsorted(GRID, shortest)), int(np.searchsorted(GRID, longest, side="right"))
    if first < last:
        allowed[0, first:last] = 0.0
    else:
        allowed[0, vocab.dt_bin(shortest)] = 0.0
    return allowed


def allowed_classes(onsets: bool, releases: bool) -> Floats:
    """Allow onsets, a release, or both."""
    allowed = np.full((1, vocab.VELOCITY_CLASSES), 0.0 if onsets else FORBIDDEN, np.float32)
    allowed[0, vocab.RELEASE] = 0.0 if releases else FORBIDDEN
    return allowed


def allowed_pitches(pitches: frozenset[Pitch]) -> Floats:
    """Allow some pitches, (1, 128)."""
    allowed = np.full((1, vocab.PITCHES), FORBIDDEN, np.float32)
    allowed[0, list(pitches)] = 0.0
    return allowed


GRID = np.array(vocab.DT_GRID)
NO_NOISE = np.zeros((1, NOISE_WIDTH), np.float32)
OPEN = Question(
    temperature=np.ones((1, FIELDS), np.float32),
    log_min_p=np.full((1, FIELDS), IMPOSSIBLE, np.float32),
    noise=NO_NOISE,
    dt=np.zeros((1, vocab.DT_BINS), np.float32),
    class_=np.zeros((1, vocab.VELOCITY_CLASSES), np.float32),
    onsets=np.zeros((1, vocab.PITCHES), np.float32),
    releases=np.zeros((1, vocab.PITCHES), np.float32),
)
"""A question whose answer nobody reads, for steps that only take an event in."""


class StepGraph:
    """The signature of a model file, its tensors looked up once.

    Raises:
        ModelError: the file is not a graph of the kind that ``antiphon_models.spec`` describes.
    """

    def __init__(self, model: ShippedModel) -> None:
        self._spec = model.card.spec
        try:
            with without_notices():
                self._open(str(model.path), load_runtime())
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelError(
                f"{model.path} is not a model that this antiphon can step: {_in_one_line(error)}; "
                "export it anew"
            ) from error

    def _open(self, path: str, interpreter_class: Any) -> None:
        # A signature runner keeps its interpreter from being invoked: the tensors are looked up in one
        # and another is run.
        runner = interpreter_class(path).get_signature_runner(SIGNATURE)
        outputs = runner.get_output_details()
        self._inputs = {name: int(each["index"]) for name, each in runner.get_input_details().items()}
        self._interpreter = interpreter_class(path, num_threads=1)
        self._interpreter.allocate_tensors()
        names = self._spec.state_names
        self._state = [(self._inputs[name], int(outputs[f"{name}_after"]["index"])) for name in names]
        self._drawn = [int(outputs[f"next_{field}"]["index"]) for field in ("dt", "velocity", "pitch")]
        # One step is taken, so that what does not fit together is noticed here and not at the first note.
        self.step((0, 0, 0), np.zeros((1, vocab.PITCHES), np.float32), self.start_state(), OPEN)

    def start_state(self) -> State:
        """Return the state of a network that has heard nothing."""
        return tuple(np.zeros((1, self._spec.units), np.float32) for _ in self._state)

    def step(self, event: Bins, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        """Take in an event and draw the next; return the state after it and what was drawn."""
        put = self._put
        for name, value in zip(("dt", "velocity", "pitch"), event, strict=True):
            put(name, np.array([value], np.int32))
        put("sounding", sounding)
        for (index, _), part in zip(self._state, state, strict=True):
            self._interpreter.set_tensor(index, part)
        put("temperature", question.temperature)
        put("log_min_p", question.log_min_p)
        put("noise", question.noise)
        put("allow_dt", question.dt)
        put("allow_class", question.class_)
        put("allow_onset", question.onsets)
        put("allow_release", question.releases)
        self._interpreter.invoke()
        get = self._interpreter.get_tensor
        dt, class_, pitch = (int(get(index)[0]) for index in self._drawn)
        return tuple(get(index) for _, index in self._state), (dt, class_, pitch)

    def _put(self, name: str, value: npt.NDArray[Any]) -> None:
        self._interpreter.set_tensor(self._inputs[name], value)


def load_runtime() -> Any:
    """Return the interpreter class of whichever runtime is installed.

    Raises:
        ModelError: none is.
    """
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter  # 32-bit systems have only this one
        except ImportError as error:
            raise ModelError(
                "no runtime for model files is installed; run `pip install ai-edge-litert`"
            ) from error
    return Interpreter


@contextmanager
def without_notices() -> Iterator[None]:
    """Keep the runtime's notices from the user's terminal; what else is written meanwhile appears after.

    The runtime announces its delegate on standard error at the first model. The level of that log can be set
    in C++ only, in a library that exports nothing, so there is no other way than the file descriptor.
    """
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
        terminal = os.dup(2)
    except OSError:  # standard error is closed, and nothing can appear there
        yield
        return
    with _scratch_file() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            kept.seek(0)
            for line in kept:
                if not line.startswith(b"INFO: "):
                    os.write(2, line)


def _scratch_file() -> IO[bytes]:
    """Return a file in memory where there is such a thing: a Pi's disk may be read-only."""
    if sys.platform == "linux":
        return open(os.memfd_create("notices"), "r+b")
    return tempfile.TemporaryFile()


def _in_one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:1].lower() + text[1:] or type(error).__name__
