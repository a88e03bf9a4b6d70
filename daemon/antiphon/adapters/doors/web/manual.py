"""What the page's server answers and what is said over its WebSocket, as a page of documentation.

It is made of the very routes and messages that the server uses.
"""

import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Meta, Struct

from antiphon.adapters.doors.web.live import (
    BETWEEN_PINGS,
    MOST_PAGES,
    MOST_UNSENT,
    WEIGHT_OF_A_MISTAKE,
    WEIGHT_OF_A_REQUEST,
    WEIGHT_PER_SECOND,
)
from antiphon.adapters.doors.web.messages import LARGEST_MESSAGE, LARGEST_REQUEST, Incoming, Outgoing
from antiphon.adapters.doors.web.routes import SERVED, Routes
from antiphon.markdown import table

PAGE = """\
# What the page and the daemon say to each other

Written by `make docs`, from what the code says. It is for whoever makes a page of their own, or a program
that plays as one does. [The page](page.md) is what it is for.
"""

ROUTES = """\
## Addresses

Only `GET` is answered, and a request that brings something with it is refused. Where a token is wanted, it
comes once as `?token=…`, and from then on in the cookie that the answer sets.
"""

LIVE = f"""\
## Over the WebSocket

Every message is a JSON object in a frame of text, with its `type`. All moments are seconds of the daemon's
own clock, which `clock` tells. What a page says that is not understood is told in an `error` and changes
nothing.

A page may say {WEIGHT_PER_SECOND:.0f} things in a second, and as many at once; a request counts as
{1 + WEIGHT_OF_A_REQUEST:.0f}, a mistake as {1 + WEIGHT_OF_A_MISTAKE:.0f}. One that says more is closed with
1008. A request may have {LARGEST_REQUEST} characters, anything else {LARGEST_MESSAGE}. {MOST_PAGES} pages may
be open at once. One that leaves more than {MOST_UNSENT} bytes unread, or a ping unanswered for
{BETWEEN_PINGS / 2:.0f} seconds, is dropped; its keys and its pedal are let go.
"""


def page() -> str:
    """Return the page, in Markdown."""
    lines = [*PAGE.splitlines(), "", *ROUTES.splitlines(), ""]
    lines += table(("address", "what is there"), _addresses())
    lines += ["", *LIVE.splitlines()]
    for heading, union in (("What a page says", Incoming), ("What it is told", Outgoing)):
        lines += ["", f"### {heading}", ""]
        lines += table(("`type`", "fields", "meaning"), map(_message, typing.get_args(union)))
    for struct in _parts(typing.get_args(Outgoing)):
        lines += ["", f"### {struct.__name__}", "", _first_paragraph(struct), ""]
        lines += table(("field", "may be"), _fields(struct))
    return "\n".join(lines)


def _addresses() -> Iterator[tuple[str, ...]]:
    for address, name in SERVED.items():
        plain = re.sub(r"\{(\w+):[^}]*\}+", lambda found: found[1].upper(), address)
        yield f"`{plain}`", _first_paragraph(getattr(Routes, name))


def _message(struct: type[Struct]) -> tuple[str, ...]:
    fields = ", ".join(f"`{name}` {kind}".rstrip() for name, kind in _fields(struct, quoted=False))
    return f"`{struct.__struct_config__.tag}`", fields, _first_paragraph(struct)


def _fields(struct: type[Struct], quoted: bool = True) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(struct):
        yield f"`{field.name}`" if quoted else field.name, _kind(field.type)


def _kind(annotated: object) -> str:
    """Return what a type says of itself, in the words of JSON."""
    if annotated in _WORDS:
        return _WORDS[annotated]
    arguments = typing.get_args(annotated)
    origin = typing.get_origin(annotated)
    if origin is typing.Annotated:
        return f"{_kind(arguments[0])}{_limits(arguments[1])}"
    if origin is typing.Literal:
        return " or ".join(f'"{each}"' for each in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(_kind, arguments))
    if origin is tuple and arguments[-1] is not Ellipsis:
        return f"[{', '.join(map(_kind, arguments))}]"
    if origin in (tuple, Sequence):
        return f"list of {_kind(arguments[0])}"
    if origin in (dict, Mapping):
        return f"object of {_kind(arguments[1])}"
    assert isinstance(annotated, type), annotated
    return annotated.__name__


_WORDS: Mapping[object, str] = {
    bool: "true or false",
    float: "number",
    int: "integer",
    object: "anything",
    str: "text",
    type(None): "null",
}


def _limits(meta: Meta) -> str:
    if meta.ge is not None and meta.le is not None:
        return f" from {meta.ge:.16g} to {meta.le:.16g}"
    return f" of {meta.max_length} characters at most" if meta.max_length is not None else ""


def _parts(structs: Iterable[type[Struct]]) -> Iterator[type[Struct]]:
    """Yield the structs that are parts of messages and no messages themselves."""
    for struct in structs:
        for field in msgspec.structs.fields(struct):
            inner = [each for each in _within(field.type) if not each.__struct_config__.tag]
            yield from inner
            yield from _parts(inner)


def _within(annotated: object) -> Iterator[type[Struct]]:
    if isinstance(annotated, type) and issubclass(annotated, Struct):
        yield annotated
    for each in typing.get_args(annotated):
        yield from _within(each)


def _first_paragraph(what: object) -> str:
    return " ".join((inspect.getdoc(what) or "").partition("\n\n")[0].split()).replace("``", "`")
