"""The page in place of a keyboard."""

import logging
import socket
from pathlib import Path

import pytest

from antiphon.adapters.doors.web.showing import OPENER, SHOWN, free_port, on_the_page, show
from default_config import loaded

URL = "http://127.0.0.1:8765/"


def test_it_plays_on_the_page_alone_at_a_port_of_its_own_or_the_one_that_is_set() -> None:
    config = on_the_page(loaded("midi.api=jack", "play.polyphony=3")).config
    assert config.midi.api == "none"
    assert config.web.port > 0
    assert config.play.polyphony == 3
    assert on_the_page(loaded("web.port=9191")).config.web.port == 9191
    assert SHOWN.is_wanted(config)


def test_a_port_that_somebody_has_is_not_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usual = taken.getsockname()[1]
        assert free_port(usual) not in (0, usual)
    assert free_port(usual) == usual


def opener_in(folder: Path) -> Path:
    """Return where an opener of a desktop writes what it is asked to open."""
    opened = folder / "opened"
    script = folder / OPENER
    script.write_text(f'#!/bin/sh\necho "$1" >"{opened}.part" && mv "{opened}.part" "{opened}"\n')
    script.chmod(0o755)
    return opened


def test_where_there_is_a_desktop_its_browser_is_opened(tmp_path: Path) -> None:
    opened = opener_in(tmp_path)
    child = show(URL, {"DISPLAY": ":0", "PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert child is not None
    assert child.wait(20) == 0
    assert opened.read_text() == f"{URL}\n"


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ":0", "PATH": "/nowhere"}, {"WAYLAND_DISPLAY": ""}])
def test_where_there_is_none_people_are_told_to(
    environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert show(URL, environ) is None
    assert caplog.messages == [f"open {URL} in a browser"]
