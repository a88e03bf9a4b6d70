"""What ``--help`` says of every command, as values, for pages that are made of it.

It knows no command by name, and no form in which a page is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import typer

from antiphon import cli

WIDTH = 100
"""Of a line of usage; without it that would be as wide as the terminal in which a page is made."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Lines that are to be kept as they are, under a heading of their own."""

    heading: str
    lines: tuple[str, ...]


Paragraph: TypeAlias = str | Examples


@dataclass(frozen=True, slots=True)
class HelpText:
    """What there is to say of a command.

    Attributes:
        usage: how it is called; in several lines where it is long.
        options: each argument and option, and what it means.
    """

    name: str
    usage: str
    paragraphs: tuple[Paragraph, ...]
    options: tuple[tuple[str, str], ...]


def help_texts() -> tuple[HelpText, ...]:
    """Return that of ``antiphon`` itself, and then that of each of its commands."""
    group: Any = typer.main.get_command(cli.command_line(()))
    context = group.make_context("antiphon", [], resilient_parsing=True, terminal_width=WIDTH)
    texts = [_help_text("antiphon", group, context)]
    for name, command in group.commands.items():
        within = command.make_context(name, [], parent=context, resilient_parsing=True)
        texts.append(_help_text(name, command, within))
    return tuple(texts)


def exit_codes() -> list[tuple[str, str]]:
    """Return each exit code, and what it means."""
    return re.findall(r"^ +(\d+) +(.+)$", cli.EXIT_CODES, re.MULTILINE)


def _help_text(name: str, command: Any, context: Any) -> HelpText:
    usage = command.get_usage(context).removeprefix("Usage: ")
    records = (each.get_help_record(context) for each in command.get_params(context))
    return HelpText(name, usage, tuple(_paragraphs(command.help)), tuple(filter(None, records)))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b\n"):
            _, heading, *lines = paragraph.splitlines()
            yield Examples(heading, tuple(line.strip() for line in lines))
        else:
            yield paragraph
