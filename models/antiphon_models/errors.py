"""What can go wrong in preparing, training and measuring, and be said in one sentence.

    TrainingError          exit 6
    ├── OptionsError       exit 2   options that do not go together
    ├── CorpusError        music that is not where it was said to be, or nothing to learn from
    ├── DatasetError       a folder of notes that is missing, unfinished or damaged
    └── FolderError        a folder that cannot be written into, or that holds other things

A message is one lowercase sentence that says what, where and what to do. The command line knows these by
their ``exit_code``.
"""


class TrainingError(Exception):
    """Something that the user can mend, told in one sentence."""

    exit_code = 6


class OptionsError(TrainingError):
    """Options that do not go together."""

    exit_code = 2


class CorpusError(TrainingError):
    """The music is not where it was said to be, or there is nothing to learn from."""


class DatasetError(TrainingError):
    """A folder of notes is missing, unfinished or damaged, or cannot be written."""


class FolderError(TrainingError):
    """A folder cannot be written into, or holds other things."""


def reason(error: OSError) -> str:
    """Return why the system refused, as the end of a sentence: ``no space left on device``."""
    told = error.strerror or str(error) or type(error).__name__
    return told[:1].lower() + told[1:]
