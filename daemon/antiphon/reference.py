"""Every command with its options, and every exit code, as a page of documentation.

It says what ``--help`` says, for it is made of the very same texts.
"""

import html
from collections.abc import Iterator

from antiphon.help_texts import Examples, HelpText, Paragraph, exit_codes, help_texts
from antiphon.markdown import table

PAGE = """\
# Every command

Written by `make docs`, from what `antiphon --help` and `antiphon COMMAND --help` say. In a clone of the
repository the command is `.venv/bin/antiphon`; a service has it as `antiphon`.

What most commands share: `--config FILE` reads settings from a file as well, and `--set` changes any of
[all settings](settings.md). Where a command has an option for a setting, that is the same as `--set` with its
full name.
"""


def page() -> str:
    """Return the page, in Markdown."""
    whole, *commands = help_texts()
    lines = [*PAGE.splitlines()]
    for each in (whole, *sorted(commands, key=lambda command: command.name)):
        lines += ["", f"## {each.name}", "", *_told_of(each)]
    return "\n".join([*lines, "", "## Exit codes", "", *table(("code", "meaning"), exit_codes())])


def _told_of(command: HelpText) -> Iterator[str]:
    """Yield what there is to say of a command: how it is called, its help, its arguments and options."""
    yield from ("```text", command.usage, "```", "")
    for paragraph in command.paragraphs:
        yield from _paragraph(paragraph)
    options = ((_code(names), meaning) for names, meaning in command.options)
    yield from table(("argument or option", "meaning"), options)


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    """Yield the lines of a paragraph; examples become a block of a shell."""
    if isinstance(paragraph, Examples):
        yield from (paragraph.heading, "", "```sh", *paragraph.lines, "```", "")
    else:
        yield from (*paragraph.splitlines(), "")


def _code(text: str) -> str:
    """Return what is shown as code in a cell, where a bar as such would begin the next cell."""
    if "|" not in text:
        return f"`{text}`"
    return f"<code>{html.escape(text).replace('|', '&#124;')}</code>"
