"""Sections of a tune: their repeats, their endings, and when it is over."""

from antiphon.adapters.engines.tunes.sections import STRUCTURAL, Sections, mended


def bars(sections: Sections, many: int) -> Sections:
    for _ in range(many):
        sections = sections.barred()
    return sections


def fitting(sections: Sections) -> set[str]:
    return {line for line in STRUCTURAL if sections.fits(line)}


def test_a_repeat_opens_before_it_closes() -> None:
    begun = bars(Sections().opened(), 4)
    assert fitting(begun) == {":|", "::"}
    closed = begun.ended_with(":|")
    assert "|:" in fitting(closed)
    assert not closed.is_open


def test_a_second_ending_follows_the_first_and_is_never_repeated() -> None:
    first = bars(Sections().opened(), 2).with_ending(1)
    assert fitting(first) == {":|"}
    second = first.ended_with(":|")
    assert second.must_end_anew
    assert not second.may_stop
    assert fitting(second.with_ending(2)) == {"||", "|:"}
    assert second.with_ending(2).ended_with("||").may_stop


def test_an_ending_has_to_be_over_after_a_few_bars() -> None:
    ending = bars(Sections(), 2).with_ending(1)
    assert not bars(ending, 2).is_in_a_hurry
    assert bars(ending, 3).is_in_a_hurry


def test_a_tune_is_not_over_too_soon_and_hurries_when_it_is_long() -> None:
    short = bars(Sections(shortest=4, longest=6), 2).ended_with("||")
    assert not short.may_be_over
    long = bars(short, 3).ended_with("||")
    assert long.may_be_over
    assert long.is_tired
    assert fitting(long) == {"||"}


def test_a_tune_that_goes_on_is_never_over() -> None:
    endless = bars(Sections(goes_on=True), 100).ended_with("||")
    assert endless.may_stop
    assert not endless.may_be_over
    assert not endless.is_tired


def test_repeats_that_were_only_closed_are_opened_too() -> None:
    assert mended("AB:|cd:|") == "|:AB::cd:|"
    assert mended("AB|:cd:|ef||") == "AB|:cd:|ef||"
    assert mended("|:AB|[1c:|[2d||ef||") == "|:AB|[1c:|[2d||ef||"
