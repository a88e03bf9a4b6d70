"""What the configuration may hold: each setting with its meaning, its unit and whether it can change."""

import msgspec

from antiphon.schema import schema
from antiphon.settings import Config


def test_every_setting_says_what_it_is() -> None:
    assert all(len(setting.description) > 10 for setting in schema().values())


def test_a_unit_stands_apart_from_the_meaning() -> None:
    assert schema()["play.longest_note"].unit == "s"
    assert schema()["play.temperature"].unit == schema()["play.mode"].unit == ""
    assert not any("seconds" in setting.description for setting in schema().values())


def test_what_the_music_depends_on_is_followed_while_it_runs_and_nothing_else() -> None:
    live = {setting.section for setting in schema().values() if setting.live}
    music = {"play", "turn", "guide", "duet", "attract", "tempo", "latency", "actuator"}
    assert live == music | {"engine", "model", "controls"}
    assert [name for name in schema() if name.startswith("controls.") and schema()[name].live] == [
        "controls.bindings"
    ]
    assert not schema()["play.seed"].live


def test_no_struct_holds_a_default() -> None:
    for section in msgspec.structs.fields(Config):
        assert all(field.required for field in msgspec.structs.fields(section.type))
