"""What can be sent to a daemon and what it sends, as a page of documentation.

The page is made of the very schema, topics and addresses that the doors use. What an event says is described
here, since nothing else in the code does.
"""

import inspect
import typing
from collections.abc import Iterator

import msgspec

from antiphon.adapters.doors.mqtt.inbox import PER_SECOND
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.adapters.doors.osc.addresses import ROOT
from antiphon.adapters.doors.osc.packets import LARGEST_PACKET, MOST_MESSAGES
from antiphon.adapters.doors.osc.patience import WEIGHT_PER_SECOND
from antiphon.adapters.faders import BETWEEN_MOVES
from antiphon.markdown import table
from antiphon.requests import REQUESTS, SHORT_FOR, PhraseNote
from antiphon.schema import Setting, schema

PAGE = """\
# Every topic and address

Written by `make docs`, from what the code says. [An installation](installation.md) is what they are for.

Over MQTT a command goes to one daemon, by its `mqtt.id`, at `antiphon/ID/cmd/…`; to all of them at
`antiphon/all/cmd/…`; and at `antiphon/group/NAME/cmd/…` to those whose `mqtt.groups` has the name. Over OSC
it goes to the port of one daemon, `osc.port`. [A further partner](partners.md) of a daemon is commanded at
`antiphon/ID/partner/NAME/cmd/…`, and tells its `state` and its events there too.
"""

COMMANDS = f"""\
## Commands

A payload is a JSON object with the fields, or nothing where none is needed; OSC takes names and values by
turns, or nothing, or the 1 of a button. A command that the broker had kept is not followed. `id`, which any
object may have, comes back with the outcome, and the same command with the same `id` is followed once.

Over MQTT no more than {PER_SECOND} commands in a second are followed, over OSC {WEIGHT_PER_SECOND:.0f}
values of each sender; a command counts as several. Of a fader that moves more often than every
{1000 * BETWEEN_MOVES:.0f} ms the latest value counts. At most {LARGEST_PACKET} bytes of a packet of OSC are
read, and {MOST_MESSAGES} messages of a bundle. One with a time tag is carried out at its moment, up to an
hour ahead; a trigger in it wants a second to be prepared in. A button may send 1 when it is pressed and 0
when it is let go: only the 1 does something.
"""

ONE_SETTING = """\
## One setting

A payload is the value, plain or as JSON. OSC takes `/antiphon/play/temperature` as well, and tells there what
holds. All of them are followed while it plays. A mood may also come over OSC as two numbers, those of a pad:
valence and arousal, each from -1 to 1.
"""

TOLD = """\
## What is told over MQTT

Everything but the plain words of `availability` and the sentences of `error` is a JSON object.

A daemon reads `antiphon/ID/cmd/#`, `antiphon/all/cmd/#` and `antiphon/group/NAME/cmd/#`, and writes below
`antiphon/ID/` and below `mqtt.discovery`; where there are further partners it reads
`antiphon/ID/partner/+/cmd/#` as well. These rights it needs. With an `acl_file`, mosquitto grants every
subscription and then delivers nothing: a command without any outcome tells of a right that is missing.
"""

SENT = """\
## What is sent over OSC

To everybody in `osc.send_to`, and for a minute to whoever has sent `/antiphon/subscribe`. `/antiphon/state`
is answered with all values at once: those of the settings, each at its own address, and those of the state.
"""

EVENTS = {
    "phrase": "somebody has played a phrase: `notes`, `seconds`",
    "turn": "`turn` is taken, given back (with `reason`, `notes`, `seconds`), or not taken (with `reason`)",
    "player": "`active`: somebody plays after a while, or nobody has for so many `seconds`",
    "note": "a note of `part` you or it: `pitch`, `velocity`, 0 for its end; with `mqtt.notes` only",
    "answer": "an answer that is over: its `notes`, as a trigger takes a phrase, its `reason` to end, and "
    "`hops`, the answers before it; with `mqtt.notes` or `mqtt.answers` only",
    "settings": "other settings hold: `changes`, those `waiting` for a restart, and their `source`",
    "port": "a MIDI port has gone or is back: `direction`, `name`, `lost`",
    "clock": "a MIDI clock `ticks`, at so many `bpm`, or does not any more",
    "song": "the song of that clock `runs`, or is stopped, at a `beat` counted from 0",
    "keys": "so many keys were `held` for so long that they count as released",
    "doctor": "what the doctor has found, as `antiphon doctor --json`: `can_play`, `exit_code`, `findings`",
    "model": "which `engine` and `model` play, when it first comes to the broker",
    "latency": "how late everything was since the start, in microseconds; once a minute",
    "command": "what became of a command, unless its sender named a response topic: `ok`, or an `error`",
}
"""Events of MQTT, by the last level of their topic."""

ADDRESSES = {
    "note": "pitch, velocity (0 for its end), seconds until it is due, it or you; with `osc.notes` only",
    "event/phrase": "somebody has played a phrase: notes, seconds",
    "event/turn": "taken; or given_back, reason, notes, seconds",
    "event/player": "1 when somebody plays after a while; 0 and seconds when nobody has for `turn.absence`",
    "event/dropped": "notes that would have come too late: how many, and by how many seconds",
    "event/cue": "dropped: what a trigger asked for does not come, since somebody plays",
    "event/port": "in or out, 0 when it is lost and 1 when it is back, its name",
    "event/doctor": "one of the things that the doctor has found: name, verdict, value, what to do about it",
    "event/pedal": "held: it would answer, but that the pedal is down",
    "event/hold": "long: it was held so long that everything is released",
    "event/keys": "held, and how many keys were down for so long that they count as released",
    "event/clock": "came and its beats a minute when a MIDI clock ticks; went when it does not any more",
    "event/song": "started or stopped, and the beat of that clock's song, counted from 0",
    "state/…": "what it is doing: the fields of `state` over MQTT, each with an address of its own, "
    "without a value where there is none",
    "ok": "what was asked was done; its name",
    "error": "it was not, and why, in a sentence",
}
"""What is sent over OSC, by the address below the root."""

TOPICS = Topics("ID")

AS_GOOD_AS_NONE = 1e9
"""A limit that nobody comes near is not worth a word."""


def page() -> str:
    """Return the page, in Markdown."""
    lines = [*PAGE.splitlines(), "", *COMMANDS.splitlines(), ""]
    lines += table(("MQTT", "OSC", "what it does"), _commands())
    for name, kind in (("trigger", REQUESTS["trigger"]), ("note of a phrase", PhraseNote)):
        lines += ["", f"### Fields of a {name}", "", *table(("field", "may be", "meaning"), _fields(kind))]
    lines += ["", *ONE_SETTING.splitlines(), ""]
    lines += table(("MQTT", "OSC", "may be", "meaning"), _settings())
    lines += ["", *TOLD.splitlines(), "", *table(("MQTT", "what it says"), _told())]
    sent = [(f"`{ROOT}{name}`", text) for name, text in ADDRESSES.items()]
    lines += ["", *SENT.splitlines(), "", *table(("OSC", "what it says"), sent)]
    return "\n".join(lines)


def _commands() -> Iterator[tuple[str, ...]]:
    for name, kind in REQUESTS.items():
        yield f"`{_below(TOPICS.command(name))}`", f"`{ROOT}{name}`", _first_sentence(kind)
    for name, dotted in SHORT_FOR.items():
        if dotted in schema():
            yield f"`{_below(TOPICS.command(name))}`", f"`{ROOT}{name}`", f"Set `{dotted}`."


def _fields(kind: type[msgspec.Struct]) -> Iterator[tuple[str, ...]]:
    for field in msgspec.structs.fields(kind):
        meta = next(_metas(field.type))
        unit = (meta.extra or {}).get("unit", "")
        needed = "needed" if field.required else ""
        yield (
            f"`{field.name}`",
            ", ".join(filter(None, (unit, _limits(meta), needed))),
            meta.description or "",
        )


def _limits(meta: msgspec.Meta) -> str:
    if meta.ge is None or meta.le is None:
        return ""
    return (
        f"from {meta.ge:.12g} up" if meta.le > AS_GOOD_AS_NONE else f"from {meta.ge:.12g} to {meta.le:.12g}"
    )


def _metas(annotated: object) -> Iterator[msgspec.Meta]:
    """Yield what a type says of itself, however deep it is among alternatives."""
    for each in typing.get_args(annotated):
        if isinstance(each, msgspec.Meta):
            yield each
        else:
            yield from _metas(each)


def _settings() -> Iterator[tuple[str, ...]]:
    for setting in schema().values():
        if setting.live:
            levels = ("set", setting.section, setting.name)
            limits = ", ".join(filter(None, (setting.unit, _range(setting))))
            yield (
                f"`{_below(TOPICS.command(*levels))}`",
                "" if setting.is_table else f"`{ROOT}{'/'.join(levels)}`",
                limits,
                setting.description,
            )


def _range(setting: Setting) -> str:
    return "true or false" if setting.kind is bool else setting.range


def _told() -> Iterator[tuple[str, ...]]:
    for topic in ("availability", "state", "error"):
        described = inspect.getdoc(getattr(Topics, topic)) or ""
        yield f"`{_below(getattr(TOPICS, topic))}`", described.replace("``", "`")
    for name, text in EVENTS.items():
        yield f"`{_below(TOPICS.event(name))}`", text


def _below(topic: str) -> str:
    return topic.removeprefix(f"{TOPICS.base}/")


def _first_sentence(kind: type) -> str:
    return (inspect.getdoc(kind) or "").splitlines()[0]
