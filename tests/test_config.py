"""The configuration: what wins over what, and how mistakes are told."""

import string
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.kinds import KINDS
from antiphon.config import Loaded, changed, defaults, load
from antiphon.errors import ConfigurationError
from antiphon.mistakes import FORMER_NAMES, Given, Origin
from antiphon.schema import ORDERED, schema
from antiphon.settings import Config


class Places:
    """The places that settings come from, each empty until it is written to."""

    def __init__(self, folder: Path) -> None:
        self.system_file = folder / "etc" / "antiphon.toml"
        self.home = folder / "home"
        self.user_file = self.home / ".config" / "antiphon" / "antiphon.toml"
        self.own_file = folder / "mine.toml"
        self.environ: dict[str, str] = {"HOME": str(self.home)}

    def write(self, path: Path, text: str | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, *sets: str, config_file: Path | None = None, options: tuple[Given, ...] = ()) -> Loaded:
        return load(config_file, sets, self.environ, options=options, system_file=self.system_file)

    def mistakes(
        self, *sets: str, config_file: Path | None = None, options: tuple[Given, ...] = ()
    ) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            self.load(*sets, config_file=config_file, options=options)
        return str(caught.value).split("\n")

    def mistakes_in(self, text: str | bytes) -> list[str]:
        """Return what is said about a file, named FILE in every line."""
        path = self.write(self.own_file, text)
        return [line.replace(str(path), "FILE") for line in self.mistakes(config_file=path)]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


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


def test_all_mistakes_of_all_places_are_told_at_once(places: Places) -> None:
    places.write(places.system_file, "[play]\nseed = 'x'")
    places.write(places.user_file, "[play\n")
    places.environ["ANTIPHON_TURN__PATIENCE"] = "0,5"
    option = Given("play.seconds", 700.0, Origin("option", "--seconds"))
    assert places.mistakes("play.polyphony=0", "rubbish", options=(option,)) == [
        f"cannot read {places.user_file}: expected ']' at the end of a table declaration "
        "(at line 1, column 6)",
        '--set "rubbish" has to look like --set play.temperature=0.8',
        f'play.seed in {places.system_file} is "x", but must be a whole number from -1 up',
        'turn.patience from ANTIPHON_TURN__PATIENCE is "0,5", but must be a number from 0.1 to 10',
        "play.polyphony from --set is 0, but must be from 1 to 32",
        "play.seconds from --seconds is 700.0, but must be from 0 to 600",
    ]


def test_a_mistake_is_told_even_where_a_later_place_mends_it(places: Places) -> None:
    places.write(places.user_file, "[play]\ntemperature = 7")
    assert places.mistakes("play.temperature=1") == [
        f"play.temperature in {places.user_file} is 7, but must be from 0 to 2"
    ]


def test_a_file_that_is_read_twice_is_blamed_once(places: Places) -> None:
    path = places.write(places.user_file, "[play]\ntemperature = 7")
    assert len(places.mistakes(config_file=path)) == 1


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[play]\ntemperature = 2.5", "play.temperature in FILE is 2.5, but must be from 0 to 2"),
        ("[play]\ntemperature = '1'", 'play.temperature in FILE is "1", but must be a number from 0 to 2'),
        ("[play]\ntemperature = true", "play.temperature in FILE is true, but must be a number from 0 to 2"),
        ("[play]\ntemperature = nan", "play.temperature in FILE is nan, but must be from 0 to 2"),
        ("[play]\ntemperature = -inf", "play.temperature in FILE is -inf, but must be from 0 to 2"),
        ("[play]\ntemperature = [1]", "play.temperature in FILE is a list, but must be a number from 0 to 2"),
        ("[play]\nlowest = 60.0", "play.lowest in FILE is 60.0, but must be a whole number from 0 to 127"),
        ("[play]\nthru = 1", "play.thru in FILE is 1, but must be true or false"),
        ("[midi]\nin = 1", "midi.in in FILE is 1, but must be text in quotes"),
        ("[midi.in]\nname = 1", "midi.in in FILE is a table, but must be text in quotes"),
        (
            "[midi]\napi = 'JACKD'",
            'midi.api in FILE is "JACKD", but must be one of auto, alsa, jack, none; did you mean "jack"?',
        ),
        ("[engine]\nkind = 'gan'", f'engine.kind in FILE is "gan", but must be one of {", ".join(KINDS)}'),
        ("[play]\nmood = ''", 'play.mood in FILE, "", is empty; say a mood such as hopeful, or "none"'),
        (
            "[play]\nmood = 'hapy'",
            'play.mood in FILE, "hapy", is an unknown mood, nearest: happy, hazy, happily',
        ),
        (
            "[play]\nmood = '2, 0'",
            'play.mood in FILE, "2, 0", is no point of the plane; valence and arousal are from -1 to 1',
        ),
        (
            "[record]\nmegabytes = 2000000",
            "record.megabytes in FILE is 2000000, but must be from 1 to 1000000",
        ),
        (
            "[play]\nlowest = 0x" + "f" * 5000,
            "play.lowest in FILE is a very large number, but must be from 0 to 127",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(places: Places, text: str, mistake: str) -> None:
    assert places.mistakes_in(text) == [mistake]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "[play]\ntemprature = 1",
            "play.temprature in FILE is not a setting; did you mean play.temperature?",
        ),
        ("[play]\nmin-p = 0.1", "play.min-p in FILE is not a setting; did you mean play.min_p?"),
        ("[play]\npatience = 1", "play.patience in FILE is not a setting; did you mean turn.patience?"),
        ("[midi]\nxyzzy = 1", "midi.xyzzy in FILE is not a setting"),
        ("[paly]\nseed = 1\nnone = 2", "[paly] in FILE is not a section; did you mean [play]?"),
        ("[sound]\npolyphony = 1", "[sound] in FILE is not a section; did you mean [play]?"),
        ("[lamp]\nbulb = 'x'", "[lamp] in FILE is not a section"),
        (
            "temperature = 1",
            "temperature in FILE stands outside every section; did you mean play.temperature?",
        ),
        ("play = 1", "play in FILE must be a section, written as [play] on a line of its own"),
    ],
)
def test_an_unknown_name_comes_with_a_suggestion(places: Places, text: str, mistake: str) -> None:
    assert places.mistakes_in(text) == [mistake]


def test_a_setting_that_has_moved_is_found_where_it_is_now(places: Places) -> None:
    for former, name in FORMER_NAMES.items():
        assert former not in schema()
        assert places.mistakes(f"{former}=1") == [
            f"{former} from --set is not a setting; did you mean {name}?"
        ]
        assert name in schema()


KEYS = "heard, free, or a key such as F# minor or Bb major"


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("Db", '; did you mean "Db major" or "Db minor"?'),
        ("f#", '; did you mean "F# major" or "F# minor"?'),
        ("eb MAJOR", '; did you mean "Eb major"?'),
        ("H", ""),
    ],
)
def test_a_key_that_is_none_comes_with_those_that_it_may_be(
    places: Places, key: str, suggestion: str
) -> None:
    assert places.mistakes(f"guide.key={key}") == [
        f'guide.key from --set is "{key}", but must be {KEYS}{suggestion}'
    ]


def test_a_key_may_be_written_with_a_sharp_or_a_flat(places: Places) -> None:
    assert places.load("guide.key=Bb minor").config.guide.key == "Bb minor"
    assert places.load("guide.key=A# minor").config.guide.key == "A# minor"


@pytest.mark.parametrize(
    ("variable", "suggestion"),
    [
        ("ANTIPHON_LATENCY__STEP", "; did you mean ANTIPHON_ENGINE__LONGEST_STEP?"),
        ("ANTIPHON_PLAY__TEMPRATURE", "; did you mean ANTIPHON_PLAY__TEMPERATURE?"),
        ("ANTIPHON_PLAI__SEED", "; did you mean ANTIPHON_PLAY__SEED?"),
        ("ANTIPHON_PLAY_SEED", "; did you mean ANTIPHON_PLAY__SEED?"),
        ("ANTIPHON_XYZZY__", ""),
    ],
)
def test_an_unknown_variable_comes_with_a_suggestion(places: Places, variable: str, suggestion: str) -> None:
    places.environ[variable] = "1"
    assert places.mistakes() == [f"{variable} is not a setting{suggestion}"]


def test_variables_of_other_programs_are_left_alone(places: Places) -> None:
    places.environ |= {"ANTIPHON_BUILD": "7", "PLAY__SEED": "x", "antiphon_play__seed": "x"}
    assert places.load().config.play.seed == -1


@pytest.mark.parametrize("text", ["play.seed", "seed=1", "=1", "", ".seed.=1"])
def test_a_malformed_set_is_told(places: Places, text: str) -> None:
    [mistake] = places.mistakes(text)
    assert "--set" in mistake


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


@pytest.mark.parametrize(
    ("low", "high"), [("play.lowest", "play.highest"), ("turn.shortest_pause", "turn.longest_pause")]
)
def test_settings_that_contradict_each_other_are_told_with_both_places(
    places: Places, low: str, high: str
) -> None:
    section, name = low.split(".")
    places.write(places.user_file, f"[{section}]\n{name} = 9")
    assert places.mistakes(f"{high}=8") == [
        f"{low} is 9 (in {places.user_file}) and {high} is 8 (from --set), "
        "but the first must not be above the second"
    ]


def test_a_wrong_value_is_not_also_called_a_contradiction(places: Places) -> None:
    assert len(places.mistakes("play.lowest=300", "play.highest=20")) == 1


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


def refusals(loaded: Loaded, values: Mapping[str, object], source: str = "the page") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        changed(loaded, values, source)
    return str(caught.value).split("\n")


def test_all_mistakes_of_a_change_are_told_at_once() -> None:
    values = {
        "midi.out": "FLUID*",
        "play.seed": 3,
        "play.temprature": 1,
        "play.thru": "yes",
        "turn.patience": 100,
    }
    assert refusals(defaults(), values) == [
        "midi.out from the page cannot change while it runs; set it in a file, and restart",
        "play.seed from the page cannot change while it runs; set it in a file, and restart",
        "play.temprature from the page is not a setting; did you mean play.temperature?",
        'play.thru from the page is "yes", but must be true or false',
        "turn.patience from the page is 100, but must be from 0.1 to 10",
    ]


def test_a_change_may_not_contradict_what_was_set_elsewhere(places: Places) -> None:
    before = places.load("play.highest=50")
    assert refusals(before, {"play.lowest": 60}) == [
        "play.lowest is 60 (from the page) and play.highest is 50 (from --set), "
        "but the first must not be above the second"
    ]
    assert changed(before, {"play.lowest": 60, "play.highest": 70}, "the page").config.play.lowest == 60


@pytest.mark.parametrize("name", ["", ".", "temperature", "play", "play.", "play.temp\nerature", "x" * 5000])
def test_a_change_of_what_is_no_setting_is_told_in_one_line(name: str) -> None:
    [refusal] = refusals(defaults(), {name: 1})
    assert "is not a setting" in refusal
    assert len(refusal) < 200


def mistakes_of(sets: list[str]) -> list[str]:
    try:
        load(None, sets, {}, system_file=Path("/nonexistent"))
    except ConfigurationError as error:
        return str(error).split("\n")
    return []


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from([*schema(), "play.x", "x.y", ""]),
        st.text(string.printable, max_size=20)
        | st.one_of(st.floats(), st.integers(), st.booleans()).map(str),
    )
)
def test_whatever_is_set_it_loads_or_says_why_in_one_line_each(values: Mapping[str, str]) -> None:
    mistakes = mistakes_of([f"{name}={value}" for name, value in values.items()])
    assert len(mistakes) <= len(values) + len(ORDERED)
    assert all("--set" in line for line in mistakes)


def test_a_table_comes_from_every_place_and_the_last_one_holds(places: Places) -> None:
    places.write(places.user_file, '[controls.bindings]\n"cc 20" = "play.temperature"')
    assert places.load().config.controls.bindings == {"cc 20": "play.temperature"}
    places.environ["ANTIPHON_CONTROLS__BINDINGS"] = '{ "cc 67" = "hold" }'
    assert places.load().config.controls.bindings == {"cc 67": "hold"}
    assert places.load("controls.bindings={}").config.controls.bindings == {}


def test_every_slip_in_a_table_is_told_beside_the_others(places: Places) -> None:
    text = '[play]\nseed = -2\n[controls.bindings]\n"cc 20" = "paly.mode"\n"knob" = "hold"\n'
    assert places.mistakes_in(text) == [
        "play.seed in FILE is -2, but must be from -1 up",
        'controls.bindings in FILE, "cc 20" = "paly.mode": "paly.mode" is no setting and no action; '
        "did you mean play.mode?",
        'controls.bindings in FILE, "knob" = "hold": "knob" is no control; it has to look like "cc 20", '
        '"cc 21 ch 2", "cc 22 relative", "note 21" or "program 3"',
    ]


@pytest.mark.parametrize("wrong", ['"cc 20"', "[1]", '{ "cc 20" = 3 }'])
def test_what_is_no_table_of_texts_is_told(places: Places, wrong: str) -> None:
    (said,) = places.mistakes_in(f"[controls]\nbindings = {wrong}\n")
    assert said.endswith("but must be a table of controls, each with a setting or an action")


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


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "[partner.bass]\nplay.temprature = 1",
            "partner.bass.play.temprature in FILE is not a setting; "
            "did you mean partner.bass.play.temperature?",
        ),
        (
            "[partner.bass.play]\ntemperature = 7",
            "partner.bass.play.temperature in FILE is 7, but must be from 0 to 2",
        ),
        (
            "[partner.bass]\nweb.port = 80",
            "partner.bass.web.port in FILE: [web] is of the whole daemon; a partner may have its own midi, "
            "model, engine, markov, play, turn, guide, tempo, duet, attract, latency and actuator",
        ),
        (
            "[partner.bass.paly]\nmode = 'duet'",
            "[partner.bass.paly] in FILE is not a section; did you mean [partner.bass.play]?",
        ),
        (
            "[partner.bass]\ntemperature = 1",
            "partner.bass.temperature in FILE stands outside every section; "
            "did you mean partner.bass.play.temperature?",
        ),
        (
            "[partner.bass]\nplay = 1",
            "partner.bass.play in FILE must be a section, written as [partner.bass.play] on a line of its "
            "own",
        ),
        (
            "[partner.Left_Hand]\nplay.mode = 'duet'",
            "partner.Left_Hand in FILE is no name for a partner, which is of a-z, 0-9 and -; "
            "did you mean partner.left-hand?",
        ),
        ("[partner.bass]", "[partner.bass] in FILE is empty; say what differs, such as midi.out_channel = 2"),
        (
            "[partner]\nbass = 1",
            "partner.bass in FILE must be a table, written as [partner.bass] on a line of its own",
        ),
        ("partner = 1", "partner in FILE must be a table of partners, such as [partner.bass]"),
        (
            "[partners.bass]\nplay.mode = 'duet'",
            "[partners] in FILE is not a section; did you mean [partner]?",
        ),
    ],
)
def test_a_mistake_about_a_partner_names_it(places: Places, text: str, mistake: str) -> None:
    assert places.mistakes_in(text) == [mistake]


def test_mistakes_about_partners_are_told_with_all_others(places: Places) -> None:
    places.environ["ANTIPHON_PARTNER__BASS__PLAY__SECONDS"] = "long"
    places.environ["ANTIPHON_PARTNER__BASS__PLAY__SECOND"] = "1"
    assert places.mistakes("play.polyphony=0", "partner.bass.play.mode=sing", "partner.bass=3") == [
        "ANTIPHON_PARTNER__BASS__PLAY__SECOND is not a setting; "
        "did you mean ANTIPHON_PARTNER__BASS__PLAY__SECONDS?",
        'partner.bass.play.seconds from ANTIPHON_PARTNER__BASS__PLAY__SECONDS is "long", '
        "but must be a number from 0 to 600",
        "play.polyphony from --set is 0, but must be from 1 to 32",
        'partner.bass.play.mode from --set is "sing", but must be one of answer, listen, duet, takeover, '
        "attract",
        "partner.bass from --set is not a setting",
    ]


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


def test_a_keyboard_is_not_split_upside_down(places: Places) -> None:
    assert places.mistakes("partner.bass.midi.lowest_key=60", "midi.highest_key=59", "midi.out=virtual") == [
        "partner.bass.midi.lowest_key is 60 (from --set) and midi.highest_key is 59 (from --set), "
        "but the first must not be above the second"
    ]


@pytest.mark.parametrize("name", ["play\x7f", "\x9b2J", "\u2028", "\udcff"])
def test_no_name_that_somebody_has_thought_of_steers_the_terminal(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        changed(defaults(), {f"play.{name}": name, "play.mode": name}, "MQTT")
    assert all(line.isprintable() for line in str(refused.value).split("\n"))


def test_a_flood_of_names_that_are_no_settings_is_refused_in_one_sentence() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^20000 names from MQTT are not settings, such as play.n0;"
    ):
        changed(defaults(), {f"play.n{number}": 1 for number in range(20_000)}, "MQTT")
