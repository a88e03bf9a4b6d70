"""How much of one sender is listened to."""

from antiphon.adapters.doors.osc.patience import AT_ONCE, MOST_SENDERS, WEIGHT_PER_SECOND, Patience


def test_a_flood_is_followed_in_part_and_answered_once() -> None:
    patience = Patience()
    verdicts = [patience.verdict("a", 1.0, number / 5000) for number in range(5000)]
    assert verdicts[: int(AT_ONCE)] == ["listen"] * int(AT_ONCE)
    assert verdicts.count("say that it is too much") == 1
    assert verdicts.count("listen") <= AT_ONCE + WEIGHT_PER_SECOND


def test_another_sender_is_listened_to_meanwhile() -> None:
    patience = Patience()
    patience.verdict("a", AT_ONCE, 0.0)
    assert patience.verdict("a", 1.0, 0.0) == "say that it is too much"
    assert patience.verdict("b", 1.0, 0.0) == "listen"


def test_the_next_flood_is_answered_again() -> None:
    patience = Patience()
    for now in (0.0, 10.0):
        patience.verdict("a", AT_ONCE, now)
        assert patience.verdict("a", 1.0, now) == "say that it is too much"
        assert patience.verdict("a", 1.0, now) == "ignore"


def test_one_who_goes_on_at_the_limit_is_not_told_again() -> None:
    patience = Patience()
    patience.verdict("a", AT_ONCE, 0.0)
    verdicts = [patience.verdict("a", 10.0, number / 100) for number in range(1000)]
    assert verdicts.count("say that it is too much") == 1


def test_only_so_many_senders_are_remembered() -> None:
    patience = Patience()
    patience.verdict("first", AT_ONCE, 0.0)
    for number in range(MOST_SENDERS):
        patience.verdict(number, 1.0, 0.0)
    assert patience.verdict("first", 1.0, 0.0) == "listen"
