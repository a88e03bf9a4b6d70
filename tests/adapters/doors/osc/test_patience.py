"""How much of one sender is listened to."""

from antiphon.adapters.doors.osc.patience import MOST_SENDERS, WEIGHT_PER_SECOND, Patience


def test_another_sender_is_listened_to_meanwhile() -> None:
    patience = Patience()
    patience.verdict("a", WEIGHT_PER_SECOND, 0.0)
    assert patience.verdict("a", 1.0, 0.0) == "say that it is too much"
    assert patience.verdict("b", 1.0, 0.0) == "listen"


def test_only_so_many_senders_are_remembered() -> None:
    patience = Patience()
    patience.verdict("first", WEIGHT_PER_SECOND, 0.0)
    for number in range(MOST_SENDERS):
        patience.verdict(number, 1.0, 0.0)
    assert patience.verdict("first", 1.0, 0.0) == "listen"
