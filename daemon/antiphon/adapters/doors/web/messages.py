"""What a page and the daemon say to each other over a WebSocket, as JSON with a ``type``.

It does no I/O. All moments are monotonic seconds of the daemon's clock, which ``clock`` tells.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from antiphon.adapters.desk import DoorState
from antiphon.adapters.midi.connection import Direction
from antiphon.core.commands import Reason
from antiphon.core.metre import TempoSource
from antiphon.core.units import Part
from antiphon.errors import RequestError, reason_of
from antiphon.findings import Verdict

SOURCE = "the page"
"""What sentences call whoever asks for something here."""

LARGEST_MESSAGE = 4_096
LARGEST_REQUEST = 65_536
"""Bytes of a message, and of one that is a request: the longest phrase fits in it."""

MidiByte: TypeAlias = Annotated[int, Meta(ge=0, le=127)]
Id: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Whose: TypeAlias = Part | Literal["nobody"]
SessionId: TypeAlias = Annotated[str, Meta(max_length=32)]


class Press(Struct, frozen=True, forbid_unknown_fields=True, tag="press"):
    """Press a key of the screen's piano."""

    pitch: MidiByte
    velocity: Annotated[int, Meta(ge=1, le=127)] = 80


class Release(Struct, frozen=True, forbid_unknown_fields=True, tag="release"):
    """Let go of a key."""

    pitch: MidiByte


class Pedal(Struct, frozen=True, forbid_unknown_fields=True, tag="pedal"):
    """Move the sustain pedal; from 64 on it is down."""

    value: MidiByte


class Hold(Struct, frozen=True, forbid_unknown_fields=True, tag="hold"):
    """Hold it, or let go; when the page goes, it is let go of."""

    on: bool


class Ask(Struct, frozen=True, forbid_unknown_fields=True, tag="request"):
    """Ask for anything of ``antiphon.requests``, such as ``set`` or ``trigger``; an outcome comes back."""

    id: Id
    name: Annotated[str, Meta(max_length=60)]
    values: dict[str, object] = {}


class AskTheTime(Struct, frozen=True, forbid_unknown_fields=True, tag="clock"):
    """Ask what the daemon's clock shows."""

    id: Id


class Watch(Struct, frozen=True, forbid_unknown_fields=True, tag="watch"):
    """Be told from now on, or no longer, which pitch is expected next."""

    expect: bool


class Continue(Struct, frozen=True, forbid_unknown_fields=True, tag="continue"):
    """Have a recorded session answered as if it had stopped at a point, in seconds; an outcome comes back."""

    id: Id
    session: SessionId
    at: Annotated[float, Meta(ge=0, le=86_400)]


class Keep(Struct, frozen=True, forbid_unknown_fields=True, tag="keep"):
    """Keep the last that was played as a session of its own; an outcome comes back, with its id."""

    id: Id
    seconds: Annotated[float, Meta(ge=1, le=600)] = 120.0


Incoming: TypeAlias = Press | Release | Pedal | Hold | Ask | AskTheTime | Watch | Continue | Keep


class Hello(Struct, frozen=True, tag="hello"):
    """What a page is told first: everything that it shows."""

    version: str
    sections: Mapping[str, str]
    settings: Sequence["SettingShown"]
    state: "Shown"
    now: float


class SettingShown(Struct, frozen=True):
    """A setting that can change while it plays, and its value."""

    name: str
    section: str
    kind: Literal["bool", "int", "float", "str", "table"]
    choices: tuple[str, ...]
    choices_in_words: str
    lowest: float | None
    highest: float | None
    unit: str
    description: str
    value: object


class Heard(Struct, frozen=True, tag="heard"):
    """The player has pressed a key, on whatever keyboard; velocity 0 is its release."""

    at: float
    pitch: int
    velocity: int


class PedalMoved(Struct, frozen=True, tag="pedal"):
    """The player has moved the sustain pedal."""

    at: float
    value: int


class Up(Struct, frozen=True, tag="up"):
    """All of the player's keys and the pedal count as up."""

    at: float


class SentNote(Struct, frozen=True, tag="sent"):
    """A note of an answer was sent, due at a moment; velocity 0 is its release."""

    due: float
    pitch: int
    velocity: int


class Upcoming(Struct, frozen=True, tag="upcoming"):
    """All that is planned now, as due, pitch and velocity each; it replaces what was told before."""

    notes: Sequence[tuple[float, int, int]]


class Turn(Struct, frozen=True, tag="turn", omit_defaults=True):
    """Whose turn it is; where a phrase or an answer has ended with that, its notes and seconds."""

    whose: Whose
    reason: Reason | Literal[""] = ""
    notes: int = 0
    seconds: float = 0.0


class Notice(Struct, frozen=True, tag="notice"):
    """Something else that happened, by its name, and a number that goes with it."""

    what: Literal["player came", "player left", "notes dropped", "cue dropped", "pedal held", "keys held"]
    number: float = 0.0


class SettingsChanged(Struct, frozen=True, tag="settings"):
    """Other settings hold, by their full names; those ``waiting`` do after a restart."""

    changes: Mapping[str, object]
    waiting: tuple[str, ...]
    source: str


class PortChanged(Struct, frozen=True, tag="port"):
    """A MIDI port has gone or is back."""

    direction: Direction
    name: str
    lost: bool


class Expected(Struct, frozen=True, tag="expect"):
    """Which pitches are expected next of the player, the likeliest first, with their probabilities."""

    pitches: Sequence[tuple[int, float]]


class Delay(Struct, frozen=True):
    """How late something was since the start, in microseconds."""

    count: int
    p50: float
    p99: float
    max: float


class Shown(Struct, frozen=True, tag="state"):
    """What it is doing, once a second.

    Attributes:
        key: as heard; None while too little was.
        tempo: beats a minute that hold now; None where nobody gives a beat.
        tempo_from: who gives it.
        delays: how late what was; see the topic ``latency`` of MQTT.
        histogram: of the notes of answers: microseconds, and how many were later than the one before, up
            to that.
        doors: how each of the others is.
    """

    version: str
    mode: str
    engine: str
    model: str
    input: str
    output: str
    lost: tuple[Direction, ...]
    turn: Whose
    pedal_withholds: bool
    sounding: tuple[int, ...]
    notes_heard: int
    notes_played: int
    key: str | None
    chord: str | None
    tempo: float | None
    tempo_from: TempoSource | None
    delays: Mapping[str, Delay]
    histogram: Sequence[tuple[float, int]]
    doors: Mapping[str, DoorState]
    pages: int
    now: float


class FindingShown(Struct, frozen=True):
    """One thing that the doctor has looked at, and what to do about it, any one of it."""

    name: str
    verdict: Verdict
    value: str
    remedies: tuple[str, ...]


class Findings(Struct, frozen=True, tag="findings"):
    """What the doctor has found, which somebody has asked for by the request ``doctor``."""

    findings: tuple[FindingShown, ...]


class Clock(Struct, frozen=True, tag="clock"):
    """What the daemon's clock shows."""

    id: int
    now: float


class Outcome(Struct, frozen=True, tag="outcome", omit_defaults=True):
    """What became of what was asked for: nothing, or the sentence that says why not."""

    id: int
    error: str | None = None
    session: str = ""


class Trouble(Struct, frozen=True, tag="error"):
    """A sentence about something that went wrong."""

    text: str


Outgoing: TypeAlias = (
    Hello
    | Heard
    | PedalMoved
    | Up
    | SentNote
    | Upcoming
    | Turn
    | Notice
    | SettingsChanged
    | PortChanged
    | Expected
    | Shown
    | Findings
    | Clock
    | Outcome
    | Trouble
)

_decoder: msgspec.json.Decoder[Incoming] = msgspec.json.Decoder(Incoming)
_encoder = msgspec.json.Encoder()

frame_of = _encoder.encode
"""Returns a message as the text of one frame, in UTF-8."""


def opened(text: str) -> Incoming:
    """Return the message in a frame.

    Raises:
        RequestError: it is none, or larger than it may be.
    """
    try:
        message = _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise RequestError(f"this is no message of the page: {reason_of(error)}") from error
    if len(text) > LARGEST_MESSAGE and not isinstance(message, Ask):
        raise RequestError(f"this message is longer than {LARGEST_MESSAGE} characters")
    return message
