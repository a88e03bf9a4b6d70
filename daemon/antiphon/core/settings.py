"""The musical settings: the one schema of names, ranges and meanings.

Their defaults are in ``defaults.toml`` and nowhere else. The values are frozen: a change is a new value,
handed to the improviser as an event.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


ModeName = Literal["answer", "listen"]


class Play(Struct, frozen=True, forbid_unknown_fields=True):
    """How it plays."""

    mode: Annotated[ModeName, Meta(description="answer, or only listen")]
    temperature: Annotated[
        float, Meta(ge=0.0, le=2.0, description="0 plays the likeliest note, 1 as it learnt, above 1 wilder")
    ]
    min_p: Annotated[
        float,
        Meta(ge=0.0, le=1.0, description="leave out what is rarer than this share of the likeliest"),
    ]
    seed: Annotated[int, Meta(ge=-1, description="same seed, same answers; -1 draws one at each start")]
    seconds: Annotated[
        float, Meta(ge=0.0, le=600.0, description="length of an answer; 0 is as long as the question")
    ]
    lowest: Annotated[int, Meta(ge=0, le=127, description="lowest note of an answer, as a MIDI number")]
    highest: Annotated[int, Meta(ge=0, le=127, description="highest note of an answer, as a MIDI number")]
    polyphony: Annotated[int, Meta(ge=1, le=32, description="most notes sounding at once in an answer")]
    longest_note: Annotated[float, Meta(ge=0.1, le=60.0, description="seconds; a note is released by then")]
    transpose: Annotated[int, Meta(ge=-48, le=48, description="semitones added to every note that is sent")]
    thru: Annotated[bool, Meta(description="pass what you play to the output as well")]


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """When the player is done."""

    patience: Annotated[
        float, Meta(ge=0.1, le=10.0, description="how long a pause ends your turn, in notes at your pace")
    ]
    shortest_pause: Annotated[float, Meta(ge=0.05, le=10.0, description="seconds; none shorter ends a turn")]
    longest_pause: Annotated[float, Meta(ge=0.05, le=60.0, description="seconds; any longer ends a turn")]


class Latency(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens when there is not enough time."""

    late_onset: Annotated[
        float, Meta(ge=0.001, le=1.0, description="seconds; a later note is left out, a release never")
    ]
    look_ahead: Annotated[
        float, Meta(ge=0.0, le=5.0, description="seconds of music that are decided before they are due")
    ]
    step: Annotated[
        float,
        Meta(ge=0.0, le=1.0, description="seconds; a network that takes longer computes in a thread"),
    ]
    understudy: Annotated[
        str, Meta(description="shipped model that stands in where that comes too late; empty for none")
    ]
    priority: Annotated[
        int, Meta(ge=0, le=99, description="real-time priority, where the system allows it; 0 for none")
    ]


Key = Literal[
    "heard",
    "free",
    "C major",
    "C# major",
    "D major",
    "D# major",
    "E major",
    "F major",
    "F# major",
    "G major",
    "G# major",
    "A major",
    "A# major",
    "B major",
    "C minor",
    "C# minor",
    "D minor",
    "D# minor",
    "E minor",
    "F minor",
    "F# minor",
    "G minor",
    "G# minor",
    "A minor",
    "A# minor",
    "B minor",
]


class GuideSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What answers are to be like."""

    density: Annotated[
        float, Meta(ge=-1.0, le=40.0, description="notes per second; 0 as many as you play, -1 left free")
    ]
    loudness: Annotated[
        float, Meta(ge=-1.0, le=127.0, description="mean velocity; 0 as loud as you play, -1 left free")
    ]
    register: Annotated[
        float, Meta(ge=-1.0, le=127.0, description="mean MIDI note; 0 as high as you play, -1 left free")
    ]
    key: Annotated[Key, Meta(description="heard is the key you play in, free is whatever comes")]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the music itself depends on."""

    play: Play
    turn: Turn
    guide: GuideSettings
    latency: Latency
