"""How people are told where the page is."""

import logging
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.doors.web.guard import digest_of
from antiphon.adapters.doors.web.secret import Secret
from antiphon.settings import Web
from default_config import loaded
from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)
pytest.importorskip("segno", reason=WEB)

from antiphon.adapters.doors.web.invitation import invite, names_of_ours, qr_code, reachable_at

LOCAL = loaded("web.port=8765").config.web


def at(address: str) -> Web:
    return msgspec.structs.replace(LOCAL, address=address)


def told(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(caplog.messages)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_on_this_machine_the_address_is_enough(caplog: pytest.LogCaptureFixture) -> None:
    assert invite(LOCAL, None) == "http://127.0.0.1:8765/"
    assert caplog.messages == ["the page is at http://127.0.0.1:8765/"]


def test_a_new_token_is_told_once_as_an_address_and_as_a_picture_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = invite(at("192.168.1.7"), Secret(digest_of("sesame"), Path("web-token"), "sesame"))
    assert url == "http://192.168.1.7:8765/?token=sesame"
    assert url in told(caplog)
    assert "\n".join(qr_code(url)) in told(caplog)


def test_a_token_that_was_told_before_is_not_told_again(caplog: pytest.LogCaptureFixture) -> None:
    assert invite(at("::1"), Secret(digest_of("sesame"), Path("web-token"))) == "http://[::1]:8765/"
    assert "remove web-token for another" in told(caplog)
    invite(at("::1"), Secret(digest_of("sesame")))
    assert "with ?token= and your token" in told(caplog)


def test_it_is_told_when_a_token_will_not_be_kept(caplog: pytest.LogCaptureFixture) -> None:
    invite(LOCAL, Secret(digest_of("sesame"), None, "sesame", "the disk is read-only"))
    assert caplog.records[-1].levelname == "WARNING"
    assert "the disk is read-only" in caplog.messages[-1]


def test_a_picture_is_a_square_of_half_blocks() -> None:
    lines = [*qr_code("http://192.168.1.7:8765/?token=sesame")]
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == (len(lines[0]) + 1) // 2
    assert set("".join(lines)) == set(" \u2580\u2584\u2588")


def test_where_all_addresses_are_listened_to_one_is_told_that_others_can_reach() -> None:
    assert reachable_at("127.0.0.1") == "127.0.0.1"
    assert reachable_at("piano.example.org") == "piano.example.org"
    assert reachable_at("0.0.0.0") not in ("", "0.0.0.0")
    assert reachable_at("::") not in ("", "::")


def test_its_names_are_those_of_the_machine_and_of_the_settings() -> None:
    names = names_of_ours("piano.example.org  salon.example.org")
    assert names[:2] == ["piano.example.org", "salon.example.org"]
    assert names[3] == f"{names[2]}.local"
