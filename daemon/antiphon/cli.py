"""The command ``antiphon``: its commands put together, and whatever goes wrong told in a sentence.

Other packages add commands through an entry point group; they are looked up when a command is asked for that
is not one of the daemon's, or when all are listed.
"""

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import Annotated, Protocol, runtime_checkable

import typer

from antiphon import __version__, completion, screen
from antiphon.commands import BUILT_IN
from antiphon.errors import in_one_line

PLUGIN_GROUP = "antiphon.commands"

OTHER_WORDS = {"jam": "demo", "play": "run", "listen": "run"}
"""What somebody may call a command that has another name."""

EXIT_CODES = """\
\b
Exit codes:
  0  it ended as it should
  1  something else went wrong
  2  a setting or an option is wrong
  3  a MIDI port, or the MIDI system, is missing or taken
  4  a model file is missing or damaged
  5  a .mid file cannot be read or written, or a session log not be read
  6  there is no music to learn from, or training cannot go on
  130  you pressed Ctrl-C before it was done
"""


@runtime_checkable
class _UsageError(Protocol):
    """A slip in the command line; its class has another name and home in each version of Typer."""

    exit_code: int

    def format_message(self) -> str: ...


@runtime_checkable
class _Sentence(Protocol):
    """An error that is told in one sentence: one of ours, or of a package that adds a command."""

    exit_code: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; whatever goes wrong is told in a sentence."""
    given = _flags_first(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    begun = completion.joined(os.environ)
    try:
        commands = command_line(completion.words(os.environ) or given)
        result = commands(args=given, prog_name="antiphon", standalone_mode=False, obj=begun)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        # The reader has gone, as in `antiphon config | head`; nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  the last resort: no traceback may reach a user
        if debug:
            traceback.print_exc()
        return max([_told(each) for each in _leaves(error)], default=1)


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """Assemble the commands; those of other packages only where the one asked for is not ours."""
    commands = typer.Typer(name="antiphon", rich_markup_mode=None, pretty_exceptions_enable=False)
    commands.callback(invoke_without_command=True, epilog=EXIT_CODES)(_top)
    for function in BUILT_IN:
        commands.command()(function)
    ours = {function.__name__ for function in BUILT_IN}
    if next((each for each in arguments if not each.startswith("-")), None) not in ours:
        from importlib.metadata import entry_points

        from antiphon import plugins

        for plugin in entry_points(group=PLUGIN_GROUP):
            if plugin.name not in ours:
                plugins.take_in(plugin, commands)
    return commands


def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell more of what happens.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """You play, it answers: a musician for your MIDI keyboard.

    \b
    Example:
      antiphon run --in 'Keystation*' --out 'FLUID*'
    """
    from antiphon import log

    if version:
        print(f"antiphon {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
    else:
        log.configure(verbose or debug)


def _flags_first(arguments: Sequence[str]) -> list[str]:
    """Let --debug and --verbose stand after the command too, where one adds them in hindsight."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    flags = [each for each in arguments[:end] if each in ("--debug", "--verbose")]
    return [*flags, *(each for each in arguments[:end] if each not in flags), *arguments[end:]]


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield what went wrong in each of several tasks."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _told(error: BaseException) -> int:
    """Tell what went wrong on standard error and return the exit code for it."""
    for sentence in _sentences(error):
        print(screen.folded(f"antiphon: {sentence}", sys.stderr), file=sys.stderr)
    return error.exit_code if isinstance(error, _Sentence) else 1


def _sentences(error: BaseException) -> list[str]:
    match error:
        case _UsageError():
            return [_slip(error)]
        case _Sentence():
            return str(error).splitlines()
        case _:
            return [
                f"unexpected {type(error).__name__}: {in_one_line(error)}; "
                "run again with --debug for the traceback"
            ]


def _slip(error: _UsageError) -> str:
    """Say in a sentence what is wrong with the command line, with what was probably meant."""
    command = getattr(getattr(error, "ctx", None), "command_path", "antiphon")
    sentence = " ".join(error.format_message().split()).rstrip(".").replace(". Did you", "; did you")
    told = f"{sentence[:1].lower()}{sentence[1:]}"
    word = told.removeprefix("no such command ").strip("'")
    if word in OTHER_WORDS:
        told += f"; did you mean '{OTHER_WORDS[word]}'?"
    return f"{told} See {command} --help" if told.endswith("?") else f"{told}; see {command} --help"


if __name__ == "__main__":
    sys.exit(main())
