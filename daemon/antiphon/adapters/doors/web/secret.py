"""The token that a browser has to bring once: made once, told once, and kept as its digest.

What is here waits for a disk.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from antiphon.adapters.doors.web.guard import digest_of
from antiphon.adapters.files.place import own_folder
from antiphon.errors import DoorError, reason_of
from antiphon.settings import Web
from antiphon.whole_file import whole_file

CREDENTIAL = "web-token"

BYTES = 24

SHORTEST = 16
"""Characters that a token of one's own has at least."""


class Secret(Struct, frozen=True):
    """A token, as far as it is known.

    Attributes:
        digest: of it.
        kept_in: the file to remove for another one; None where it is somebody's own.
        new: the token itself, where it was made just now and nobody knows it yet.
        trouble: why it will be another one after the next start; empty where it will not.
    """

    digest: bytes
    kept_in: Path | None = None
    new: str = ""
    trouble: str = ""


def secret_of(web: Web, environ: Mapping[str, str]) -> Secret:
    """Return the token that is wanted: the one of a file, or the one that was made before, or a new one.

    Args:
        web: may name a file.
        environ: may name the folders of a service, as ``systemd.exec(5)`` says.

    Raises:
        DoorError: the file that is named cannot be read, or holds too short a token.
    """
    credential = Path(environ.get("CREDENTIALS_DIRECTORY", os.devnull), CREDENTIAL)
    if web.token_file:
        return _read(Path(web.token_file).expanduser())
    if credential.is_file():
        return _read(credential)
    return _own(own_folder(environ) / CREDENTIAL)


def _read(path: Path) -> Secret:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DoorError(
            f"cannot read the token in {path}: {reason_of(error)}; web.token_file names the file"
        ) from error
    if len(token) < SHORTEST:
        raise DoorError(f"the token in {path} is too short; write {SHORTEST} characters or more there")
    return Secret(digest_of(token))


def _own(path: Path) -> Secret:
    """Return the token that was made before, or a new one, of which the digest is kept."""
    try:
        return Secret(bytes.fromhex(path.read_text(encoding="ascii")), path)
    except (OSError, ValueError):
        token = secrets.token_urlsafe(BYTES)
    secret = Secret(digest_of(token), path, token)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(secret.digest.hex().encode())
    except OSError as error:
        return Secret(secret.digest, None, token, f"{path} cannot be written: {reason_of(error)}")
    return secret
