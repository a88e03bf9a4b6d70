"""Who is let in, and who is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.doors.web.guard import Asked, Guard, digest_of, is_loopback, is_same

OPEN = Guard(["Piano.example.org", "pi"], None)
CLOSED = Guard([], digest_of("sesame"))


def status(asked: Asked, guard: Guard = OPEN) -> int | None:
    refusal = guard.refusal(asked)
    return None if refusal is None else refusal.status


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8765",
        "127.0.0.1:8765",
        "[::1]:8765",
        "192.168.1.7",
        "piano.example.org",
        "PIANO.example.org.:80",
        "pi:8765",
    ],
)
def test_it_is_served_under_any_address_and_the_names_that_are_ours(host: str) -> None:
    assert status(Asked(host)) is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[", "@pi"]
)
def test_a_name_that_was_made_to_lead_here_is_refused(host: str) -> None:
    assert status(Asked(host)) == 421


def test_a_page_of_the_very_same_place_may_come() -> None:
    assert status(Asked("pi:8765", origin="http://pi:8765", site="same-origin")) is None
    assert status(Asked("piano.example.org", origin="https://piano.example.org")) is None


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://pi",
        "http://pi:80",
        "null",
        "file://",
        "http://[",
        "http://pi:8765.evil.example",
    ],
)
def test_a_page_of_another_place_is_refused(origin: str) -> None:
    assert status(Asked("pi:8765", origin=origin)) == 403


@pytest.mark.parametrize(
    ("site", "expected"), [("", None), ("none", None), ("cross-site", 403), ("same-site", 403)]
)
def test_what_the_browser_itself_calls_another_site_is_refused(site: str, expected: int | None) -> None:
    assert status(Asked("pi:8765", site=site)) == expected


def test_where_a_token_is_wanted_nobody_comes_in_without_it() -> None:
    assert status(Asked("127.0.0.1"), CLOSED) == 401
    assert status(Asked("127.0.0.1", token="sesam"), CLOSED) == 401
    assert status(Asked("127.0.0.1", token="\udcff"), CLOSED) == 401
    assert status(Asked("127.0.0.1", token="sesame"), CLOSED) is None
    assert CLOSED.wants_a_token
    assert not OPEN.wants_a_token


def test_a_token_opens_no_other_name_and_no_other_origin() -> None:
    assert status(Asked("evil.example", token="sesame"), CLOSED) == 421
    assert status(Asked("127.0.0.1", origin="http://evil.example", token="sesame"), CLOSED) == 403


def test_where_no_token_is_wanted_none_is_right() -> None:
    assert not OPEN.is_token("")
    assert not OPEN.is_token("sesame")


@pytest.mark.parametrize(("address", "expected"), [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True)])
def test_what_only_this_machine_can_reach_is_known(address: str, expected: bool) -> None:
    assert is_loopback(address) == expected
    assert is_loopback("localhost")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "pi", "localhost.example.org"])
def test_anything_else_others_may_reach(address: str) -> None:
    assert not is_loopback(address)


@given(st.text(), st.text(), st.text(), st.text())
def test_whatever_a_request_says_there_is_a_verdict(host: str, origin: str, site: str, token: str) -> None:
    verdict = CLOSED.refusal(Asked(host, origin, site, token))
    assert verdict is not None
    assert verdict.status in (401, 403, 421)


@given(st.text(), st.text())
def test_whatever_is_compared_it_is_the_same_or_not(origin: str, host: str) -> None:
    assert is_same(origin, host) in (True, False)
