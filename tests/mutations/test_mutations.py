"""The list of mutations is up to date; ``make mutations`` tries them, which takes minutes."""

import re
from pathlib import Path

import pytest

from mutations import MUTATIONS, Mutation

PROJECT = Path(__file__).resolve().parent.parent.parent

by_name = pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)


@by_name
def test_what_is_to_be_replaced_is_in_the_source_once(mutation: Mutation) -> None:
    assert (PROJECT / mutation.path).read_text(encoding="utf-8").count(mutation.text) == 1
    assert mutation.by != mutation.text


@by_name
def test_the_tests_that_are_to_notice_it_exist(mutation: Mutation) -> None:
    for test in mutation.tests:
        path, _, name = test.partition("::")
        module = (PROJECT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(" if name else r"^def test_", module, re.MULTILINE)


def test_no_two_have_one_name() -> None:
    assert len({each.name for each in MUTATIONS}) == len(MUTATIONS)
