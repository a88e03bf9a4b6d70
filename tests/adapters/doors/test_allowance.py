"""How much is listened to, whoever sends it."""

from antiphon.adapters.doors.allowance import Allowance

PER_SECOND = 50.0


def test_so_much_is_listened_to_in_a_second_and_as_much_at_once() -> None:
    allowance = Allowance(PER_SECOND)
    verdicts = [allowance.verdict(1.0, number / 1000) for number in range(2000)]
    assert verdicts[:50] == ["listen"] * 50
    assert 140 <= verdicts.count("listen") <= 150
    assert verdicts.count("say that it is too much") == 1


def test_what_weighs_more_uses_up_more() -> None:
    allowance = Allowance(PER_SECOND)
    assert [allowance.verdict(20.0, 0.0) for _ in range(3)] == ["listen", "listen", "say that it is too much"]
    assert allowance.verdict(10.0, 0.0) == "listen"


def test_the_next_flood_is_told_of_again() -> None:
    allowance = Allowance(PER_SECOND)
    for now in (0.0, 10.0):
        allowance.verdict(PER_SECOND, now)
        assert allowance.verdict(1.0, now) == "say that it is too much"
        assert allowance.verdict(1.0, now) == "ignore"


def test_one_who_goes_on_at_the_limit_is_not_told_again() -> None:
    allowance = Allowance(PER_SECOND)
    allowance.verdict(PER_SECOND, 0.0)
    verdicts = [allowance.verdict(1.0, number / 100) for number in range(1000)]
    assert verdicts.count("say that it is too much") == 1
