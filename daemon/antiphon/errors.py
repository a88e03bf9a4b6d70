"""Everything that can go wrong and be said in one sentence.

    AntiphonError
    ├── ConfigurationError    exit 2   a setting, a file of settings, or a combination of options
    ├── PortError             exit 3   a MIDI port or the MIDI system
    ├── ModelError            exit 4   a model file or its card
    ├── MidiFileError         exit 5   a .mid file that cannot be read or written
    ├── SessionLogError       exit 5   a session log that cannot be read
    ├── RequestError          exit 1   something asked of a daemon that plays
    └── DoorError             exit 1   what the daemon is steered and watched through, such as a broker

A message is one lowercase sentence that says what, where and what to do. Exit code 1 is any other
failure, 0 a clean end.
"""

import errno


class AntiphonError(Exception):
    """Something that the user can mend, told in one sentence."""

    exit_code = 1


class ConfigurationError(AntiphonError):
    """A setting is unknown, out of range or contradicts another."""

    exit_code = 2


class PortError(AntiphonError):
    """A MIDI port or the whole MIDI system is not there, or is taken."""

    exit_code = 3


class ModelError(AntiphonError):
    """A model file is missing, damaged, or not of the kind that its card says."""

    exit_code = 4


class MidiFileError(AntiphonError):
    """A MIDI file cannot be read as music, or cannot be written."""

    exit_code = 5


class SessionLogError(AntiphonError):
    """A session log is damaged, of another version, or none."""

    exit_code = 5


class RequestError(AntiphonError):
    """What is asked of a daemon that plays is unknown, wrong, or cannot be done now."""


class DoorError(AntiphonError):
    """What the daemon is steered and watched through cannot be reached, or refuses it; the music goes on."""


def reason_of(error: BaseException) -> str:
    """Return what an error of somebody else's code means, in words that fit after a colon."""
    match error:
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "there is no space left on the disk"
        case OSError(errno=errno.EACCES | errno.EPERM):
            return "it is not permitted"
        case OSError(errno=errno.EROFS):
            return "the disk is read-only"
        case OSError(errno=errno.ENOENT):
            return "the folder is not there"
        case OSError(errno=errno.ENOTDIR):
            return "what should be its folder is a file"
        case OSError(strerror=str(reason)):
            return _lower_first(reason)
    return _lower_first(in_one_line(error))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def in_one_line(error: BaseException) -> str:
    """Return what an error of somebody else's code says, without line breaks."""
    return legible(" ".join(str(error).split())) or type(error).__name__


def legible(text: str) -> str:
    """Return somebody else's text with all escaped that could steer the terminal it appears on."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )
