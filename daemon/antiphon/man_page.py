"""Every command with its options and exit codes as a page of the system's manual, ``man antiphon``.

It says what ``--help`` says, for it is made of the very same command line. Written in the macros of man(7).
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import typer

from antiphon import __version__, cli
from antiphon.config import SYSTEM_FILE

FILES = (
    (str(SYSTEM_FILE), "Settings for everybody on this machine."),
    ("~/.config/antiphon/antiphon.toml", "Your own settings, which go before those."),
    ("~/.local/share/antiphon/sessions", "What was played, as .mid files, and their logs."),
)

VARIABLES = (
    ("ANTIPHON_SECTION__KEY", "A setting, such as ANTIPHON_PLAY__TEMPERATURE=0.8; it goes before files."),
    ("NO_COLOR", "Where it is set, nothing is coloured."),
)

WIDTH = 78
"""Of a line; without it a line of usage would be as wide as the terminal in which the page is made."""


def page() -> str:
    """Return the page."""
    group: Any = typer.main.get_command(cli.command_line(()))
    context = group.make_context("antiphon", [], resilient_parsing=True, terminal_width=WIDTH)
    about, _, rest = group.help.partition("\n\n")
    # A heading begins a paragraph by itself.
    _, *description = _paragraphs(rest)
    lines = [
        '.\\" Written by `make docs`, from what `antiphon --help` and `antiphon COMMAND --help` say.',
        f'.TH ANTIPHON 1 "" "antiphon {__version__}" "User Commands"',
        ".SH NAME",
        f"antiphon \\- {_text(_lower_first(about.rstrip('.')))}",
        ".SH SYNOPSIS",
        *_usage(group, context),
        ".SH DESCRIPTION",
        *description,
        ".SH OPTIONS",
        *_listed(_records(group, context)),
        ".SH COMMANDS",
    ]
    for name, command in group.commands.items():
        within = command.make_context(name, [], parent=context, resilient_parsing=True)
        lines += [f".SS {_text(name)}", *_usage(command, within), *_paragraphs(command.help)]
        lines += _listed(_records(command, within))
    lines += [".SH EXIT STATUS", *_listed(re.findall(r"^ +(\d+) +(.+)$", cli.EXIT_CODES, re.MULTILINE))]
    lines += [".SH ENVIRONMENT", *_listed(VARIABLES), ".SH FILES", *_listed(FILES)]
    return "\n".join(lines)


def _usage(command: Any, context: Any) -> Iterator[str]:
    yield from (".nf", _text(" ".join(command.get_usage(context).removeprefix("Usage: ").split())), ".fi")


def _paragraphs(told: str) -> Iterator[str]:
    """Yield the paragraphs of a help text, examples as they stand."""
    for paragraph in told.split("\n\n"):
        if paragraph.startswith("\b\n"):
            _, heading, *examples = paragraph.splitlines()
            yield from (".PP", _text(heading), ".PP", ".RS 4", ".nf")
            yield from (_text(example.strip()) for example in examples)
            yield from (".fi", ".RE")
        else:
            yield from (".PP", *_wrapped(paragraph))


def _records(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    """Yield each argument and option, and what it means."""
    records = (each.get_help_record(context) for each in command.get_params(context))
    yield from (record for record in records if record)


def _listed(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in items:
        yield from (".TP", f"\\fB{_text(name)}\\fR", *_wrapped(meaning))


def _wrapped(text: str) -> Iterator[str]:
    """Yield lines that a formatter fills anew, and that a person can read as they are."""
    yield from map(_text, textwrap.wrap(" ".join(text.split()), WIDTH - 8, break_on_hyphens=False))


def _text(text: str) -> str:
    """Return text in which nothing is taken for a macro, and a hyphen is one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
