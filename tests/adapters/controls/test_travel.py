"""Where a control stands and what that means: within range, in order, there and back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.controls.travel import detent, position_of, stepped, value_at
from antiphon.bindings import MOODS, is_gradual
from antiphon.schema import Setting, schema
from default_config import loaded

TURNABLE = [
    setting for setting in schema().values() if setting.live and (is_gradual(setting) or setting.kind is bool)
]
NUMBERS = [setting for setting in TURNABLE if setting.lowest is not None]

turnable = st.sampled_from(TURNABLE)
positions = st.floats(0.0, 1.0)


@given(turnable, positions)
def test_every_position_means_a_value_that_the_setting_may_have(setting: Setting, position: float) -> None:
    value = value_at(setting, position)
    msgspec.convert(value, setting.checked_type)
    assert not setting.objection(value)


@given(turnable, positions)
def test_a_value_is_found_again_where_it_stands(setting: Setting, position: float) -> None:
    value = value_at(setting, position)
    shown = position_of(setting, value)
    assert shown is not None
    assert 0.0 <= shown <= 1.0
    again = value_at(setting, shown)
    assert again == (pytest.approx(value, rel=1e-3, abs=1e-3) if isinstance(value, float) else value)


@given(st.sampled_from(NUMBERS), positions, positions)
def test_the_further_it_is_turned_the_more_it_is(setting: Setting, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert value_at(setting, less) <= value_at(setting, more)  # type: ignore[operator]


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.dotted)
def test_the_ends_of_the_travel_are_the_ends_of_the_range(setting: Setting) -> None:
    assert value_at(setting, 0.0) == setting.lowest
    assert value_at(setting, 1.0) == setting.highest


@pytest.mark.parametrize(
    ("name", "position", "value"),
    [
        ("play.temperature", 0.5, 1.0),
        ("play.transpose", 0.5, 0),
        ("guide.tempo", 0.5, 1.0),
        ("play.seconds", 0.5, 75.0),
        ("guide.density", 1 / 127, -1.0),
        ("guide.density", 3 / 127, 0.0),
        ("guide.loudness", 3 / 127, 0.0),
        ("play.thru", 0.5, True),
        ("play.thru", 0.49, False),
        ("play.mode", 0.0, "answer"),
        ("play.mood", 0.0, "none"),
        ("play.mood", 1.0, "sad"),
        ("model.name", 0.0, ""),
    ],
)
def test_what_is_usual_is_easily_found(name: str, position: float, value: object) -> None:
    assert value_at(schema()[name], position) == value


def test_a_choice_has_an_equal_part_of_the_travel() -> None:
    kinds = schema()["engine.kind"].choices
    found = [value_at(schema()["engine.kind"], position / 1000) for position in range(1000)]
    counts = {found.count(kind) for kind in kinds}
    assert max(counts) - min(counts) <= 1


def test_a_mood_in_words_of_ones_own_stands_nowhere() -> None:
    assert position_of(schema()["play.mood"], "wonder and a little sad") is None


def test_what_a_file_sets_between_zero_and_one_note_is_shown_at_one() -> None:
    density = schema()["guide.density"]
    assert position_of(density, 0.5) == position_of(density, 1.0)


@pytest.mark.parametrize(
    ("name", "value", "by", "then"),
    [
        ("play.mood", "none", 1, MOODS[1]),
        ("play.mood", "none", -1, MOODS[-1]),
        ("play.mood", "gloomy", 1, MOODS[0]),
        ("play.mood", "gloomy", -1, MOODS[-1]),
        ("play.thru", False, 1, True),
        ("play.transpose", -1, 1, 0),
        ("play.transpose", 48, 1, 48),
        ("play.temperature", 1.0, 1, 1.125),
        ("play.temperature", 2.0, 1, 2.0),
        ("play.temperature", 0.05, -1, 0.0),
    ],
)
def test_the_next_value_is_a_step_further(name: str, value: object, by: int, then: object) -> None:
    assert stepped(schema()[name], value, by) == then


def test_a_click_of_an_encoder_is_a_value_where_there_are_few() -> None:
    assert detent(schema()["play.thru"]) == 1.0
    assert detent(schema()["play.transpose"]) == 1 / 96
    assert detent(schema()["engine.kind"]) == 1 / 4
    assert detent(schema()["play.temperature"]) == 1 / 127


def test_what_ships_stands_somewhere() -> None:
    values = msgspec.to_builtins(loaded().config)
    for setting in TURNABLE:
        assert position_of(setting, values[setting.section][setting.name]) is not None, setting.dotted
