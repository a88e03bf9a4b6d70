"""Every command with its options and exit codes as a page of the system's manual, ``man antiphon``.

It says what ``--help`` says, for it is made of the very same texts. Written in the macros of man(7).
"""

import textwrap
from collections.abc import Iterable, Iterator

from antiphon import __version__
from antiphon.config import SYSTEM_FILE
from antiphon.help_texts import Examples, HelpText, Paragraph, exit_codes, help_texts

FILES = (
    (str(SYSTEM_FILE), "Settings for everybody on this machine."),
    ("~/.config/antiphon/antiphon.toml", "Your own settings, which go before those."),
    ("~/.local/share/antiphon/sessions", "What was played, as .mid files, and their logs."),
)

VARIABLES = (
    ("ANTIPHON_SECTION__KEY", "A setting, such as ANTIPHON_PLAY__TEMPERATURE=0.8; it goes before files."),
    ("NO_COLOR", "Where it is set, nothing is coloured."),
)

WIDTH = 70
"""Of a line of text, so that a person can read the page as it is."""


def page() -> str:
    """Return the page."""
    whole, *commands = help_texts()
    about, *description = whole.paragraphs
    assert isinstance(about, str)
    # A heading begins a paragraph by itself.
    _, *described = _paragraphs(description)
    lines = [
        '.\\" Written by `make docs`, from what `antiphon --help` and `antiphon COMMAND --help` say.',
        f'.TH ANTIPHON 1 "" "antiphon {__version__}" "User Commands"',
        ".SH NAME",
        f"antiphon \\- {_text(_lower_first(about.rstrip('.')))}",
        ".SH SYNOPSIS",
        *_usage(whole),
        ".SH DESCRIPTION",
        *described,
        ".SH OPTIONS",
        *_listed(whole.options),
        ".SH COMMANDS",
    ]
    for command in commands:
        lines += [f".SS {_text(command.name)}", *_usage(command), *_paragraphs(command.paragraphs)]
        lines += _listed(command.options)
    lines += [".SH EXIT STATUS", *_listed(exit_codes())]
    lines += [".SH ENVIRONMENT", *_listed(VARIABLES), ".SH FILES", *_listed(FILES)]
    return "\n".join(lines)


def _usage(command: HelpText) -> Iterator[str]:
    yield from (".nf", _text(" ".join(command.usage.split())), ".fi")


def _paragraphs(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """Yield the lines of a help text, examples as they stand."""
    for paragraph in paragraphs:
        if isinstance(paragraph, Examples):
            yield from (".PP", _text(paragraph.heading), ".PP", ".RS 4", ".nf")
            yield from map(_text, paragraph.lines)
            yield from (".fi", ".RE")
        else:
            yield from (".PP", *_wrapped(paragraph))


def _listed(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in items:
        yield from (".TP", f"\\fB{_text(name)}\\fR", *_wrapped(meaning))


def _wrapped(text: str) -> Iterator[str]:
    """Yield lines, which a formatter fills anew."""
    yield from map(_text, textwrap.wrap(" ".join(text.split()), WIDTH, break_on_hyphens=False))


def _text(text: str) -> str:
    """Return text in which nothing is taken for a macro, and a hyphen is one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
