"""What is said of the command line as values: all of it, and nothing else."""

import pytest

from antiphon.commands import BUILT_IN
from antiphon.help_texts import WIDTH, Examples, HelpText, exit_codes, help_texts


@pytest.fixture(scope="module")
def texts() -> dict[str, HelpText]:
    return {each.name: each for each in help_texts()}


def test_the_whole_comes_first_and_then_every_command(texts: dict[str, HelpText]) -> None:
    first, *commands = texts
    assert first == "antiphon"
    assert {function.__name__ for function in BUILT_IN} | {"prepare", "train"} <= {*commands}


def test_usage_is_wrapped_whatever_terminal_it_is_made_in(texts: dict[str, HelpText]) -> None:
    lines = [line for each in texts.values() for line in each.usage.splitlines()]
    assert max(map(len, lines)) <= WIDTH
    assert texts["run"].usage.startswith("antiphon run [OPTIONS]")


def test_examples_stand_apart_from_the_text(texts: dict[str, HelpText]) -> None:
    about, *_ = texts["respond"].paragraphs
    [examples] = [each for each in texts["respond"].paragraphs if isinstance(each, Examples)]
    assert isinstance(about, str)
    assert examples.heading.startswith("Example")
    assert all(line.startswith("antiphon respond ") for line in examples.lines)


def test_each_option_says_what_it_means(texts: dict[str, HelpText]) -> None:
    for text in texts.values():
        assert text.options
        assert all(names and meaning for names, meaning in text.options)


def test_an_exit_code_is_a_number_with_a_meaning() -> None:
    codes = dict(exit_codes())
    assert {"0", "1", "2", "130"} <= codes.keys()
    assert all(code.isdigit() and meaning for code, meaning in codes.items())
