"""The page in place of a keyboard: at a port that is free, and in a browser where there is one."""

import logging
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec

import msgspec

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.opening import Door, Serve
from antiphon.adapters.doors.web.assets import STATIC
from antiphon.config import Loaded
from antiphon.settings import Config

USUAL_PORT = 8765

LIBRARIES = ("aiohttp", "segno")

OPENER = "xdg-open"
"""The desktop's own way to open an address; what it prints nobody wants to read."""

logger = logging.getLogger(__name__)


def there_is_a_page() -> bool:
    """Whether the page is built here, and what serves it is installed."""
    return (STATIC / "index.html").is_file() and all(find_spec(library) for library in LIBRARIES)


def on_the_page(loaded: Loaded) -> Loaded:
    """Return a configuration that plays on the page alone, at its own port or one that is free."""
    config = loaded.config
    web = config.web if config.web.port else msgspec.structs.replace(config.web, port=free_port(USUAL_PORT))
    midi = msgspec.structs.replace(config.midi, api="none")
    return replace(loaded, config=msgspec.structs.replace(config, midi=midi, web=web))


def free_port(usual: int) -> int:
    """Return a port of this machine that nobody has: the usual one if it can be had."""
    for port in (usual, 0):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    return usual


def show(url: str, environ: Mapping[str, str] = os.environ) -> "subprocess.Popen[bytes] | None":
    """Open an address in the browser of the desktop, where there is a desktop; waits for nothing.

    Returns what opens it, None where there is no desktop and the log says what to open.
    """
    has_desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    opener = shutil.which(OPENER, path=environ.get("PATH"))
    if has_desktop and opener:
        nothing = subprocess.DEVNULL
        return subprocess.Popen(
            [opener, url], stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, env=environ
        )
    logger.info("open %s in a browser", url)
    return None


def _shown() -> Serve:
    from antiphon.adapters.doors.web.door import serve

    async def serve_and_show(config: Config, desk: Desk) -> None:
        shown: list[
            subprocess.Popen[bytes] | None
        ] = []  # held, or Python would complain that it is not waited for
        await serve(config, desk, opened=lambda url: shown.append(show(url)))

    return serve_and_show


SHOWN = Door("web.port", "web", _shown)
"""The page, shown as soon as it is there."""
