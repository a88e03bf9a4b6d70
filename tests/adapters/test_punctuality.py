"""What counts as late, and as which kind of late."""

import pytest

from antiphon.adapters.broadcast import Heard, Sent
from antiphon.adapters.histogram import Histogram
from antiphon.adapters.punctuality import Punctuality
from antiphon.core.commands import (
    Command,
    OnsetsDropped,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    SendMessage,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import Triggered
from antiphon.core.units import Pitch, Velocity

C, LOUD = Pitch(60), Velocity(100)

TAKEN, GIVEN_BACK = TurnTaken(5, 2.0), TurnGivenBack("phrase ended", 5, 2.0)


def after(*carried_out: tuple[float, Command]) -> Punctuality:
    """Return what was taken down of commands, each with the moment at which it was carried out."""
    punctuality = Punctuality()
    for at, command in carried_out:
        punctuality.take_down(Sent(command, at))
    return punctuality


def in_milliseconds(histogram: Histogram) -> list[int]:
    return [round(1000 * upper) for upper, count in histogram.buckets() for _ in range(count)]


def test_onsets_and_releases_of_an_answer_are_late_by_what_has_passed_since_they_were_due() -> None:
    punctuality = after((1.002, PlayNote(1.0, C, LOUD)), (1.504, ReleaseNote(1.5, C)))
    assert in_milliseconds(punctuality.sent) == [2, 4]
    assert punctuality.thru.count == 0


@pytest.mark.parametrize(
    "command",
    [
        PlayNote(1.0, C, LOUD, "you"),
        ReleaseNote(1.0, C, "you"),
        SendControl(1.0, 64, 127, "you"),
        SendMessage(1.0, b"\xe0\x00\x40"),
    ],
)
def test_what_is_passed_through_is_late_by_what_has_passed_since_it_came(command: Command) -> None:
    punctuality = after((1.003, command))
    assert in_milliseconds(punctuality.thru) == [3]
    assert punctuality.sent.count == 0


def test_a_pedal_that_is_lifted_at_the_end_is_neither() -> None:
    punctuality = after((1.003, SendControl(1.0, 64, 0)))
    assert (punctuality.sent.count, punctuality.thru.count) == (0, 0)


def test_an_answer_begins_with_its_first_onset_after_the_turn_was_over() -> None:
    first, second = PlayNote(1.01, C, LOUD), PlayNote(1.2, C, LOUD)
    punctuality = after((1.0, Publish(1.0, TAKEN)), (1.02, first), (1.2, second))
    assert in_milliseconds(punctuality.begun) == [20]


def test_it_makes_no_difference_whether_the_first_onset_or_the_news_comes_first() -> None:
    punctuality = after((1.02, PlayNote(1.01, C, LOUD)), (1.03, Publish(1.0, TAKEN)))
    assert in_milliseconds(punctuality.begun) == [20]


def test_each_answer_has_its_own_beginning() -> None:
    punctuality = after(
        (1.0, Publish(1.0, TAKEN)),
        (1.01, PlayNote(1.0, C, LOUD)),
        (1.5, Publish(1.5, GIVEN_BACK)),
        (2.0, Publish(2.0, TAKEN)),
        (2.5, Publish(2.5, GIVEN_BACK)),
        (3.0, Publish(3.0, TAKEN)),
        (3.03, PlayNote(3.0, C, LOUD)),
    )
    assert in_milliseconds(punctuality.begun) == [10, 30]


def test_other_news_and_what_is_passed_through_begin_no_answer() -> None:
    punctuality = after(
        (1.0, Publish(1.0, TAKEN)),
        (1.1, PlayNote(1.1, C, LOUD, "you")),
        (1.2, Publish(1.2, OnsetsDropped(1, 0.1))),
    )
    assert punctuality.begun.count == 0


def test_all_four_are_told_in_short() -> None:
    punctuality = after((1.002, PlayNote(1.0, C, LOUD)), (1.0, Publish(1.0, TAKEN)))
    punctuality.take_down(Heard(Triggered(), 1.0, 1.001))
    delays = punctuality.delays()
    assert (delays.heard.max, delays.heard.count) == (1000.0, 1)
    assert delays.sent.max == delays.begun.max == pytest.approx(2000.0)
    assert delays.thru.count == 0
