"""Who is sent everything, and until when."""

import pytest

from antiphon.adapters.doors.osc.audience import BETWEEN_REPEATS, MOST_LISTENERS, SUBSCRIBED_FOR, Audience
from antiphon.errors import RequestError

PD = ("127.0.0.1", 50_000)
MAX = ("127.0.0.1", 9001)

VALUES = {"/antiphon/play/seconds": (4.0,), "/antiphon/play/thru": (0,)}


def shown(audience: Audience, now: float) -> dict[tuple[object, ...], list[str]]:
    """Return what everybody is shown in a round."""
    return {
        peer: [address for address, _ in listener.news_in(VALUES)]
        for peer, listener in audience.round(now).items()
    }


def test_a_subscription_ends_after_a_minute_unless_it_is_renewed() -> None:
    audience = Audience()
    audience.subscribe(PD, None, 0.0)
    audience.subscribe(MAX, None, 0.0)
    audience.subscribe(PD, None, 50.0)
    audience.round(SUBSCRIBED_FOR + 1.0)
    assert [*audience] == [PD]
    audience.round(50.0 + SUBSCRIBED_FOR)
    assert [*audience] == []


def test_a_destination_listens_for_ever_although_it_also_subscribes() -> None:
    audience = Audience()
    audience.add(MAX)
    audience.subscribe(MAX, None, 0.0)
    audience.round(1e9)
    assert [*audience] == [MAX]


def test_a_value_is_shown_once_and_again_after_a_while() -> None:
    audience = Audience()
    audience.add(MAX)
    assert shown(audience, 0.0) == {MAX: [*VALUES]}
    assert shown(audience, 1.0) == {MAX: []}
    assert shown(audience, BETWEEN_REPEATS) == {MAX: [*VALUES]}


def test_whoever_asks_is_shown_everything_once() -> None:
    audience = Audience()
    audience.round(0.0)
    audience.show_everything_to(PD)
    assert shown(audience, 1.0) == {PD: [*VALUES]}
    assert shown(audience, 2.0) == {}


def test_a_listener_who_asks_is_shown_everything_where_they_listen() -> None:
    audience = Audience()
    audience.round(0.0)
    audience.subscribe(PD, 9001, 0.0)
    assert audience.ear_of(PD) == MAX
    assert shown(audience, 1.0) == {MAX: [*VALUES]}
    audience.show_everything_to(PD)
    assert shown(audience, 2.0) == {MAX: [*VALUES]}


def test_nobody_is_shown_what_they_have_set_themselves() -> None:
    audience = Audience()
    audience.round(0.0)
    audience.subscribe(PD, 9001, 0.0)
    audience.add(("127.0.0.1", 9002))
    audience.take_as_shown([PD, ("10.0.0.1", 1)], {"/antiphon/play/thru": (0,)})
    assert shown(audience, 1.0) == {
        MAX: ["/antiphon/play/seconds"],
        ("127.0.0.1", 9002): [*VALUES],
    }


def test_only_so_many_listen() -> None:
    audience = Audience()
    for port in range(MOST_LISTENERS):
        audience.subscribe(("10.0.0.1", port + 1), None, 0.0)
        audience.show_everything_to(("10.0.0.2", port + 1))
    audience.show_everything_to(("10.0.0.3", 1))
    with pytest.raises(RequestError, match=f"{MOST_LISTENERS} are sent everything already"):
        audience.subscribe(PD, None, 0.0)
    audience.subscribe(("10.0.0.1", 1), None, 0.0)
    assert len(audience.round(0.0)) == 2 * MOST_LISTENERS
