"""How settings are written out: for people, as a file that can be kept, and as a page of documentation."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from antiphon.config import changed, defaults
from antiphon.errors import ConfigurationError
from antiphon.listing import ports_as_text, settings_as_json, settings_as_page, settings_as_toml, side
from antiphon.schema import schema, sections, values_of
from default_config import loaded

PROJECT = Path(__file__).resolve().parent.parent

BASS = ("midi.out=virtual", "partner.bass.midi.out_channel=2")
"""A further partner, on the instrument of the main one."""


def test_the_page_of_all_settings_is_what_the_code_says() -> None:
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_as_page(defaults()) + "\n", "run `make docs`"


def test_the_documents_name_no_setting_that_is_not_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [PROJECT / "README.md", *PROJECT.glob("docs/*.md")]]
    named = re.findall(rf"`((?:{'|'.join(sections())})\.(?!png)[a-z_]+)`", " ".join(texts))
    assert set(named) - set(schema()) <= {"model.tflite", "engine.py", "requests.py"}
    assert "engine.longest_step" in named


def test_a_file_of_settings_holds_the_very_values() -> None:
    config = loaded("midi.in=a \x7f 'b' \"c\" \\ ä", "play.thru=true")
    table = tomllib.loads(settings_as_toml(config))
    written = {f"{section}.{name}": value for section in table for name, value in table[section].items()}
    assert written == values_of(config.config)


def test_a_file_of_settings_says_of_each_what_it_means_and_may_be() -> None:
    text = " ".join(settings_as_toml(defaults()).replace("# ", "").split())
    for setting in schema().values():
        assert setting.description in text
    assert "how long a note of an answer is held at most (s, from 0.1 to 60) longest_note = 6.0" in text


def test_only_what_somebody_has_set_has_its_origin_beside_it() -> None:
    somewhere = changed(loaded("midi.out_channel=3"), {"play.polyphony": 4}, "MQTT")
    noted = [line for line in settings_as_toml(somewhere).splitlines() if " = " in line and "  # " in line]
    assert [line.split() for line in noted] == [
        ["out_channel", "=", "3", "#", "from", "--set"],
        ["polyphony", "=", "4", "#", "from", "MQTT"],
    ]


def test_a_file_of_settings_is_narrow_enough_for_a_terminal() -> None:
    assert max(map(len, settings_as_toml(defaults()).splitlines())) <= 80


def test_settings_are_shown_by_their_names_or_the_last_part_of_them_or_by_their_section() -> None:
    config = loaded("play.temperature=0.8", *BASS, "partner.bass.play.temperature=1.2")
    short = settings_as_toml(config, ["temperature"])
    assert (
        short == settings_as_toml(config, ["play.temperature"]) == settings_as_toml(config, ["Temperature"])
    )
    assert [line for line in short.splitlines() if not line.startswith("# ")] == [
        "[play]",
        "temperature = 0.8               # from --set",
        "",
        "[partner.bass]",
        "play.temperature = 1.2          # from --set",
    ]
    assert set(json.loads(settings_as_json(config, ["osc", "play.seed"]))) == {"osc", "play", "partner"}
    of_two = tomllib.loads(settings_as_toml(defaults(), ["osc", "late-onset"]))
    assert set(of_two["osc"]) == {name.partition(".")[2] for name in schema() if name.startswith("osc.")}
    assert set(of_two) == {"osc", "latency"}
    assert set(of_two["latency"]) == {"late_onset"}


def test_each_name_that_is_no_setting_is_a_line_with_what_was_probably_meant() -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings_as_toml(defaults(), ["temprature", "play.seed", "mdi", "xyzzy"])
    assert str(refused.value).splitlines() == [
        "temprature is not a setting; did you mean play.temperature?",
        "mdi is not a setting; did you mean midi?",
        "xyzzy is not a setting; `antiphon config` shows all that there are",
    ]


def test_an_arrow_marks_the_ports_that_are_taken_and_names_those_that_are_opened() -> None:
    inputs = side("inputs", "*", ["Midi Through:0", "Keystation:1"], "in")
    outputs = side("outputs", "virtual", ["FLUID:in"], "out")
    assert ports_as_text("jack", inputs, outputs).splitlines() == [
        "MIDI system: jack; an arrow marks what `antiphon run` would take",
        "",
        "Inputs:",
        "     Midi Through:0",
        "  -> Keystation:1",
        "",
        "Outputs:",
        "     FLUID:in",
        "  -> antiphon:out, a port of its own for other programs to connect to",
    ]


def test_a_port_that_is_not_there_is_told_where_the_ports_are_listed() -> None:
    inputs = side("inputs", "Piano*", ["Keystation:1"], "in")
    assert (inputs["taken"], inputs["opened"]) == (None, None)
    assert 'problem: no MIDI input matches "Piano*"' in ports_as_text("alsa", inputs)


def test_partners_are_shown_by_what_is_different_for_them() -> None:
    of_two = loaded("midi.out=virtual", "partner.bass.play.mode=duet", "partner.bass.midi.in_channel=2")
    assert settings_as_toml(of_two).splitlines()[-4:] == [
        "# A further partner: what is different for it.",
        "[partner.bass]",
        "midi.in_channel = 2             # from --set",
        'play.mode = "duet"              # from --set',
    ]
    assert tomllib.loads(settings_as_toml(of_two))["partner"] == {
        "bass": {"midi": {"in_channel": 2}, "play": {"mode": "duet"}}
    }
    assert json.loads(settings_as_json(of_two))["partner"] == {
        "bass": {
            "midi.in_channel": {"value": 2, "origin": "--set"},
            "play.mode": {"value": "duet", "origin": "--set"},
        }
    }
    assert "partner" not in json.loads(settings_as_json(defaults()))
