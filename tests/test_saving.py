"""Settings that were changed while it ran are kept in a file, where nothing else changes."""

import os
import stat
from pathlib import Path

import pytest

from antiphon.config import Loaded, changed, load
from antiphon.errors import ConfigurationError
from antiphon.saving import save

HAND_WRITTEN = """\
# The piano in the foyer.
[midi]
out = "Disklavier*"   # the grand

[play]
temperature = 0.8     # tame
seconds = 9.0
"""


def read(path: Path) -> Loaded:
    return load(path, (), {}, system_file=Path(os.devnull, "antiphon.toml"))


def test_what_was_changed_is_kept_and_all_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(HAND_WRITTEN)
    steered = changed(read(path), {"play.temperature": 1.25, "guide.key": "F# minor"}, "MQTT")
    kept = save(steered)
    assert path.read_text() == (
        HAND_WRITTEN.replace("temperature = 0.8 ", "temperature = 1.25 ") + '\n[guide]\nkey = "F# minor"\n'
    )
    assert read(path).config == steered.config
    assert str(kept.origins["play.temperature"]) == f"in {path}"
    assert [each.name for each in tmp_path.iterdir()] == ["antiphon.toml"]


def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "antiphon" / "antiphon.toml"
    loaded = load(None, (), {"XDG_CONFIG_HOME": str(tmp_path)}, system_file=Path(os.devnull, "x"))
    save(changed(loaded, {"play.thru": True}, "the page"))
    assert path.read_text() == "[play]\nthru = true\n"


def test_where_nothing_was_changed_nothing_is_added(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(HAND_WRITTEN)
    save(read(path))
    assert path.read_text() == HAND_WRITTEN


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    loaded = load(None, (), {"XDG_CONFIG_HOME": str(in_the_way)}, system_file=Path(os.devnull, "x"))
    with pytest.raises(ConfigurationError, match=r"^settings cannot be kept in .*file"):
        save(changed(loaded, {"play.thru": True}, "the page"))
    assert stat.S_ISREG(in_the_way.stat().st_mode)
    with pytest.raises(ConfigurationError, match="name one with --config"):
        save(load(None, (), {}, system_file=Path(os.devnull, "x")))


def test_of_a_table_only_what_is_different_changes(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(
        '[controls.bindings]\n"cc 20" = "play.temperature"  # the left one\n"cc 67" = "hold"\n'
        "\n[play]\nthru = true\n"
    )
    table = {"cc 20": "play.temperature", "note 21": "panic"}
    save(changed(read(path), {"controls.bindings": table}, "the page"))
    assert path.read_text() == (
        '[controls.bindings]\n"cc 20" = "play.temperature"  # the left one\n"note 21" = "panic"\n'
        "\n[play]\nthru = true\n"
    )
    assert read(path).config.controls.bindings == table


@pytest.mark.parametrize("before", ["", "[controls]\nfeedback = 'X*'\n", "[controls]\nbindings = {}\n"])
def test_a_table_is_kept_where_there_was_none(tmp_path: Path, before: str) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(before)
    save(changed(read(path), {"controls.bindings": {"cc 67": "hold"}}, "the page"))
    assert read(path).config.controls.bindings == {"cc 67": "hold"}
    assert path.read_text().startswith(before.replace("bindings = {}\n", ""))


def test_a_partners_settings_are_kept_in_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    bass = "\n[partner.bass]  # the left hand\nmidi.out_channel = 2\nplay.mode = 'duet'\n"
    path.write_text(HAND_WRITTEN + bass)
    partner = read(path).partners["bass"]
    steered = changed(partner, {"play.mode": "listen", "play.seconds": 4.0, "guide.key": "F# minor"}, "MQTT")
    save(steered)
    again = read(path)
    assert again.partners["bass"].config == steered.config
    assert again.config.play.seconds == 9.0
    assert path.read_text().startswith(
        HAND_WRITTEN + "\n[partner.bass]  # the left hand\nmidi.out_channel = 2\n"
    )


def test_a_partner_that_the_file_does_not_name_gets_a_table_there(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(HAND_WRITTEN)
    sets = ["partner.bass.midi.out_channel=2"]
    partner = load(path, sets, {}, system_file=Path(os.devnull, "x")).partners["bass"]
    save(changed(partner, {"play.thru": True}, "MQTT"))
    assert path.read_text().startswith(HAND_WRITTEN)
    again = load(path, sets, {}, system_file=Path(os.devnull, "x")).partners["bass"]
    assert (again.config.play.thru, str(again.origins["play.thru"])) == (True, f"in {path}")
