"""The configuration: what wins over what, which files are read, and what changes while it runs."""

from pathlib import Path

import pytest

from antiphon.config import changed, defaults
from antiphon.errors import ConfigurationError
from antiphon.mistakes import Given, Origin
from antiphon.schema import schema
from config_places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_without_any_file_the_defaults_apply(places: Places) -> None:
    loaded = places.load()
    assert loaded.config.midi.in_ == "*"
    assert {origin.name for origin in loaded.origins.values()} == {"defaults.toml"}
    assert list(loaded.origins) == list(schema())
    assert (loaded.config, loaded.origins) == (defaults().config, defaults().origins)


def test_the_musical_settings_are_a_part_of_the_configuration(places: Places) -> None:
    config = places.load("play.polyphony=3").config
    assert config.settings.play.polyphony == 3
    assert config.settings.turn is config.turn


def test_each_place_wins_over_the_one_before(places: Places) -> None:
    option = Given("play.temperature", 0.6, Origin("option", "--temperature"))

    def temperature_and_origin(*sets: str, **rest: object) -> tuple[float, str]:
        loaded = places.load(*sets, **rest)  # type: ignore[arg-type]
        return loaded.config.play.temperature, loaded.origins["play.temperature"].name

    assert temperature_and_origin() == (1.0, "defaults.toml")
    places.write(places.system_file, "[play]\ntemperature = 0.1")
    assert temperature_and_origin() == (0.1, str(places.system_file))
    places.write(places.user_file, "[play]\ntemperature = 0.2")
    assert temperature_and_origin() == (0.2, str(places.user_file))
    mine = places.write(places.own_file, "[play]\ntemperature = 0.3")
    assert temperature_and_origin(config_file=mine) == (0.3, str(mine))
    places.environ["ANTIPHON_PLAY__TEMPERATURE"] = "0.4"
    assert temperature_and_origin(config_file=mine) == (0.4, "ANTIPHON_PLAY__TEMPERATURE")
    sets = ("play.temperature=0", "play.temperature = 0.5")
    assert temperature_and_origin(*sets, config_file=mine) == (0.5, "--set")
    assert temperature_and_origin(*sets, config_file=mine, options=(option,)) == (0.6, "--temperature")


def test_a_file_changes_only_what_it_names(places: Places) -> None:
    places.write(places.user_file, "[turn]\npatience = 4")
    config = places.load().config
    assert config.turn.patience == 4.0
    assert config.turn.longest_pause == 2.0


def test_an_absolute_xdg_folder_goes_before_the_home_folder(places: Places, tmp_path: Path) -> None:
    places.write(places.user_file, "[play]\nseed = 1")
    places.write(tmp_path / "xdg" / "antiphon" / "antiphon.toml", "[play]\nseed = 2")
    places.environ["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    assert places.load().config.play.seed == 2
    places.environ["XDG_CONFIG_HOME"] = "relative"
    assert places.load().config.play.seed == 1


def test_a_service_without_a_home_needs_none(places: Places) -> None:
    del places.environ["HOME"]
    assert places.load().config.play.seed == -1


def test_a_windows_editor_may_have_saved_the_file(places: Places) -> None:
    path = places.write(places.own_file, b"\xef\xbb\xbf[play]\r\nseed = 7\r\n")
    assert places.load(config_file=path).config.play.seed == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Keystation*", "Keystation*"),
        ("Keystation 49 #2", "Keystation 49 #2"),
        ('"quoted #1"', "quoted #1"),
        ("1", "1"),
        ("true", "true"),
        ("", ""),
        ("a=b", "a=b"),
        ("1\nout = 2", "1\nout = 2"),
    ],
)
def test_a_port_name_needs_no_quotes(places: Places, text: str, value: str) -> None:
    assert places.load(f"midi.in={text}").config.midi.in_ == value
    places.environ["ANTIPHON_MIDI__IN"] = text
    assert places.load().config.midi.in_ == value


def test_a_key_may_be_written_with_a_sharp_or_a_flat(places: Places) -> None:
    assert places.load("guide.key=Bb minor").config.guide.key == "Bb minor"
    assert places.load("guide.key=A# minor").config.guide.key == "A# minor"


def test_variables_of_other_programs_are_left_alone(places: Places) -> None:
    places.environ |= {"ANTIPHON_BUILD": "7", "PLAY__SEED": "x", "antiphon_play__seed": "x"}
    assert places.load().config.play.seed == -1


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[play]\nseed = \n", "cannot read FILE: invalid value (at line 2, column 8)"),
        ("[play]\nseed = 1\nseed = 2", "cannot read FILE: cannot overwrite a value (at line 3, column 9)"),
        ("seed", "cannot read FILE: expected '=' after a key in a key/value pair (at line 1, column 5)"),
        (b"# caf\xe9\n", "cannot read FILE: byte 6 is not UTF-8; save it as UTF-8 text"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_place(
    places: Places, text: str | bytes, mistake: str
) -> None:
    assert places.mistakes_in(text) == [mistake]


@pytest.mark.parametrize("text", ["seed = " + "[" * 100_000, "seed = " + "9" * 5000])
def test_a_file_that_breaks_the_parser_is_told(places: Places, text: str) -> None:
    [mistake] = places.mistakes_in(text)
    assert mistake.startswith("cannot read FILE: ")


def test_a_named_file_has_to_exist(places: Places) -> None:
    path = places.own_file
    assert places.mistakes(config_file=path) == [f"cannot read {path}: there is no such file"]


def test_a_folder_is_not_a_file_of_settings(places: Places, tmp_path: Path) -> None:
    assert places.mistakes(config_file=tmp_path) == [f"cannot read {tmp_path}: is a directory"]


def test_one_note_is_a_range(places: Places) -> None:
    assert places.load("play.lowest=60", "play.highest=60").config.play.lowest == 60


def test_what_the_music_depends_on_changes_while_it_runs(places: Places) -> None:
    before = places.load("play.temperature=0.5", "turn.patience=4")
    after = changed(before, {"play.temperature": 2, "play.lowest": 60}, "MQTT")
    assert (after.config.play.temperature, after.config.play.lowest, after.config.turn.patience) == (
        2.0,
        60,
        4.0,
    )
    assert after.origins["play.lowest"] == Origin("door", "MQTT")
    assert after.origins["turn.patience"].name == "--set"
    assert before.config.play.temperature == 0.5


def test_a_change_of_nothing_changes_nothing() -> None:
    assert changed(defaults(), {}, "MQTT") == defaults()


def test_a_table_comes_from_every_place_and_the_last_one_holds(places: Places) -> None:
    places.write(places.user_file, '[controls.bindings]\n"cc 20" = "play.temperature"')
    assert places.load().config.controls.bindings == {"cc 20": "play.temperature"}
    places.environ["ANTIPHON_CONTROLS__BINDINGS"] = '{ "cc 67" = "hold" }'
    assert places.load().config.controls.bindings == {"cc 67": "hold"}
    assert places.load("controls.bindings={}").config.controls.bindings == {}


BASS = """
[midi]
in = "Keystation*"

[partner.bass]
midi.in_channel = 2
midi.out = "Synth B"
play.mode = "duet"
"""


def test_a_partner_has_the_settings_of_the_main_one_but_for_its_own(places: Places) -> None:
    path = places.write(places.own_file, BASS)
    loaded = places.load("play.temperature=0.5", "play.mode=listen", config_file=path)
    [(name, bass)] = loaded.partners.items()
    assert (name, bass.partner, bass.own_file) == ("bass", "bass", path)
    assert (bass.config.midi.in_, bass.config.midi.in_channel) == ("Keystation*", 2)
    assert (bass.config.play.mode, bass.config.play.temperature) == ("duet", 0.5)
    assert bass.own == {"midi.in_channel", "midi.out", "play.mode"}
    assert (str(bass.origins["play.mode"]), str(bass.origins["play.temperature"])) == (
        f"in {path}",
        "from --set",
    )
    assert loaded.config.play.mode == "listen"


def test_a_partner_is_set_from_every_place_and_the_later_wins(places: Places) -> None:
    places.write(places.user_file, "[partner.left-hand]\nplay.seconds = 1.0\nmidi.out_channel = 2")
    places.environ["ANTIPHON_PARTNER__LEFT_HAND__PLAY__SECONDS"] = "2"
    assert places.load().partners["left-hand"].config.play.seconds == 2.0
    [partner] = places.load("partner.left-hand.play.seconds=3").partners.values()
    assert (partner.config.play.seconds, partner.config.midi.out_channel) == (3.0, 2)


def test_partners_keep_what_they_learn_apart(places: Places) -> None:
    loaded = places.load("partner.bass.midi.out_channel=2")
    assert loaded.config.markov.file == ""
    assert loaded.partners["bass"].config.markov.file == "learnt-bass.markov"


def test_a_partner_is_steered_by_the_same_checks(places: Places) -> None:
    bass = places.load("partner.bass.midi.out_channel=2").partners["bass"]
    after = changed(bass, {"play.temperature": 0.5}, "MQTT")
    assert (after.config.play.temperature, after.partner) == (0.5, "bass")
    assert after.own == {"midi.out_channel", "play.temperature"}
    with pytest.raises(
        ConfigurationError, match=r"^partner\.bass\.midi\.out_channel from MQTT cannot change"
    ):
        changed(bass, {"midi.out_channel": 3}, "MQTT")
    with pytest.raises(ConfigurationError, match=r"\[controls\] is of the whole daemon"):
        changed(bass, {"controls.bindings": {"cc 20": "panic"}}, "MQTT")
