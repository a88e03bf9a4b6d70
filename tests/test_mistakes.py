"""What is said about a wrong setting: where it was given, what it may be, and what was probably meant."""

import string
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.kinds import KINDS
from antiphon.config import Loaded, changed, defaults, load
from antiphon.errors import ConfigurationError
from antiphon.mistakes import FORMER_NAMES, Given, Origin
from antiphon.schema import ORDERED, schema
from config_places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


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


@pytest.mark.parametrize("text", ["play.seed", "seed=1", "=1", "", ".seed.=1"])
def test_a_malformed_set_is_told(places: Places, text: str) -> None:
    [mistake] = places.mistakes(text)
    assert "--set" in mistake


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


def test_a_keyboard_is_not_split_upside_down(places: Places) -> None:
    assert places.mistakes("partner.bass.midi.lowest_key=60", "midi.highest_key=59", "midi.out=virtual") == [
        "partner.bass.midi.lowest_key is 60 (from --set) and midi.highest_key is 59 (from --set), "
        "but the first must not be above the second"
    ]


@pytest.mark.parametrize("name", ["play\x7f", "\x9b2J", "\u2028", "\udcff"])
def test_no_name_that_somebody_has_thought_of_steers_the_terminal(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        changed(
            defaults(), {f"play.{name}": name, "play.mode": name, f"partner.{name}.play.mode": "duet"}, "MQTT"
        )
    assert all(line.isprintable() for line in str(refused.value).split("\n"))


def test_no_name_of_a_partner_in_a_file_does_so_either(places: Places) -> None:
    places.write(places.user_file, '[partner]\n"\\u0000" = 1\n"\\u0001" = {}\n"\\u0002".play = {}\n')
    mistakes = places.mistakes()
    assert len(mistakes) == 3
    assert all(line.isprintable() and "is no name for a partner" in line for line in mistakes)


def test_a_flood_of_names_that_are_no_settings_is_refused_in_one_sentence() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^20000 names from MQTT are not settings, such as play.n0;"
    ):
        changed(defaults(), {f"play.n{number}": 1 for number in range(20_000)}, "MQTT")


def test_a_change_may_not_contradict_what_was_set_elsewhere(places: Places) -> None:
    before = places.load("play.highest=50")
    assert refusals(before, {"play.lowest": 60}) == [
        "play.lowest is 60 (from the page) and play.highest is 50 (from --set), "
        "but the first must not be above the second"
    ]
    assert changed(before, {"play.lowest": 60, "play.highest": 70}, "the page").config.play.lowest == 60
