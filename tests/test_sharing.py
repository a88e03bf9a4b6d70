"""What partners of one daemon cannot share, as far as their settings tell."""

import pytest

from antiphon.errors import ConfigurationError
from default_config import loaded

SYNTH = "midi.out='Synth*'"
OTHER_CHANNEL = "partner.bass.midi.out_channel=2"


def mistakes(*sets: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(*sets)
    return str(caught.value).split("\n")


def test_two_that_play_the_very_same_channel_are_refused() -> None:
    assert mistakes(SYNTH, "partner.bass.play.mode=duet") == [
        "partner.bass.midi.out_channel is 1 (in defaults.toml), as for the main partner, and so is midi.out, "
        '"Synth*" (from --set); set partner.bass.midi.out_channel to another channel, or '
        "partner.bass.midi.out to another instrument"
    ]


def test_two_further_partners_are_held_against_each_other_too() -> None:
    [mistake] = mistakes(SYNTH, OTHER_CHANNEL, "partner.lead.midi.out_channel=2")
    assert mistake.startswith("partner.lead.midi.out_channel is 2 (from --set), as for partner bass, ")


@pytest.mark.parametrize(
    "different",
    [
        OTHER_CHANNEL,
        "partner.bass.midi.out='Other*'",
        "partner.bass.midi.api=none",
        "partner.bass.midi.out=virtual",
    ],
)
def test_another_channel_or_another_instrument_is_enough(different: str) -> None:
    assert [*loaded(SYNTH, different).partners] == ["bass"]


def test_ports_of_their_own_may_be_played_on_the_same_channel() -> None:
    assert loaded("midi.out=virtual", "partner.bass.play.mode=duet").partners


def test_one_instrument_is_sent_one_clock() -> None:
    assert mistakes(SYNTH, OTHER_CHANNEL, "tempo.send=always") == [
        'partner.bass.tempo.send is "always" (from --set), as for the main partner, on the same midi.out; '
        'set partner.bass.tempo.send = "off"'
    ]
    assert loaded(SYNTH, OTHER_CHANNEL, "tempo.send=always", "partner.bass.tempo.send=off").partners


def test_a_serial_line_is_heard_and_played_by_one_partner() -> None:
    heard, played = mistakes("midi.in=serial:/dev/ttyAMA0", "midi.out=serial:/dev/ttyAMA0", OTHER_CHANNEL)
    assert heard.endswith("; only one partner can hear a serial line")
    assert played.endswith("; only one partner can play on a serial line")


def test_of_what_is_wrong_anyway_nothing_more_is_said() -> None:
    assert mistakes(SYNTH, "partner.bass.midi.out_channel=17") == [
        "partner.bass.midi.out_channel from --set is 17, but must be from 1 to 16"
    ]
