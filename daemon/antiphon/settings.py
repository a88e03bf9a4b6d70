"""The settings of the daemon: section by section, each with its type, unit, range and meaning.

Those of the music are in ``core.settings``. The structs hold no defaults; these are in ``defaults.toml`` and
nowhere else. This module does not know what any setting does, nor where values come from.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from antiphon import guests
from antiphon.core.settings import (
    Actuator,
    Attract,
    Duet,
    GuideSettings,
    Latency,
    Play,
    Settings,
    Tempo,
    Turn,
    quantity,
)


class Midi(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the music comes from and goes to."""

    api: Annotated[
        Literal["auto", "alsa", "jack", "none"],
        Meta(
            description="MIDI system; auto takes the first that works; "
            "none opens no ports, so `run` wants another door, such as web.port, and `demo` brings its own"
        ),
    ]
    in_: Annotated[
        str,
        Meta(
            description="name of your keyboard, with * for any part; * alone is the first real one; "
            "serial:/dev/ttyAMA0 is a DIN socket on that line"
        ),
    ] = msgspec.field(name="in")
    out: Annotated[
        str,
        Meta(
            description="name of the instrument that answers, with * for any part; "
            "* alone is the first real one; serial:/dev/ttyAMA0 is a DIN socket on that line"
        ),
    ]
    wait: Annotated[
        bool,
        Meta(description="start even where a port that is named is missing, and wait until it is plugged in"),
    ]
    in_channel: Annotated[int, quantity(0, 16, "", "MIDI channel that is listened to; 0 hears all of them")]
    out_channel: Annotated[int, quantity(1, 16, "", "MIDI channel on which the answers are sent")]
    lowest_key: Annotated[
        int, quantity(0, 127, "MIDI note", "lowest key that is heard, where a keyboard is split")
    ]
    highest_key: Annotated[int, quantity(0, 127, "MIDI note", "highest key that is heard")]


class Model(Struct, frozen=True, forbid_unknown_fields=True):
    """Which trained network plays."""

    name: Annotated[
        str,
        Meta(
            description="a model of those that `antiphon models` lists; empty is the engine's own, "
            "and so is one for another engine"
        ),
    ]
    file: Annotated[
        str, Meta(description="path of a .tflite file with its card beside it; empty takes the name")
    ]


ENGINES = ("lstm", "markov", "blend", "rbm", "char-lstm")
"""The kinds of engine that ship; other packages may bring more."""


class Engine(Struct, frozen=True, forbid_unknown_fields=True):
    """What invents the notes, and what computes it."""

    kind: Annotated[
        str,
        Meta(
            description="what invents the notes: lstm is the trained network, markov learns from you while "
            "you play, blend is both at once, rbm draws whole bars, char-lstm "
            "writes tunes",
            extra={"shipped": ENGINES, "further": guests.names},
        ),
    ]
    accelerator: Annotated[
        str,
        Meta(
            description="what the network runs on: cpu, gpu, or the path of a delegate's library; "
            "`antiphon doctor` says how fast"
        ),
    ]
    longest_step: Annotated[
        float,
        quantity(0.0, 1.0, "s", "a network that takes longer for an event computes in a thread of its own"),
    ]
    understudy: Annotated[
        str,
        Meta(
            description="shipped model or kind of engine that stands in where the engine comes too late, is "
            "missing or breaks; empty for none"
        ),
    ]


class Markov(Struct, frozen=True, forbid_unknown_fields=True):
    """What the engines markov and blend learn from you, and how markov begins and ends."""

    learn: Annotated[bool, Meta(description="keep what is learnt for the next start")]
    file: Annotated[
        str,
        Meta(
            description="where that is kept; empty is learnt.markov, or a further partner's "
            "learnt-NAME.markov, in ~/.local/share/antiphon, for a service in its own folder"
        ),
    ]
    keep_last: Annotated[
        int, quantity(1, 100_000, "phrases", "how many of your phrases are remembered, the last ones")
    ]
    decay: Annotated[
        float,
        quantity(0.0, 0.5, "", "how much less it counts each time what you did once in the same place"),
    ]
    start: Annotated[
        Literal["free", "tonic"],
        Meta(description="on which note an answer begins: any, or one of the chord on the tonic of the key"),
    ]
    end: Annotated[
        Literal["free", "tonic"],
        Meta(description="on which note it ends: any, or nearly always one of that chord"),
    ]
    avoid: Annotated[
        str,
        Meta(
            pattern=r"^ *([A-Ga-g][#b]? *)*$",
            description="notes that it does without, such as F Bb",
            extra={"choices": "names of notes, with spaces between them"},
        ),
    ]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of every session."""

    enabled: Annotated[bool, Meta(description="keep every session as a .mid file with both parts")]
    folder: Annotated[
        str,
        Meta(
            description="folder of the recordings; empty is ~/.local/share/antiphon/sessions, for a service "
            "its own; where no disk can be written to, memory, and the log says so"
        ),
    ]
    megabytes: Annotated[
        int, quantity(1, 1_000_000, "MB", "the oldest recordings go when all of them take more")
    ]


class Trigger(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody can have played who is not at the keyboard."""

    folder: Annotated[
        str,
        Meta(
            description="folder of the .mid files that a trigger may name, read at the start; "
            "empty is ~/.local/share/antiphon/phrases"
        ),
    ]


class Osc(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may steer and watch it by Open Sound Control, from Max, Pd, SuperCollider or TouchOSC."""

    port: Annotated[int, quantity(0, 65535, "", "UDP port that is listened to; 0 is off")]
    address: Annotated[
        str,
        Meta(
            description="address that is listened to: 127.0.0.1 is for programs on this machine, 0.0.0.0 "
            "for all whom osc.allow names"
        ),
    ]
    allow: Annotated[
        str,
        Meta(
            description="addresses and networks that may come, such as 192.168.1.0/24, separated by "
            "spaces; empty is everybody, where none but this machine can"
        ),
    ]
    send_to: Annotated[
        str,
        Meta(
            description="who is sent everything that happens, such as 127.0.0.1:9001, separated by spaces; "
            "others subscribe"
        ),
    ]
    notes: Annotated[bool, Meta(description="send every note that is played and heard as well")]


class Web(Struct, frozen=True, forbid_unknown_fields=True):
    """The page in a browser, to play on, to see what it hears and answers, and to steer it by."""

    port: Annotated[int, quantity(0, 65535, "", "TCP port that the page is served at; 0 is off")]
    address: Annotated[
        str,
        Meta(
            description="address that is listened to: 127.0.0.1 is for browsers on this machine; for any "
            "other, such as 0.0.0.0, a browser has to bring the token once"
        ),
    ]
    hosts: Annotated[
        str,
        Meta(
            description="names under which the page may be asked for, such as piano.example.org, separated "
            "by spaces, beside this machine's own"
        ),
    ]
    token_file: Annotated[
        str,
        Meta(
            description="file that holds the token alone; empty is systemd's credential `web-token`, where "
            "there is one, or else a token that is made once and told in the log"
        ),
    ]


class Controls(Struct, frozen=True, forbid_unknown_fields=True):
    """What knobs, pedals, keys and buttons of yours do beside playing notes."""

    bindings: Annotated[
        dict[str, str],
        Meta(
            max_length=256,
            description='what each of them does, such as { "cc 20" = "play.blend", "note 21" = "panic" }; '
            "what is bound is heard as music no longer",
            extra={"choices": "a table of controls, each with a setting or an action"},
        ),
    ]
    in_: Annotated[
        str,
        Meta(
            description="name of a box of knobs beside your keyboard, with * for any part; of it nothing is "
            "heard but what is bound; empty for none"
        ),
    ] = msgspec.field(name="in")
    feedback: Annotated[
        str,
        Meta(
            description="name of the port of its motors and lights, which follow what others change, with * "
            "for any part; empty for none"
        ),
    ]


class System(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of the operating system."""

    priority: Annotated[
        int, quantity(0, 99, "", "real-time priority, where the system allows it; 0 asks for none")
    ]


class Mqtt(Struct, frozen=True, forbid_unknown_fields=True):
    """How it is triggered, steered and watched by way of an MQTT broker; needs the extra `mqtt`."""

    host: Annotated[str, Meta(description="name or address of the broker; empty keeps this door shut")]
    port: Annotated[
        int, quantity(0, 65_535, "", "where the broker listens; 0 is 1883, and 8883 where TLS is on")
    ]
    id: Annotated[
        str,
        Meta(
            pattern=r"^(?!(all|group)$)[A-Za-z0-9._-]*$",
            description="what this one is called in topics, `antiphon/ID/...`; empty is the host's name",
            extra={"choices": "of A-Z a-z 0-9 . _ -, but not all or group"},
        ),
    ]
    groups: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._ -]*$",
            description="it follows `antiphon/group/NAME/cmd/...` of these as well",
            extra={"choices": "of A-Z a-z 0-9 . _ -, with spaces between the names"},
        ),
    ]
    answers: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._ *-]*$",
            description="ids of those whose answers it answers in turn; * is anybody's, empty nobody's",
            extra={"choices": "of A-Z a-z 0-9 . _ - and *, with spaces between the ids"},
        ),
    ]
    hops: Annotated[
        int,
        quantity(
            0, 64, "", "answers to answers go no further than this from what a player or a trigger began"
        ),
    ]
    conductor: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._-]*$",
            description="id of the one whose clock counts where a trigger says when to begin; "
            "empty is this machine's own",
            extra={"choices": "of A-Z a-z 0-9 . _ -"},
        ),
    ]
    user: Annotated[str, Meta(description="whom the broker knows it as; empty for nobody")]
    password_file: Annotated[
        str,
        Meta(
            description="file that holds the password alone; empty is systemd's credential `mqtt-password`, "
            "where there is one"
        ),
    ]
    tls: Annotated[bool, Meta(description="speak to the broker through TLS")]
    ca_file: Annotated[
        str, Meta(description="PEM file of the CA that has signed the broker; empty trusts the system's")
    ]
    cert_file: Annotated[
        str, Meta(description="PEM file of the certificate to show to the broker; empty shows none")
    ]
    key_file: Annotated[
        str, Meta(description="PEM file of its key; empty where the certificate's file holds it")
    ]
    notes: Annotated[bool, Meta(description="tell every note, and those of an answer when it is over")]
    discovery: Annotated[
        str,
        Meta(
            description="first level of the topics in which Home Assistant discovers devices; "
            "empty for no discovery"
        ),
    ]


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting of the daemon, checked."""

    midi: Midi
    model: Model
    engine: Engine
    markov: Markov
    play: Play
    turn: Turn
    guide: GuideSettings
    tempo: Tempo
    duet: Duet
    attract: Attract
    latency: Latency
    actuator: Actuator
    record: Record
    trigger: Trigger
    mqtt: Mqtt
    osc: Osc
    web: Web
    controls: Controls
    system: System

    @property
    def settings(self) -> Settings:
        """The part that the music itself depends on."""
        return Settings(
            play=self.play,
            turn=self.turn,
            guide=self.guide,
            tempo=self.tempo,
            duet=self.duet,
            attract=self.attract,
            latency=self.latency,
            actuator=self.actuator,
        )
