"""What a user is told when something goes wrong, read as one list: in one voice, and with what to do."""

import re
from pathlib import Path

import pytest

from sentences import Sentence, sentences

PROJECT = Path(__file__).resolve().parent.parent

ALL = list(
    sentences(
        *(
            PROJECT / folder
            for folder in ("daemon/antiphon", "models/antiphon_models", "export/antiphon_export")
        )
    )
)

WITHIN_BRACES = re.compile(r"\{[^{}]*\}")

NAMES = ("ALSA", "JACK", "MIDI", "NOTES")
"""What begins with a capital wherever it stands."""

COLD = re.compile(
    r"\b(traceback|exception|error|errno|invalid|illegal|fatal|fail(ed|ure)?|abort(ed)?|null|unable|bad|"
    r"sorry|please|oops)\b",
    re.IGNORECASE,
)
"""Words of programs about themselves, and of nobody's."""

SAYS_WHAT_TO_DO = re.compile(r"; |\bmust\b|\bhas to\b|^leave out |\btakes?\b|\bgive\b|\bcomes? with\b")

OF_A_REQUEST = ("RequestError", "AbcError", "SpellingError")
"""Answer a program that asked for something, or name a place in a text; the manual has what may be asked."""

GIVES_A_REASON = re.compile(r": \{[^{}]*\}|\{[^{}]*\}\)?$")
"""Somebody else's, such as the system's, or an end that is made up elsewhere."""


def told(kinds: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> list[Sentence]:
    return [each for each in ALL if (not kinds or each.kind in kinds) and each.kind not in but]


def literal(sentence: Sentence) -> str:
    return WITHIN_BRACES.sub("X", sentence.text)


def places(found: list[Sentence]) -> list[str]:
    return [f"{each.place}: {each.text}" for each in found]


def test_there_are_many_and_all_are_found() -> None:
    kinds = {each.kind for each in ALL}
    assert len(ALL) > 290
    assert {
        "ConfigurationError",
        "PortError",
        "ModelError",
        "DoorError",
        "OptionsError",
        "ExportError",
    } <= kinds


def test_each_begins_as_what_follows_a_colon() -> None:
    small = re.compile(rf"[^A-Z]|X|{'|'.join(NAMES)}")
    assert places([each for each in ALL if not small.match(literal(each))]) == []


def test_each_is_one_sentence_without_a_full_stop() -> None:
    assert places([each for each in ALL if re.search(r"[.!]$|\. [A-Z]|\n", literal(each))]) == []


def test_none_speaks_of_programs_or_begs_pardon() -> None:
    assert places([each for each in ALL if COLD.search(literal(each))]) == []


@pytest.mark.parametrize("kind", sorted({each.kind for each in told(but=OF_A_REQUEST)}))
def test_each_that_ends_a_command_says_what_to_do_or_gives_the_reason(kind: str) -> None:
    helpless = [
        each
        for each in told((kind,))
        if not SAYS_WHAT_TO_DO.search(each.text) and not GIVES_A_REASON.search(each.text)
    ]
    assert places(helpless) == []
