"""What earlier versions have written still loads, and the names that others build on are still there.

`tests/releases` has a folder for each version; docs/versioning.md says what is promised. Whoever takes
something away on purpose strikes it out of the names that are kept there, and says so in the change log.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from antiphon import __version__
from antiphon.adapters.engines.models import read_model
from antiphon.adapters.files.journal import TRACK_NAMES
from antiphon.adapters.files.reading import read_tracks
from antiphon.adapters.files.session_log import read_session_log
from antiphon.config import Loaded, load
from antiphon.core.performance import notes_heard
from antiphon.replay.replay import replayed
from antiphon.schema import values_of
from antiphon_models.card import Card
from default_config import loaded

PROJECT = Path(__file__).resolve().parent.parent
RELEASES = PROJECT / "tests" / "releases"

CHANGES = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")

KEPT = sorted(path for path in RELEASES.iterdir() if re.fullmatch(r"\d+\.\d+\.\d+", path.name))

of_every_release = pytest.mark.parametrize("release", KEPT, ids=lambda path: path.name)


def read(path: Path) -> Loaded:
    return load(path, (), {"HOME": os.devnull}, system_file=Path(os.devnull, "antiphon.toml"))


def settings_in(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the settings of a file of them by their dotted names."""
    for section, values in table.items():
        if section != "partner":
            yield from ((f"{section}.{name}", value) for name, value in values.items())


def names_in(release: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((release / "names.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The names of today, by the program that keeps them."""
    folder = tmp_path_factory.mktemp("releases") / "today"
    subprocess.run([sys.executable, RELEASES / "keep.py", folder], check=True, capture_output=True)
    return names_in(folder)


def test_every_version_that_was_released_has_its_files() -> None:
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", CHANGES, re.MULTILINE)
    assert set(released) <= {path.name for path in KEPT}
    assert __version__ in {path.name for path in KEPT}, "`make release-files` keeps those of this version"


def test_the_change_log_begins_with_this_version_or_what_will_be_one() -> None:
    first = re.search(r"^## \[(.+?)\]", CHANGES, re.MULTILINE)
    assert first is not None
    assert first[1] in ("Unreleased", __version__)


@of_every_release
def test_a_file_of_all_settings_loads(release: Path) -> None:
    path = release / "antiphon.toml"
    values = values_of(read(path).config)
    for name, value in settings_in(tomllib.loads(path.read_text(encoding="utf-8"))):
        assert values[name] == value, name


@of_every_release
def test_settings_that_were_changed_by_a_door_are_those_that_were_kept(release: Path) -> None:
    path = release / "kept.toml"
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    found = read(path)
    values = values_of(found.config)
    for name, value in settings_in(kept):
        assert values[name] == value, name
    for partner, table in kept["partner"].items():
        values = values_of(found.partners[partner].config)
        for name, value in settings_in(table):
            assert values[name] == value, f"{partner}: {name}"


@of_every_release
@pytest.mark.parametrize("name", ["answer", "duet"])
def test_a_session_is_read_and_played_again(release: Path, name: str) -> None:
    path = release / f"{name}.session"
    logged = read_session_log(path)
    replay = replayed(loaded().config, path, only_read=True)
    assert len(replay.again) == len(logged.steps)
    assert replay.commands


@of_every_release
@pytest.mark.parametrize("name", ["answer", "duet"])
def test_a_recording_is_read_with_both_its_parts(release: Path, name: str) -> None:
    path = release / f"{name}.mid"
    for part in TRACK_NAMES.values():
        assert any(notes_heard(read_tracks(path.read_bytes(), path.name)[part])), part


@of_every_release
def test_the_cards_of_its_models_are_understood(release: Path, tmp_path: Path) -> None:
    """The files that they describe are not kept; one byte stands in for each."""
    cards = sorted((release / "cards").iterdir())
    assert len(cards) >= 5
    for card in cards:
        text = re.sub(
            r'"sha256": "\w+"',
            '"sha256": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"',
            card.read_text(encoding="utf-8"),
        )
        (tmp_path / "card.json").write_text(text, encoding="utf-8")
        (tmp_path / "model.tflite").write_bytes(b"\0")
        assert read_model(tmp_path / "model.tflite", Card).card.name == json.loads(text)["name"]


@of_every_release
def test_every_setting_is_still_there_and_may_be_what_it_might(release: Path, now: Mapping[str, Any]) -> None:
    for name, then in names_in(release)["settings"].items():
        today = now["settings"][name]
        assert today["kind"] == then["kind"], name
        assert set(then["choices"]) <= set(today["choices"]) or not today["choices"], name
        for limit, further in (("lowest", min), ("highest", max)):
            if today[limit] is not None:
                assert then[limit] is not None, name
                assert further(today[limit], then[limit]) == today[limit], name


@of_every_release
def test_every_command_still_has_its_options(release: Path, now: Mapping[str, Any]) -> None:
    for command, options in names_in(release)["commands"].items():
        assert set(options) <= set(now["commands"][command]), command


@of_every_release
def test_every_topic_and_address_is_still_there(release: Path, now: Mapping[str, Any]) -> None:
    assert set(names_in(release)["addresses"]) <= set(now["addresses"])
