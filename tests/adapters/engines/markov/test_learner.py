"""What a player teaches: phrase by phrase, and no more than is to be remembered."""

from antiphon.adapters.engines.markov.learner import MOST_FRESH, PAUSE, Learner, followed
from antiphon_models import shelf
from antiphon_models.markov.past import SILENCE
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table
from players import Event, a_minute_of

TABLE = Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)
NOTE: Event = (0, 20, 60)
END: Event = (9, 0, 60)


def learner(keep_last: int = 10) -> Learner:
    return Learner(Style(TABLE), keep_last)


def test_a_phrase_begins_after_a_pause_or_where_the_clock_was_set_back() -> None:
    learns = learner()
    for at in (5.0, 5.4, 5.4 + PAUSE, 5.5 + 2 * PAUSE, 1.0):
        learns.hear(NOTE, at)
    assert learns.phrases == 3
    assert [begins for begins, _ in learns.take_fresh()] == [True, False, False, True, True]
    assert learns.take_fresh() == []


def test_what_sounded_between_two_phrases_is_no_part_of_the_style() -> None:
    one, other = learner(), learner()
    for at in (0.0, 50.0):
        one.hear(NOTE, at)
        other.hear((61, *NOTE[1:]), at)
    past = SILENCE.after(NOTE)
    assert one.style.chance(past, END) == other.style.chance(past, END)


def test_it_can_be_learnt_again_from_its_phrases() -> None:
    live, at = learner(), 0.0
    for dt, velocity, pitch in a_minute_of(1, 20.0):
        at += 0.01 * dt
        live.hear((dt, velocity, pitch), at)
    phrases: list[bytes] = []
    for begins, event in live.take_fresh():
        phrases = [*phrases, bytes(event)] if begins else [*phrases[:-1], phrases[-1] + bytes(event)]
    again = Learner.of(Style(TABLE), 10, phrases)
    assert again.phrases == live.phrases == len(phrases)
    assert again.style.events == live.style.events
    for past, event in followed(phrases[-1]):
        assert again.style.chance(past, event) == live.style.chance(past, event)


def test_only_the_last_phrases_are_remembered() -> None:
    learns = learner(keep_last=2)
    for number in range(6):
        for step in range(10):
            learns.hear(NOTE if step % 2 == 0 else END, 100.0 * number + 0.1 * step)
    assert learns.phrases == 2
    # The one that goes is forgotten while the next is learnt, a little at a time.
    assert learns.style.events == 20
    assert Learner.of(Style(TABLE), 2, [bytes(NOTE)] * 5).style.events == 2


def test_a_copy_goes_its_own_way() -> None:
    learns = learner()
    learns.hear(NOTE, 0.0)
    copy = learns.copy()
    copy.hear(END, 0.1)
    assert (learns.style.events, copy.style.events) == (1, 2)


def test_what_nobody_takes_is_not_kept_for_ever() -> None:
    learner = Learner(Style(TABLE), 2)
    for number in range(MOST_FRESH + 100):
        learner.hear((5, 20, 40 + number % 40), 0.05 * number)
    fresh = learner.take_fresh()
    assert len(fresh) == MOST_FRESH
    assert not any(is_first for is_first, _ in fresh)
