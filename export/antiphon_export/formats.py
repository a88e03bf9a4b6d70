"""Every file that Antiphon writes and reads again, as a page of documentation.

It is made of the very classes, names and numbers that the files are written with. It is here because only
this package may know of recordings, of models and of notes at once.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.files import session_log, transcript_lines
from antiphon.adapters.files.journal import TRACK_NAMES
from antiphon.adapters.files.writing import (
    ANSWER_CHANNEL,
    BEAT_MICROSECONDS,
    QUESTION_CHANNEL,
    TICKS_PER_BEAT,
    TICKS_PER_SECOND,
)
from antiphon.markdown import table
from antiphon_models.card import Card
from antiphon_models.markov.card import TableCard
from antiphon_models.notes import dataset
from antiphon_models.notes.event_files import FIELDS
from antiphon_models.rbm.spec import RbmCard
from antiphon_models.spec import EventCard
from antiphon_models.training import runs
from antiphon_models.tunes.spec import CharCard

PAGE = """\
# Every file

Written by `make docs`, from what the code says. Files of settings are TOML; [a page of their
own](settings.md) has what stands in them.
"""

RECORDINGS = f"""\
## A recording: `antiphon-2026-11-21-172248.mid`

A Standard MIDI File of type 1, in real time: {TICKS_PER_BEAT} ticks a quarter note of {BEAT_MICROSECONDS}
µs, so {TICKS_PER_SECOND} ticks are a second, whatever the tempo of the music. The track
`{TRACK_NAMES["you"]}` has what was heard, on channel {QUESTION_CHANNEL}; the track `{TRACK_NAMES["it"]}`
has what was played, on channel {ANSWER_CHANNEL}. The name says when the session began; that of a further
partner stands before the date, and a second one of the same second ends with `-2`. `antiphon respond
--with-input` writes the same two tracks. Any `.mid` file can be answered, and learnt from.

While a session lasts it is a `.journal`: a line of text for each message, with the seconds since the first,
who played it, and its bytes in hex. The next start makes recordings of those that a power cut left.
"""

SESSION_LOGS = f"""\
## A session log: `antiphon-2026-11-21-172248.session`

Lines of JSON, compressed with gzip, which [replays the session](replay.md). The first is the heading
(`session_log` is {session_log.FORMAT}). The next is an object: the moment, all settings of the music, the
seed, and the engine with its model and the hash of that. Every further line is a step, an array `[at, told,
drawn, said, expected]` without what is empty at its end: the seconds at which it happened, what the
improviser was told, what its engine drew, which commands followed, and when the engine expected the silence
to end. What is told and said are arrays too: a name and its fields, without those at the end that are as
they are by default. `Publish` has an occurrence within.
"""

MODELS = """\
## A model: a folder

`model.tflite` is what plays (of a table, `table.npz`), `card.json` says what it is, and `weights.npz`,
where there is one, is what a training can go on from. A card that does not belong to its file, or says
something that is not known here, is refused in a sentence.
"""

NOTES = f"""\
## Notes: a folder

What `antiphon prepare` makes of music. `{dataset.MANIFEST}` is an object, written last, of which `form` is
{dataset.FORM}; `{dataset.NAMES}` has the names of the pieces one after the other, `{dataset.REPORT}` says
what was left out and why, and `ledger.sqlite` what has been read.
"""

EVENT_FILES = """\
The events of all pieces, and a row of `index.bin` for each piece, are numbers one after the other, without
a heading:
"""

RUN = """\
## A run of training: a folder
"""


def page() -> str:
    """Return the page, in Markdown."""
    lines = [*PAGE.splitlines(), "", *RECORDINGS.splitlines(), "", *SESSION_LOGS.splitlines(), ""]
    lines += ["The heading:", "", *_struct(session_log.Heading), ""]
    for heading, kinds in (
        ("What it is told", transcript_lines.TOLD),
        ("What it says", transcript_lines.SAID),
        ("Occurrences", transcript_lines.OCCURRENCES),
    ):
        lines += [f"### {heading}", "", *_vocabulary(kinds), ""]
    lines += [*MODELS.splitlines(), "", "Every card:", "", *_struct(Card), ""]
    for card in (EventCard, TableCard, RbmCard, CharCard):
        lines += [
            f"Where `engine` is `{card.__struct_config__.tag}`, also:",
            "",
            *_struct(card, beyond=Card),
            "",
        ]
    lines += [*NOTES.splitlines(), "", *_struct(dataset.Manifest), "", *EVENT_FILES.splitlines(), ""]
    lines += [*table(("file", "each"), _numbers()), "", *RUN.splitlines(), "", *_files_of_a_run(), ""]
    lines += [f"## What it learnt from you: `{learnt_file.NAME}`", "", *_docstring(learnt_file)]
    return "\n".join(lines)


def _struct(struct: type[Struct], beyond: type[Struct] | None = None) -> Iterator[str]:
    """Yield a table of the fields of a struct, without those of what it derives from."""
    meanings = _attributes(struct)
    known = {each.name for each in msgspec.structs.fields(beyond)} if beyond else set()
    rows = [each.encode_name for each in msgspec.structs.fields(struct) if each.name not in known]
    yield from table(("field", "meaning"), ((f"`{name}`", meanings.get(name, "")) for name in rows))


def _docstring(module: ModuleType) -> Iterator[str]:
    """Yield what a module says of itself; what is indented there stands in a fence here."""
    paragraphs = (inspect.getdoc(module) or "").split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        fence = ["```text"], ["```"]
        before, after = fence if paragraph.startswith(" ") else ([], [])
        yield from ([""] if number else [])
        yield from (*before, *inspect.cleandoc("\n" + paragraph).splitlines(), *after)


def _attributes(struct: type[Struct]) -> Mapping[str, str]:
    """Return what the docstring says of each field."""
    _, _, told = (inspect.getdoc(struct) or "").partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n     +.*)*)", told, re.MULTILINE)
    return {name: " ".join(text.split()).replace("``", "`") for name, text in found}


def _vocabulary(kinds: Mapping[str, type[Struct]]) -> Iterator[str]:
    rows = (
        (f"`{name}`", ", ".join(f"`{each}`" for each in kind.__struct_fields__))
        for name, kind in kinds.items()
    )
    yield from table(("name", "fields"), rows)


def _numbers() -> Iterator[tuple[str, str]]:
    for field, kind in FIELDS.items():
        yield f"`{field}.bin`", _number(np.dtype(kind))
    row: Any = dataset.INDEX_ROW
    each = ", ".join(f"`{name}` {_number(row[name])}" for name in row.names)
    yield f"`{dataset.INDEX}`", f"{row.itemsize} bytes: {each}"


def _number(kind: np.dtype[Any]) -> str:
    return f"{kind.name}, little-endian" if kind.itemsize > 1 else kind.name


def _files_of_a_run() -> Iterator[str]:
    rows = re.findall(r"^([\w/.]+) {2,}(.+)$", inspect.getdoc(runs) or "", re.MULTILINE)
    yield from table(("file", "what is in it"), ((f"`{name}`", text) for name, text in rows))
