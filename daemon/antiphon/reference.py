"""Every command with its options, and every exit code, as a page of documentation.

It says what ``--help`` says, for it is made of the very same command line. It knows no command by name.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

import typer

from antiphon import cli

PAGE = """\
# Every command

Written by `make docs`, from what `antiphon --help` and `antiphon COMMAND --help` say. In a clone of the
repository the command is `.venv/bin/antiphon`; a service has it as `antiphon`.

What most commands share: `--config FILE` reads settings from a file as well, and `--set` changes any of
[all settings](settings.md). Where a command has an option for a setting, that is the same as `--set` with its
full name.
"""

WIDTH = 100
"""Of a line of usage; without it that would be as wide as the terminal in which the page is made."""


def page() -> str:
    """Return the page, in Markdown."""
    group: Any = typer.main.get_command(cli.command_line(()))
    context = group.make_context("antiphon", [], resilient_parsing=True, terminal_width=WIDTH)
    lines = [*PAGE.splitlines(), "", "## antiphon", "", *_told_of(group, context)]
    for name in sorted(group.commands):
        command = group.commands[name]
        within = command.make_context(name, [], parent=context, resilient_parsing=True)
        lines += ["", f"## {name}", "", *_told_of(command, within)]
    return "\n".join([*lines, "", "## Exit codes", "", *_table(("code", "meaning"), _exit_codes())])


def _told_of(command: Any, context: Any) -> Iterator[str]:
    """Yield what there is to say of a command: how it is called, its help, its arguments and options."""
    yield from ("```text", command.get_usage(context).removeprefix("Usage: "), "```", "")
    yield from _help(command.help)
    records = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    yield from _table(("argument or option", "meaning"), ((_code(names), text) for names, text in records))


def _help(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those that are to be kept as they are become blocks of a shell."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b\n"):
            _, heading, *commands = paragraph.splitlines()
            yield from (heading, "", "```sh", *(line.strip() for line in commands), "```", "")
        else:
            yield from (*paragraph.splitlines(), "")


def _exit_codes() -> Iterator[tuple[str, str]]:
    yield from re.findall(r"^ +(\d+) +(.+)$", cli.EXIT_CODES, re.MULTILINE)


def _code(text: str) -> str:
    """Return what is shown as code in a cell, where a bar as such would begin the next cell."""
    if "|" not in text:
        return f"`{text}`"
    return f"<code>{html.escape(text).replace('|', '&#124;')}</code>"


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (heading, ("---",) * len(heading), *rows):
        yield f"| {' | '.join(cells)} |"
