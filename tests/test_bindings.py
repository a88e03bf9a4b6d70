"""What a control does: how it is written, what can be meant, and what is said of slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.bindings import (
    MOODS,
    Binding,
    Source,
    Target,
    binding_of,
    choices_of,
    is_gradual,
    mistakes_in,
    source_of,
    without,
)
from antiphon.core.mood_phrases import objection_to
from antiphon.errors import ConfigurationError
from antiphon.mistakes import Given, Origin
from antiphon.schema import schema


def refusal(source: str, target: str) -> str:
    """Return what is said of a line that cannot be followed."""
    with pytest.raises(ConfigurationError) as caught:
        binding_of(source, target)
    return str(caught.value)


def mistakes(table: object) -> list[str]:
    return [*mistakes_in(Given("controls.bindings", table, Origin("file", "FILE")))]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("cc 20", Source("cc", 20)),
        ("CC  20  ch 2", Source("cc", 20, 2)),
        ("cc 7 14bit", Source("cc", 7, form="14bit")),
        ("cc 22 relative", Source("cc", 22, form="relative")),
        ("cc 22 relative signed ch 16", Source("cc", 22, 16, "relative signed")),
        ("note 21", Source("note", 21)),
        ("program 3", Source("program", 3)),
    ],
)
def test_a_control_is_written_as_its_message(text: str, source: Source) -> None:
    assert source_of(text) == source


@given(
    st.builds(
        Source,
        kind=st.sampled_from(["cc", "note", "program"]),
        number=st.integers(0, 119),
        channel=st.integers(0, 16),
    )
)
def test_what_is_written_of_a_control_is_read_as_the_same(source: Source) -> None:
    assert source_of(str(source)) == source


@pytest.mark.parametrize(
    ("source", "target", "meant"),
    [
        ("cc 20", "play.temperature", Target("play.temperature", "follow")),
        ("cc 20", "play.thru", Target("play.thru", "follow")),
        ("cc 20", "play.thru toggle", Target("play.thru", "toggle")),
        ("cc 20", "mode next", Target("play.mode", "next")),
        ("note 20", "play.mood previous", Target("play.mood", "previous")),
        ("note 20", "play.thru", Target("play.thru", "toggle")),
        ("program 20", "engine", Target("engine.kind", "next")),
        ("program 3", "play.mode listen", Target("play.mode", "set", "listen")),
        ("note 3", "play.temperature 0.5", Target("play.temperature", "set", 0.5)),
        ("note 3", "play.transpose next", Target("play.transpose", "next")),
        (
            "note 3",
            "play.mood wonder and a little sad",
            Target("play.mood", "set", "wonder and a little sad"),
        ),
        ("note 3", "play.thru off", Target("play.thru", "set", False)),
        ("cc 67", "hold", Target("hold", "do")),
        ("note 21", "panic", Target("panic", "do")),
    ],
)
def test_what_comes_of_it_is_a_setting_or_an_action(source: str, target: str, meant: Target) -> None:
    assert binding_of(source, target) == Binding(source_of(source), meant)


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("knob 20", "hold", '"knob 20" is no control; it has to look like "cc 20"'),
        ("cc", "hold", "is no control"),
        ("cc 128", "hold", '"cc 128": numbers go from 0 to 127'),
        ("cc 123", "hold", "for whole channels"),
        ("cc 2 ch 17", "hold", "channels go from 1 to 16"),
        ("cc 2 ch 0", "hold", "channels go from 1 to 16"),
        ("note 2 relative", "play.thru", "only a cc can be relative"),
        ("cc 40 14bit", "play.temperature", "name the lower of the two"),
        ("cc 20", "play.temperatur", "is no setting and no action; did you mean play.temperature?"),
        ("cc 20", "painc", "did you mean panic?"),
        ("cc 20", "xyzzy", "actions are hold, panic, trigger, save"),
        ("cc 20", "midi.in", "midi.in cannot change while it runs"),
        ("cc 20", "controls.bindings", "controls.bindings cannot change while it runs"),
        ("cc 20", "engine.understudy", "may be any text; write a value after it"),
        ("note 20", "play.temperature", "a note has no position; write play.temperature next"),
        ("cc 20", "play.temperature toggle", "play.temperature is not on or off"),
        (
            "cc 20",
            "play.temperature 3",
            "play.temperature from controls.bindings is 3.0, but must be from 0 to 2",
        ),
        ("cc 20", "play.mode liste", 'did you mean "listen"?'),
        ("cc 20", "play.thru maybe", "must be true or false"),
        ("cc 20", "play.polyphony few", "must be a whole number"),
        ("program 3", "hold", "never let go"),
        ("cc 20 relative", "panic", "only a setting can be followed"),
        ("cc 20 14bit", "mode next", "only a setting can be followed"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could(source: str, target: str, said: str) -> None:
    assert said in refusal(source, target)


def test_each_line_of_a_table_is_told_of_by_itself() -> None:
    told = mistakes({"cc 20": "hold", "cc 200": "hold", "note 1": "painc", "CC 20": "panic"})
    assert told == [
        'controls.bindings in FILE, "cc 200" = "hold": "cc 200": numbers go from 0 to 127',
        'controls.bindings in FILE, "note 1" = "painc": "painc" is no setting and no action; '
        "did you mean panic?",
        'controls.bindings in FILE binds "CC 20" twice; leave one of them out',
    ]
    assert mistakes({}) == mistakes("no table") == []


def test_one_control_may_do_something_on_each_channel() -> None:
    assert mistakes({"cc 20": "hold", "cc 20 ch 2": "panic"}) == []


def test_forgetting_a_setting_forgets_its_buttons_but_not_those_of_single_values() -> None:
    table = {"cc 20": "mode next", "program 1": "play.mode listen", "cc 22": "play.mode"}
    assert without(table, "play.mode") == {"program 1": "play.mode listen"}
    assert without(table, "play.mode listen") == {"cc 20": "mode next", "cc 22": "play.mode"}


def test_every_mood_that_a_control_goes_through_is_one() -> None:
    assert [mood for mood in MOODS if objection_to(mood)] == []


def test_every_setting_that_can_change_while_it_runs_can_be_turned_or_has_values_to_set() -> None:
    for setting in schema().values():
        if setting.live and not setting.is_table:
            assert is_gradual(setting) or choices_of(setting) or setting.kind in (bool, str)
