"""What can go wrong in preparing, training and measuring, and be said in one sentence.

    TrainingError          exit 6
    ├── CorpusError        music that is not where it was said to be, or nothing to learn from
    └── DatasetError       a folder of notes that is missing, unfinished or damaged

A message is one lowercase sentence that says what, where and what to do. The command line knows these by
their ``exit_code``.
"""


class TrainingError(Exception):
    """Something that the user can mend, told in one sentence."""

    exit_code = 6


class CorpusError(TrainingError):
    """The music is not where it was said to be, or there is nothing to learn from."""


class DatasetError(TrainingError):
    """A folder of notes is missing, unfinished or damaged, or cannot be written."""
