"""How a model is trained: kept beside it, and the rate that follows from it."""

from dataclasses import asdict, replace

import msgspec
import pytest

from antiphon_models.card import Card
from antiphon_models.training.recipe import GENTLE, USUAL, Recipe, chosen, filled, learning_rate


def test_the_rate_rises_for_a_while_and_then_falls_to_nothing() -> None:
    recipe = replace(Recipe(), learning_rate=0.01, warm_up=100)
    assert learning_rate(recipe, 0, 0.0) == pytest.approx(0.0001)
    assert learning_rate(recipe, 49, 0.0) == pytest.approx(0.005)
    assert learning_rate(recipe, 1000, 0.5) == pytest.approx(0.005)
    assert learning_rate(recipe, 1000, 1.0) == 0.0


def test_a_recipe_comes_back_from_its_file() -> None:
    recipe = replace(Recipe(), minutes=7.5, precision=16)
    assert msgspec.json.decode(msgspec.json.encode(asdict(recipe)), type=Recipe) == recipe


def test_a_recipe_can_stand_on_a_card() -> None:
    arguments = msgspec.convert(asdict(Recipe()), Card.__annotations__["arguments"])
    assert arguments["window"] == 64


def test_what_is_chosen_counts_also_where_it_is_what_is_usual_elsewhere() -> None:
    assert chosen(GENTLE, lanes=None, minutes=None) == GENTLE
    assert chosen(GENTLE, lanes=USUAL.lanes, seed=3) == replace(GENTLE, lanes=USUAL.lanes, seed=3)


def test_a_large_corpus_is_learnt_as_ever_and_little_music_in_as_many_lanes_as_it_fills() -> None:
    assert filled(USUAL, pieces=64, events=100) == USUAL
    assert filled(USUAL, pieces=1, events=64 * 64 * 64) == USUAL
    assert filled(USUAL, pieces=5, events=4_000) == replace(USUAL, lanes=5)
    assert filled(USUAL, pieces=5, events=64 * 64 * 20) == replace(USUAL, lanes=20)
    assert filled(USUAL, pieces=1, events=100).lanes == 1
    assert filled(replace(USUAL, lanes=4), pieces=5, events=4_000).lanes == 4
