"""The musical settings: the one schema of names, units, ranges and meanings.

Their defaults are in ``defaults.toml`` and nowhere else. The values are frozen: a change is a new value,
handed to the improviser as an event.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from antiphon.core.hours import objection_to_hours
from antiphon.core.keys import ScaleName
from antiphon.core.mood_phrases import objection_to
from antiphon.core.velocity_latency import objection_to_latency

ModeName = Literal["answer", "listen", "duet", "takeover", "attract"]


def quantity(lowest: float, highest: float | None, unit: str, description: str) -> Meta:
    """Return what there is to say of a number: its range, both ends of it included, its unit and meaning.

    Args:
        lowest: the least that it may be.
        highest: the most that it may be; None where there is no limit.
        unit: what it is counted in, such as ``s``; empty for a ratio, or a number that counts nothing.
        description: what it means, as a phrase that begins in lower case and has no full stop.
    """
    return Meta(ge=lowest, le=highest, description=description, extra={"unit": unit})


class Play(Struct, frozen=True, forbid_unknown_fields=True):
    """How it plays."""

    mode: Annotated[
        ModeName,
        Meta(
            description="answer what you play; listen and stay silent; duet plays along with you; takeover "
            "plays on while you hold it; attract answers, and plays by itself when nobody is there"
        ),
    ]
    temperature: Annotated[
        float,
        quantity(0.0, 2.0, "", "how daring: 0 plays the likeliest note, 1 as it learnt, above 1 is wilder"),
    ]
    min_p: Annotated[
        float, quantity(0.0, 1.0, "", "leave out what is less likely than this share of the likeliest")
    ]
    seed: Annotated[
        int, quantity(-1, None, "", "the same number gives the same answers; -1 draws one at each start")
    ]
    seconds: Annotated[
        float, quantity(0.0, 600.0, "s", "length of an answer at most; 0 is as play.length says")
    ]
    length: Annotated[
        Literal["question", "phrase", "bars"],
        Meta(
            description="how long an answer is where nothing else limits it: as long as the question, until "
            "its phrase closes, or some bars, where there is a beat"
        ),
    ]
    bars: Annotated[int, quantity(1, 64, "bars", "how many bars, where play.length says bars")]
    lowest: Annotated[
        int, quantity(0, 127, "MIDI note", "lowest note of an answer; 21 is the lowest key of a piano")
    ]
    highest: Annotated[
        int, quantity(0, 127, "MIDI note", "highest note of an answer; 108 is the highest key of a piano")
    ]
    polyphony: Annotated[int, quantity(1, 32, "notes", "how many notes of an answer sound at once at most")]
    longest_note: Annotated[float, quantity(0.1, 60.0, "s", "how long a note of an answer is held at most")]
    transpose: Annotated[int, quantity(-48, 48, "semitones", "added to every note that is sent")]
    thru: Annotated[bool, Meta(description="pass what you play to the output as well")]
    blend: Annotated[
        float,
        quantity(
            0.0,
            1.0,
            "",
            "share in the engine blend of what you taught it; 0 is the network alone, 1 is your music alone",
        ),
    ]
    mood: Annotated[
        str,
        Meta(
            description="mood of the answers: how dense, loud, high and fast they are, and whether in major "
            "or minor; a setting for one of these alone counts before it",
            extra={
                "choices": "a phrase such as wonder and a little sad; valence and arousal, such as 0.5,-0.3; "
                "none",
                "objection": objection_to,
            },
        ),
    ]


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """When the player is done."""

    judge: Annotated[
        Literal["music", "pace"],
        Meta(
            description="what tells that your turn is over: the music, as far as the engine understands it, "
            "or your pace alone"
        ),
    ]
    patience: Annotated[
        float,
        quantity(
            0.1,
            10.0,
            "notes",
            "how long a pause ends your turn; by pace, so many of your notes, and by music, in proportion",
        ),
    ]
    shortest_pause: Annotated[float, quantity(0.05, 10.0, "s", "no shorter pause ends your turn")]
    longest_pause: Annotated[float, quantity(0.05, 60.0, "s", "any longer pause ends your turn")]
    longest_hold: Annotated[
        float,
        quantity(
            1.0,
            86_400.0,
            "s",
            "keys that are down for so long, with no other touched, count as released: an answer is not "
            "withheld for ever where a release got lost",
        ),
    ]
    absence: Annotated[
        float, quantity(1.0, 86_400.0, "s", "when nothing is touched for so long, nobody is there")
    ]


class Duet(Struct, frozen=True, forbid_unknown_fields=True):
    """How it plays along, in the mode duet."""

    style: Annotated[
        Literal["complement", "harmonise", "gaps"],
        Meta(
            description="complement plays beside your hands, sparser where you are busy; harmonise joins "
            "each of your notes; gaps plays where you pause"
        ),
    ]
    gap: Annotated[
        float, quantity(0.02, 5.0, "s", "no note of it begins sooner than this after one of yours")
    ]
    density: Annotated[
        float, quantity(0.5, 40.0, "notes/s", "how dense both of you are together, in the style complement")
    ]
    lingers: Annotated[float, quantity(0.5, 60.0, "s", "how long it goes on after your last note, at most")]


class Attract(Struct, frozen=True, forbid_unknown_fields=True):
    """How it plays by itself, in the mode attract."""

    after: Annotated[
        float, quantity(2.0, 86_400.0, "s", "it begins when nobody has touched anything for so long")
    ]
    rest: Annotated[float, quantity(1.0, 86_400.0, "s", "how long it rests between two pieces")]
    seconds: Annotated[float, quantity(4.0, 600.0, "s", "length of a piece at most")]
    fade: Annotated[float, quantity(0.1, 20.0, "s", "how long it takes to fade out when somebody plays")]
    hours: Annotated[
        str,
        Meta(
            description="hours of the day in which it plays by itself; empty is all of them",
            extra={
                "choices": "times such as 9:00-12:30 14:00-22:00, of this machine's time zone",
                "objection": objection_to_hours,
            },
        ),
    ]


class Latency(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens when there is not enough time."""

    late_onset: Annotated[
        float, quantity(0.001, 1.0, "s", "a note that is later is left out; a release never is")
    ]
    look_ahead: Annotated[float, quantity(0.0, 5.0, "s", "how much of an answer is decided before it is due")]


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
    "Db major",
    "Eb major",
    "Gb major",
    "Ab major",
    "Bb major",
    "Cb major",
    "Db minor",
    "Eb minor",
    "Gb minor",
    "Ab minor",
    "Bb minor",
    "Cb minor",
]


class GuideSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What answers are to be like."""

    density: Annotated[
        float, quantity(-1.0, 40.0, "notes/s", "how dense; 0 is as dense as you play, -1 leaves it free")
    ]
    loudness: Annotated[
        float, quantity(-1.0, 127.0, "velocity", "how loud; 0 is as loud as you play, -1 leaves it free")
    ]
    register: Annotated[
        float, quantity(-1.0, 127.0, "MIDI note", "how high; 0 is as high as you play, -1 leaves it free")
    ]
    key: Annotated[
        Key,
        Meta(
            description="in which key; heard is the one you play in, free is whatever comes",
            extra={"choices": "heard, free, or a key such as F# minor or Bb major"},
        ),
    ]
    scale: Annotated[
        ScaleName,
        Meta(
            description="scale on the tonic of that key that guide.lock keeps to; key is major, or minor; "
            "chord is the notes of the chord that you play"
        ),
    ]
    lock: Annotated[
        float, quantity(0.0, 1.0, "", "share of the notes that are held to that scale; 1 is all of them")
    ]
    zone: Annotated[
        int,
        quantity(
            0, 127, "MIDI note", "keys below it are no question, and only say which chord is meant; 0 is none"
        ),
    ]
    follow: Annotated[
        float,
        quantity(
            0.0,
            1.0,
            "",
            "how far answers follow how dense, loud and high you play, as far as nothing else says it; "
            "0 is not at all",
        ),
    ]
    tempo: Annotated[
        float, quantity(0.25, 4.0, "", "how many times as fast it is played as it was thought of")
    ]


class Tempo(Struct, frozen=True, forbid_unknown_fields=True):
    """Beat and bar: who gives them, and whether an answer keeps to them."""

    source: Annotated[
        Literal["auto", "clock", "heard", "fixed"],
        Meta(
            description="who gives the beat: a MIDI clock at the input, your playing as heard, or tempo.bpm; "
            "auto is the clock where one ticks, and else your playing"
        ),
    ]
    bpm: Annotated[
        float, quantity(30.0, 300.0, "beats/min", "the beat where it is fixed, or sent and none is heard yet")
    ]
    bar: Annotated[int, quantity(0, 16, "beats", "how long a bar is; 0 is as you play, or 4 by a MIDI clock")]
    begin: Annotated[
        Literal["free", "beat", "bar"],
        Meta(description="where an answer begins: as soon as it is its turn, or on the next beat or bar"),
    ]
    quantise: Annotated[
        float, quantity(0.0, 1.0, "", "how far its notes are drawn to the grid; 1 puts them on it")
    ]
    grid: Annotated[
        Literal["1/4", "1/8", "1/8 triplet", "1/16", "1/16 triplet", "1/32"],
        Meta(description="the notes that the grid is made of, where a beat is 1/4"),
    ]
    swing: Annotated[
        float,
        quantity(0.5, 0.75, "", "share of a beat that the first of two eighths takes; 0.67 is a triplet's"),
    ]
    send: Annotated[
        Literal["off", "answers", "always"],
        Meta(description="whether a MIDI clock is sent to the output: never, while it answers, or always"),
    ]


class Actuator(Struct, frozen=True, forbid_unknown_fields=True):
    """How long an instrument with hammers takes to sound; `antiphon calibrate` measures it."""

    latency: Annotated[
        str,
        Meta(
            max_length=400,
            description="how long a note takes, by its velocity, such as 1:155 40:90 100:0; it is sent so "
            "much earlier; empty for an instrument that sounds at once",
            extra={"choices": "pairs of velocity and ms", "objection": objection_to_latency},
        ),
    ]
    release: Annotated[float, quantity(0.0, 500.0, "ms", "how long the end of a note takes")]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the music itself depends on; all of it but the seed can change while it plays."""

    play: Play
    turn: Turn
    guide: GuideSettings
    tempo: Tempo
    duet: Duet
    attract: Attract
    latency: Latency
    actuator: Actuator
