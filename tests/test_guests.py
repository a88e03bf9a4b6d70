"""Engines of other packages: who they are, and that whoever may choose an engine may choose them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon import guests, listing
from antiphon.adapters.doors import home_assistant
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.cli import main
from antiphon.errors import ConfigurationError
from antiphon.schema import schema
from antiphon.settings import ENGINES
from default_config import loaded
from visiting_package import install


@pytest.fixture
def visitors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    install(tmp_path, "more-music", guests.GROUP, {"hum": "more_music:Hum", "drone": "more_music:Drone"})
    monkeypatch.syspath_prepend(tmp_path)
    guests.guests.cache_clear()
    yield
    guests.guests.cache_clear()


@pytest.mark.usefixtures("visitors")
def test_they_are_told_by_name_with_the_package_that_brings_them() -> None:
    assert guests.names() == ("drone", "hum")
    assert guests.package_of("hum") == "more-music 1.0"
    assert "  drone  more-music 1.0\n" in listing.guests_as_text(guests.names())


@pytest.mark.usefixtures("visitors")
def test_programs_are_told_of_them_beside_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["models"]
    assert listed["engines"] == [
        {"name": "drone", "package": "more-music 1.0"},
        {"name": "hum", "package": "more-music 1.0"},
    ]


def test_where_there_are_none_there_is_no_heading_for_them() -> None:
    assert listing.guests_as_text(()) == ""


@pytest.mark.usefixtures("visitors")
def test_whoever_may_choose_an_engine_may_choose_one_of_them() -> None:
    assert schema()["engine.kind"].choices == (*ENGINES, "drone", "hum")
    assert loaded("engine.kind=hum").config.engine.kind == "hum"
    [(_, discovered)] = home_assistant.messages(loaded().config, Topics("studio"))
    assert b'"hum"' in discovered


@pytest.mark.usefixtures("visitors")
def test_a_slip_in_the_name_of_one_is_told_with_the_name_that_was_meant() -> None:
    with pytest.raises(ConfigurationError, match=r'one of lstm, .*, drone, hum; did you mean "drone"\?'):
        loaded("engine.kind=drown")


def test_nothing_is_looked_up_for_an_engine_that_ships() -> None:
    code = "from default_config import loaded; loaded('engine.kind=rbm'); import sys; "
    code += "sys.exit('importlib.metadata' in sys.modules)"
    path = f"sys.path[:0] = {[str(Path(__file__).parent / 'support'), *sys.path]!r}"
    done = subprocess.run([sys.executable, "-c", f"import sys; {path}; {code}"], check=False, timeout=60)
    assert done.returncode == 0
