"""What a replay is held against: another log, commands that a replay has written, or a recording."""

from pathlib import Path
from typing import Any

import msgspec

from antiphon.adapters.files.journal import TRACK_NAMES
from antiphon.adapters.files.reading import read_messages
from antiphon.adapters.files.session_log import SUFFIX, read_session_log
from antiphon.errors import SessionLogError, reason_of
from antiphon.replay.difference import Telling, in_words, tellings_in

COMMANDS = ".jsonl"
RECORDING = ".mid"


def commands_expected(path: Path) -> list[Telling]:
    """Return the commands of a log, or of a file that a replay has written.

    Raises:
        SessionLogError: it cannot be read, or is neither.
    """
    if path.suffix == SUFFIX:
        return [telling for step in read_session_log(path).steps for telling in tellings_in(step.said)]
    try:
        return [_command_in(line) for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise SessionLogError(f"{path} cannot be read: {reason_of(error)}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SessionLogError(
            f"{path} holds no commands; name a file that `antiphon replay --out` has written, a session log "
            f"({SUFFIX}) or a recording ({RECORDING})"
        ) from error


def _command_in(line: bytes) -> Telling:
    _, due, *_ = msgspec.json.decode(line, type=list[Any])
    return Telling(msgspec.convert(due, float), line.decode())


def messages_expected(path: Path) -> list[Telling]:
    """Return the answers of a recording: what was sent, and when, in seconds since its beginning.

    Raises:
        MidiFileError: it cannot be read.
    """
    return [Telling(at, in_words(message)) for at, message in read_messages(path, TRACK_NAMES["it"])]
