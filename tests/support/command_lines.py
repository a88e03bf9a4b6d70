"""The command lines in a script of a shell, and whether they would be understood; nothing is carried out."""

import shlex
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import dropwhile, groupby
from pathlib import PurePath
from typing import Any

import typer

from antiphon import config
from antiphon.cli import command_line
from antiphon.mistakes import Given, Origin
from antiphon.schema import schema

OPERATORS = "();<>|&"


def calls(script: str, program: str) -> Iterator[Sequence[str]]:
    """Yield the arguments of each call of a program in a script, under whatever path."""
    for line in script.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=OPERATORS)
        lexer.whitespace_split = True
        is_redirected = False
        for is_operator, words in groupby(lexer, lambda word: set(word) <= set(OPERATORS)):
            name, *arguments = words
            if not is_operator and not is_redirected and PurePath(name).name == program:
                yield arguments
            is_redirected = is_operator and bool({"<", ">"} & set(name))


def understood(arguments: Sequence[str]) -> None:
    """Have the command line of Antiphon read these arguments, and the settings that they name.

    Raises:
        Exception: it would refuse them; the message says why.
    """
    group = _commands()
    top = group.make_context("antiphon", list(arguments))
    name, command, rest = group.resolve_command(top, [*dropwhile(_is_flag, arguments)])
    given = command.make_context(name, rest, parent=top).params
    options = [
        Given(setting.dotted, given[key], Origin("option", key))
        for setting in schema().values()
        if given.get(key := setting.dotted.replace(".", "_")) is not None
    ]
    config.load(None, given.get("sets") or (), {}, options=options)


@cache
def _commands() -> Any:
    return typer.main.get_command(command_line(()))


def _is_flag(argument: str) -> bool:
    return argument.startswith("-")
