"""A daemon that serves the page, and somebody at a browser who plays on it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, FloatRect, Page, sync_playwright

from ended import end_in_good_order

CHROMIUM = shutil.which("chromium") or ""

ARGUMENTS = (
    "--no-sandbox",  # which root has to do without
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 20.0
"""Seconds that something which is certain to happen is waited for."""

PHRASE = (60, 64, 67, 72, 71, 67)


class ServingDaemon:
    """A daemon without MIDI, in a process of its own, whose page is at ``address``.

    Args:
        folder: where it keeps its recordings and its configuration.
        settings: what differs from the defaults, by its full name.
    """

    def __init__(self, folder: Path, settings: Mapping[str, object]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        chosen = {"midi.api": "none", "web.port": self.port, "play.seed": 7, **settings}
        options = [word for name, value in chosen.items() for word in ("--set", f"{name}={value}")]
        self._command = [sys.executable, "-m", "antiphon", "run", *options]
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
        }
        self._folder = folder
        self._log = folder / "daemon.log"
        self.start()

    def start(self) -> None:
        """Start it, or start it again at the same place, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stderr=log, stdout=log)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.read("api/state")
                return
            except OSError:
                assert self._process.poll() is None, self._log.read_text()
                assert time.monotonic() < deadline, self._log.read_text()
                time.sleep(0.05)

    def read(self, path: str) -> Any:
        """Return what is at an address of its API."""
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return json.load(answer)

    def value(self, name: str) -> object:
        """Return the value of a setting, as the API tells it."""
        return next(each["value"] for each in self.read("api/settings") if each["name"] == name)

    @property
    def saved(self) -> str:
        """What it has saved for its next start."""
        return (self._folder / "config" / "antiphon" / "antiphon.toml").read_text()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        end_in_good_order(self._process)


@contextmanager
def serving_daemon(folder: Path, **settings: object) -> Iterator[ServingDaemon]:
    """Have a daemon as long as the context lasts; of settings ``__`` stands for the dot."""
    daemon = ServingDaemon(folder, {name.replace("__", "."): value for name, value in settings.items()})
    try:
        yield daemon
    finally:
        daemon.end()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Have Debian's browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at the page.

    Attributes:
        troubles: what the browser complained of: errors of scripts, refusals of the security policy.
        asked: every address that the page has asked for.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self.troubles.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))

    @property
    def turn(self) -> str:
        return self.page.locator("#turn").inner_text()

    @property
    def lit(self) -> set[int]:
        """The keys that are lit as the player's."""
        keys = self.page.locator(".key.you").evaluate_all(
            "keys => keys.map(key => Number(key.dataset.pitch))"
        )
        return set(keys)

    def comes(self, address: str) -> None:
        """Open the page, and wait until the daemon has said hello and every note can be heard."""
        self.page.goto(address, wait_until="networkidle")
        self.page.wait_for_selector(".control", state="attached")

    def allows_sound(self) -> None:
        """Touch the page beside everything, after which the browser lets it sound."""
        self.page.locator("h1").click()
        self.page.locator("#allow").wait_for(state="hidden")

    def key(self, pitch: int) -> FloatRect:
        """Return where a key is."""
        box = self.page.locator(f'[data-pitch="{pitch}"]').bounding_box()
        assert box is not None, f"the key {pitch} is not on the screen"
        return box

    def touch(self, pitch: int, depth: float = 0.85) -> None:
        """Put the mouse down on a key, at a share of its length."""
        box = self.key(pitch)
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * depth)
        self.page.mouse.down()

    def plays(self, *pitches: int) -> None:
        """Play one note after the other with the mouse."""
        for pitch in pitches:
            self.touch(pitch)
            self.page.wait_for_timeout(120)
            self.page.mouse.up()

    def waits_for_turn(self, *words: str) -> None:
        """Wait until it says one of these about whose turn it is."""
        self.page.wait_for_function(
            "words => words.includes(document.querySelector('#turn').textContent)",
            arg=list(words),
            timeout=PATIENCE * 1000,
        )

    def hears(self, player: str, at_least: float = 0.05) -> None:
        """Wait until the AnalyserNode behind a player's piano tells of sound."""
        self.page.wait_for_function(
            "([player, least]) => document.querySelector(`#level-${player}`).value >= least",
            arg=[player, at_least],
            timeout=PATIENCE * 1000,
        )

    def hears_nothing(self, player: str) -> None:
        """Wait until that piano is silent."""
        self.page.wait_for_function(
            "player => document.querySelector(`#level-${player}`).value === 0",
            arg=player,
            timeout=PATIENCE * 1000,
        )

    def lights(self, pitches: set[int]) -> None:
        """Wait until these keys are lit as the player's, and no others."""
        self.page.wait_for_function(
            """pitches => JSON.stringify(pitches) === JSON.stringify(
                [...document.querySelectorAll('.key.you')].map(key => Number(key.dataset.pitch)))""",
            arg=sorted(pitches),
            timeout=PATIENCE * 1000,
        )

    def waits_until(self, happens: Callable[[], bool], what: str) -> None:
        """Wait until something holds that the page itself does not show."""
        deadline = time.monotonic() + PATIENCE
        while not happens():
            assert time.monotonic() < deadline, f"it never came about that {what}"
            self.page.wait_for_timeout(50)

    def opens(self, sheet: str) -> None:
        """Open a sheet by its name."""
        button = self.page.get_by_role("button", name=sheet, exact=True)
        if button.get_attribute("aria-expanded") != "true":
            button.click()

    def fingers(self) -> CDPSession:
        """Return what sends touches of several fingers, which Playwright itself has not."""
        return self.page.context.new_cdp_session(self.page)
