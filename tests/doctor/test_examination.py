"""Everything is looked at, whatever one check meets."""

from collections.abc import Iterator

import pytest

from antiphon.adapters.check_up import Standing
from antiphon.adapters.footing import Footing
from antiphon.config import Loaded
from antiphon.doctor.examination import carried_out, check_model, check_python, check_runtime, examine
from antiphon.errors import ConfigurationError, ModelError
from antiphon.findings import Finding, exit_code
from antiphon.settings import Config
from default_config import loaded
from states import a_state
from vulkan import hide_every_gpu


def by_name(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def test_a_machine_without_midi_is_examined_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_every_gpu(monkeypatch)
    found = by_name(examine(lambda: loaded("midi.api=none")))
    assert list(found)[:7] == ["antiphon", "Python", "runtime", "MIDI", "model", "CPU", "GPU"]
    assert "mido" in found["antiphon"].figures
    assert (found["MIDI"].verdict, found["MIDI"].exit_code) == ("missing", 3)
    assert found["CPU"].figures["steps"] > 0
    assert exit_code(found.values()) == 3


def test_a_daemon_that_plays_is_taken_at_its_word_where_a_trial_would_disturb_it() -> None:
    standing = Standing(Footing(60, 20, memory_is_locked=True), a_state(lost=("out",)), {"osc": "on"})
    found = by_name(examine(lambda: loaded("osc.port=9000"), standing))
    assert list(found)[:7] == ["antiphon", "Python", "runtime", "MIDI", "model", "engine", "priority"]
    assert "FLUID" in found["MIDI"].value
    assert found["priority"].figures == {"wished": 60, "granted": 20}
    assert found["OSC"].value == "port 9000 of 127.0.0.1 is open"


def test_mistakes_in_the_settings_are_told_and_the_rest_examined_as_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hide_every_gpu(monkeypatch)

    def mistaken() -> Loaded:
        raise ConfigurationError("play.sed is not a setting\nplay.mode is wrong")

    findings = list(examine(mistaken))
    assert [(each.value, each.exit_code) for each in findings if each.name == "settings"] == [
        ("play.sed is not a setting", 2),
        ("play.mode is wrong", 2),
    ]
    assert by_name(iter(findings))["model"].value.startswith("default: ")


def test_a_missing_model_is_told_once_with_its_exit_code() -> None:
    sets = ("model.name=nowhere", "engine.understudy=''", "midi.api=none")
    found = by_name(examine(lambda: loaded(*sets)))
    assert found["model"].exit_code == 4
    assert found["CPU"].value == "not tried, as there is no model to try it with"
    assert exit_code(found.values()) == 4


def test_who_plays_in_place_of_a_missing_model_is_told() -> None:
    [found] = check_model(loaded("model.name=nowhere").config)
    assert (found.verdict, found.exit_code) == ("could be better", 0)
    assert "nowhere" in found.value
    assert found.remedy == "named in a file, `antiphon run` plays small until it is there"


def test_a_check_that_fails_keeps_no_other_from_being_made() -> None:
    def failing(_: Config) -> Iterator[Finding]:
        yield Finding("CPU", "good", "fast")
        raise ZeroDivisionError("division by zero")

    first, second = carried_out("CPU", failing, loaded().config)
    assert first.value == "fast"
    assert (second.verdict, second.exit_code) == ("could be better", 0)
    assert second.value == "this could not be checked: ZeroDivisionError: division by zero"


def test_what_is_missing_is_told_in_the_words_of_its_error() -> None:
    def missing(_: Config) -> Iterator[Finding]:
        raise ModelError("no runtime is installed")
        yield

    [finding] = carried_out("runtime", missing, loaded().config)
    assert (finding.verdict, finding.value, finding.exit_code) == ("missing", "no runtime is installed", 4)


def test_the_model_is_told_with_its_figures() -> None:
    [finding] = check_model(loaded().config)
    assert finding.figures["parameters"] > 100_000
    assert str(finding.figures["held_out"]) in finding.value
    assert finding.figures["quantisation"] in finding.value


def test_python_and_the_runtime_are_told_by_version() -> None:
    [python], [runtime] = check_python(loaded().config), check_runtime(loaded().config)
    assert python.value.startswith("3.")
    assert runtime.value.split()[0] in ("ai-edge-litert", "tflite-runtime")
