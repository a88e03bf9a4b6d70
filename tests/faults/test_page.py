"""The page: browsers that go away with a key held, and more connections than a process may have."""

import os
import resource
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)

from fault_table import Fault
from faults_at_large import CHORD, PITCHES, STEADY, Tell, interrupt, until, until_it_answers, words_of
from jack_server import requires_jack
from jam_session import Jam, Process, jam, script
from web_pages import LOOPBACK, free_port

pytestmark = requires_jack

MANY = 100
"""Connections: fewer than the daemon would close by itself."""

FEW = 20
"""Files that the daemon may open beside those that it has."""


@contextmanager
def with_a_page(folder: Path, port: int, *settings: str) -> Iterator[Jam]:
    with jam(folder, *STEADY, f"web.port={port}", *settings) as session:
        session.daemon.has_said("the page is")
        yield session


@contextmanager
def held_on_a_page(session: Jam, port: int) -> Iterator[Process]:
    """Hold a chord on a page, which the daemon passes on to the synth."""
    page = Process(script("held_on_a_page"), str(port), *map(str, PITCHES))
    try:
        page.wait_for("held")
        while session.audible() != CHORD:
            session.next_message()
        yield page
    finally:
        page.thaw()
        page.end()


def test_a_browser_that_is_closed_while_keys_are_held(tmp_path: Path, tell: Tell) -> None:
    port = free_port()
    with with_a_page(tmp_path, port, "play.thru=true") as session, held_on_a_page(session, port) as page:
        closed = time.monotonic()
        page.kill()
        while session.audible():
            session.next_message()
        silent = session.silent_since() - closed
        until_it_answers(session)
        tell(
            Fault(
                "the browser is closed while keys are held on the page",
                f"the program that holds {len(CHORD)} keys is killed",
                f"they are let go {1000 * silent:.0f} ms later",
                "nothing",
            )
        )


@pytest.mark.long
def test_a_browser_that_does_not_answer_while_keys_are_held(tmp_path: Path, tell: Tell) -> None:
    """As a telephone that is carried out of reach: nobody says goodbye."""
    port = free_port()
    with with_a_page(tmp_path, port, "play.thru=true") as session, held_on_a_page(session, port) as page:
        gone = time.monotonic()
        page.freeze()
        while session.audible():
            session.next_message()
        silent = session.silent_since() - gone
        until_it_answers(session)
        tell(
            Fault(
                "a telephone with the page on it is carried out of reach while keys are held",
                f"the program that holds {len(CHORD)} keys is stopped",
                f"they are let go {silent:.1f} s later, when it has not answered",
                "nothing",
            )
        )


def test_more_connections_than_files_may_be_open(tmp_path: Path, tell: Tell) -> None:
    port = free_port()
    with with_a_page(tmp_path, port) as session:
        session.play_phrase()
        session.next_onset()
        limited(session.daemon.child.pid)
        with ExitStack() as connections:
            for _ in range(MANY):
                connections.enter_context(socket.create_connection((LOOPBACK, port), timeout=5))
            nobody = session.daemon.wait_for("nobody more can connect")
            session.next_onset()
            interrupt(session)
            until_it_answers(session)
        closed = time.monotonic()
        until(lambda: is_served(port))
        tell(
            Fault(
                "more connections come than files may be open",
                f"`RLIMIT_NOFILE` {FEW} above what is open, and {MANY} connections to the page",
                "nothing: the answer goes on, and the page is served again when the connections are gone",
                words_of(nobody, tmp_path),
                time.monotonic() - closed,
            )
        )


def limited(pid: int) -> None:
    """Let a process open no more than a few files beside those that it has."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{pid}/fd")) + FEW, hard))


def is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
