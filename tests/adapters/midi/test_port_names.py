import pytest

from antiphon.adapters.midi.port_names import choose, is_plumbing, near_names, stable_names
from antiphon.errors import PortError

NAMES = [
    "Midi Through:Midi Through Port-0",
    "Keystation 49:Keystation 49 MIDI 1",
    "Minilogue:Minilogue SOUND",
]


def test_the_numbers_that_change_with_replugging_are_no_part_of_a_name() -> None:
    assert list(stable_names(["Keystation:Keystation MIDI 1 20:0"])) == ["Keystation:Keystation MIDI 1"]
    assert list(stable_names(["a2j:Keystation [20] (capture): [0] Keystation MIDI 1"])) == [
        "a2j:Keystation (capture): [0] Keystation MIDI 1"
    ]


def test_our_own_ports_are_not_offered() -> None:
    assert list(stable_names(["antiphon:in 128:0", "antiphon-01:out", "antiphonal:out"])) == [
        "antiphonal:out"
    ]


def test_two_keyboards_of_one_make_have_two_names() -> None:
    assert stable_names(["Keys:Keys 20:0", "Keys:Keys 24:0"]) == {
        "Keys:Keys": "Keys:Keys 20:0",
        "Keys:Keys #2": "Keys:Keys 24:0",
    }


@pytest.mark.parametrize(
    "pattern",
    ["Keystation*", "keystation 49", "*MIDI 1", "Keystation 49:Keystation 49 MIDI 1", "KEY*:*"],
)
def test_a_pattern_matches_client_port_or_both_in_any_case(pattern: str) -> None:
    assert choose(pattern, NAMES, "in") == NAMES[1]


def test_a_name_with_brackets_can_be_given_as_it_is() -> None:
    assert choose("Synth [A]:out", ["Synth [A]:out"], "out") == "Synth [A]:out"


def test_the_star_takes_the_first_port_that_is_no_plumbing() -> None:
    assert choose("*", NAMES, "in") == NAMES[1]


def test_the_star_means_a_virtual_port_where_nothing_is_plugged_in() -> None:
    assert choose("*", NAMES[:1], "in") is None


def test_virtual_means_a_virtual_port_whatever_is_plugged_in() -> None:
    assert choose("virtual", NAMES, "in") is None


def test_plumbing_can_still_be_asked_for() -> None:
    assert choose("Midi Through*", NAMES, "in") == NAMES[0]


@pytest.mark.parametrize(
    "name", ["System:Announce", "System:Timer", "a2j:Midi Through (capture): Midi Through Port-0"]
)
def test_what_belongs_to_the_system_is_plumbing(name: str) -> None:
    assert is_plumbing(name)


def test_a_pattern_without_match_tells_the_near_names_and_what_to_do() -> None:
    with pytest.raises(PortError) as raised:
        choose("Minilog", NAMES, "out")
    message = str(raised.value)
    assert message.startswith('no MIDI output matches "Minilog"; choose one with --out, the nearest are: ')
    assert message.index("Minilogue SOUND") < message.index("Keystation")


def test_a_pattern_where_nothing_is_plugged_in_says_that() -> None:
    with pytest.raises(PortError, match="there is none at all; plug it in or use --in virtual"):
        choose("Keystation*", [], "in")


def test_the_nearest_name_comes_first_and_only_a_few_are_told() -> None:
    names = [f"Synth {number}:out" for number in range(20)] + ["Keystation:out"]
    assert near_names("Keystatoin", names)[0] == "Keystation:out"
    assert len(near_names("Keystatoin", names)) == 5
