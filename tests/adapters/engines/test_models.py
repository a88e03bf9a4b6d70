"""Models and their cards: what is found, and what is refused with which sentence."""

import json
from pathlib import Path

import pytest

from antiphon.adapters.engines.models import (
    CARD_FILE,
    MODEL_FILE,
    check_typed_model,
    find_network,
    read_model,
    read_network,
    shipped_models,
)
from antiphon.config import load
from antiphon.errors import ModelError
from antiphon_models import vocab
from antiphon_models.card import Card
from default_config import NOWHERE, loaded
from model_files import copy_of_the_default, edit_card


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return copy_of_the_default(tmp_path / "copy")


BASS = ("partner.bass.midi.out_channel=2",)
"""A further partner, on the same instrument."""


def refusal(path: Path) -> str:
    """Return the one sentence with which a model is refused."""
    with pytest.raises(ModelError) as refused:
        read_network(path)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert str(path.parent) in sentence
    return sentence


def test_the_shipped_models_are_whole_and_the_default_is_among_them() -> None:
    assert "default" in [model.path.parent.name for model in shipped_models()]


def test_a_model_is_found_by_name_or_by_file(model: Path) -> None:
    assert find_network("default").path.parent.name == "default"
    found = find_network(str(model))
    assert found.path == model
    assert found.card == find_network("default").card


def test_the_folder_of_a_model_stands_for_its_file(model: Path) -> None:
    assert find_network(str(model.parent)).path == model
    model.unlink()
    with pytest.raises(ModelError, match=r"holds no model\.tflite"):
        find_network(str(model.parent))


def test_a_file_in_the_home_folder_is_found(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(model.parent))
    assert find_network(f"~/{MODEL_FILE}").path == model


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ModelError, match=r"^defualt is neither a shipped model \(.*default, "):
        find_network("defualt")


def test_a_name_that_is_near_to_one_comes_with_that(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent.parent)
    for typed, meant in (("defualt", "default"), ("cpy", "copy"), ("./cpoy", "copy")):
        with pytest.raises(ModelError, match=rf"; did you mean {meant}\?$"):
            find_network(typed)
    with pytest.raises(ModelError, match=r"; `antiphon models` lists those that are shipped$"):
        find_network("bechstein")


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        (("model.name=defualt",), r"^defualt is neither .* did you mean default\?$"),
        (("model.file=nowhere.tflite",), "^there is no model file nowhere.tflite"),
        (
            ("model.name=markov",),
            "^markov is a model for another engine than lstm; it plays with --engine markov$",
        ),
        ((*BASS, "partner.bass.model.name=smal"), r"^smal is .* did you mean small\?$"),
    ],
)
def test_what_somebody_types_just_now_has_to_be_there_and_for_the_engine_that_plays(
    sets: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(ModelError, match=sentence):
        check_typed_model(loaded(*sets))


@pytest.mark.parametrize(
    "sets",
    [
        (),
        ("model.name=small",),
        ("engine.kind=rbm", "model.name=rbm"),
        (*BASS, "model.name=small", "partner.bass.engine.kind=markov"),
    ],
)
def test_what_can_play_may_be_typed(sets: tuple[str, ...]) -> None:
    check_typed_model(loaded(*sets))


def test_what_a_file_or_a_variable_names_is_left_to_whoever_stands_in_for_it(tmp_path: Path) -> None:
    settings = tmp_path / "antiphon.toml"
    settings.write_text("[model]\nname = 'nowhere'\n")
    check_typed_model(load(settings, (), {}, system_file=NOWHERE))
    check_typed_model(load(None, (), {"ANTIPHON_MODEL__FILE": "nowhere.tflite"}, system_file=NOWHERE))


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    assert "there is no model file" in refusal(tmp_path / MODEL_FILE)


def test_a_model_without_a_card_is_refused(model: Path) -> None:
    model.with_name(CARD_FILE).unlink()
    assert f"no {CARD_FILE} beside it" in refusal(model)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"name": 1}', b"null"],
    ids=lambda content: repr(content),
)
def test_a_damaged_card_is_refused(model: Path, content: bytes) -> None:
    model.with_name(CARD_FILE).write_bytes(content)
    assert "is damaged" in refusal(model)


def test_a_card_that_says_more_than_it_may_is_refused(model: Path) -> None:
    edit_card(model, colour="blue")
    assert "colour" in refusal(model)


def test_a_card_from_which_something_was_cut_out_is_refused(model: Path) -> None:
    card = model.with_name(CARD_FILE)
    content = json.loads(card.read_text())
    del content["sha256"]
    card.write_text(json.dumps(content))
    assert "sha256" in refusal(model)


def test_a_model_in_which_one_bit_has_turned_is_refused(model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    assert "is not the file that" in refusal(model)


def test_a_model_of_another_vocabulary_is_refused(model: Path) -> None:
    other = "0" * len(vocab.fingerprint())
    edit_card(model, spec={"units": 256, "layers": 3, "vocabulary": other})
    assert "another vocabulary" in refusal(model)


class OtherCard(Card, frozen=True, kw_only=True, tag="another"):
    """The card of a family that the default model is not of."""


def test_a_model_for_another_engine_is_refused_with_the_engine_that_plays_it(model: Path) -> None:
    with pytest.raises(ModelError, match=r"it plays with --engine lstm$"):
        read_model(model, OtherCard)


def test_a_card_from_before_there_were_several_engines_is_read(model: Path) -> None:
    card = model.with_name(CARD_FILE)
    content = json.loads(card.read_text())
    content.pop("engine", None)
    card.write_text(json.dumps(content))
    assert read_network(model).card.engine == "lstm"


def test_a_folder_in_the_place_of_a_file_is_refused(model: Path) -> None:
    refusal(model.parent.parent)
    model.unlink()
    model.mkdir()
    assert "is a directory" in refusal(model)


@pytest.mark.parametrize("spec", [{"layers": 10**9}, {"units": -1}, {"units": 10**18}])
def test_a_card_of_a_network_that_nobody_could_hold_is_refused(tmp_path: Path, spec: dict[str, int]) -> None:
    model = copy_of_the_default(tmp_path / "model")
    edit_card(model, spec=json.loads(model.with_name("card.json").read_text())["spec"] | spec)
    with pytest.raises(ModelError, match="is damaged"):
        read_network(model)


def test_what_a_card_holds_does_not_steer_the_terminal(tmp_path: Path) -> None:
    model = copy_of_the_default(tmp_path / "model")
    edit_card(model, **{"\x1b[2Jcleared\x9b": 1})
    with pytest.raises(ModelError) as refused:
        read_network(model)
    assert str(refused.value).isprintable()
