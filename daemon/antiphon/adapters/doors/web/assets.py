"""The files of the page, found once at the start: what is not among them cannot be asked for.

Text is held as it is sent, compressed. Everything else, such as sounds, is read when it is asked for, for
memory is scarce where much of it is locked. What is here waits for a disk.
"""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

STATIC = Path(__file__).parents[2] / "static"

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"

HASHED = "assets"
"""Folder of the files that have a hash of their content in their names, as Vite writes them."""

TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What is served, by the ends of names; anything else is no part of a page. The system's own list may lack
what is newer than it.
"""

TEXT = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"})


class Asset(Struct, frozen=True):
    """A file of the page.

    Attributes:
        etag: of its content.
        caching: the header ``Cache-Control``.
        compressed: it, by gzip, where that is worth it.
    """

    path: Path
    type: str
    etag: str
    caching: str
    compressed: bytes | None

    def content(self) -> bytes:
        """Return what is in it."""
        return self.path.read_bytes()


def assets_in(folder: Path) -> dict[str, Asset]:
    """Return the files of a folder by the paths at which they are served; empty where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file())
    assets = {f"/{path.relative_to(folder).as_posix()}": _asset(path, folder) for path in paths}
    if "/index.html" in assets:
        assets["/"] = assets["/index.html"]
    return assets


def _asset(path: Path, folder: Path) -> Asset:
    content = path.read_bytes()
    is_hashed = path.relative_to(folder).parts[0] == HASHED
    return Asset(
        path=path,
        type=TYPES[path.suffix],
        etag=hashlib.blake2b(content, digest_size=12).hexdigest(),
        caching=IMMUTABLE if is_hashed else REVALIDATED,
        compressed=gzip.compress(content, mtime=0) if path.suffix in TEXT else None,
    )
