"""The page of all files: what it says is what the code writes."""

from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.files.session_log import Heading
from antiphon.core.commands import PlayNote
from antiphon.core.events import KeyPressed
from antiphon_export import formats
from antiphon_models.card import Card
from antiphon_models.notes.dataset import Manifest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def page() -> str:
    return formats.page()


def test_the_page_is_what_the_code_says(page: str) -> None:
    written = (PROJECT / "docs" / "files.md").read_text(encoding="utf-8")
    assert written == page + "\n", "run `make docs`"


@pytest.mark.parametrize("struct", [Heading, Card, Manifest])
def test_every_field_is_there_with_its_meaning(page: str, struct: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(struct):
        assert f"\n| `{field.name}` | " in page
        assert f"\n| `{field.name}` |  |" not in page


def test_what_stands_in_a_log_is_there_with_its_fields(page: str) -> None:
    assert f"\n| `{KeyPressed.__name__}` | `pitch`, `velocity` |" in page
    assert f"\n| `{PlayNote.__name__}` | `due`, `pitch`, `velocity`, `part` |" in page


def test_the_cards_that_ship_have_only_fields_of_the_page(page: str) -> None:
    for card in (PROJECT / "models" / "antiphon_models" / "pretrained").glob("*/card.json"):
        for field in msgspec.json.decode(card.read_bytes()).keys() - {"engine"}:
            assert f"\n| `{field}` | " in page, card
