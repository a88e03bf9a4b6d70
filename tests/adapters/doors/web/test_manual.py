"""The page of addresses and messages: what it says is what the server does."""

import re
import typing
from pathlib import Path

import pytest

from antiphon.adapters.doors.web.messages import Incoming, Outgoing
from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)

from antiphon.adapters.doors.web import manual
from antiphon.adapters.doors.web.routes import SERVED

PROJECT = Path(__file__).resolve().parents[4]


def test_the_page_is_what_the_code_says() -> None:
    page = (PROJECT / "docs" / "page-messages.md").read_text(encoding="utf-8")
    assert page == manual.page() + "\n", "make docs writes it anew"


@pytest.mark.parametrize("union", [Incoming, Outgoing])
def test_every_message_is_in_it_with_its_fields(union: object) -> None:
    for struct in typing.get_args(union):
        lines = [
            line
            for line in manual.page().splitlines()
            if line.startswith(f"| `{struct.__struct_config__.tag}` |")
            and all(f"`{name}` " in line for name in struct.__struct_encode_fields__)
        ]
        assert lines
        assert all(len(line.split(" | ")[-1]) > len("a meaning |") for line in lines)


def test_every_address_is_in_it_and_says_what_is_there() -> None:
    lines = [line for line in manual.page().splitlines() if line.startswith("| `/")]
    assert len(lines) == len(SERVED)
    for line in lines:
        assert re.fullmatch(r"\| `/[A-Za-z/.]*` \| [A-Z].*\. \|", line)
