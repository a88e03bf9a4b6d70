"""Certificates for a test: an authority of our own, and what it signs, made by openssl."""

import shutil
import subprocess
from pathlib import Path

import pytest

requires_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl (package openssl) is missing: TLS is not tested"
)


class Authority:
    """A CA whose files are in a folder: ``ca.pem``, and NAME.pem with NAME.key for what it has signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign"]
        openssl(
            "req", "-x509", *NEW_KEY, self._key, "-out", self.certificate, "-subj", "/CN=test", *extensions
        )

    def sign(self, name: str, *, alternative: str = "DNS:localhost,IP:127.0.0.1") -> tuple[Path, Path]:
        """Return a certificate for a host of this name, and its key."""
        request, key, certificate = (self.folder / f"{name}.{kind}" for kind in ("csr", "key", "pem"))
        extension = self.folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={alternative}\n")
        openssl("req", *NEW_KEY, key, "-out", request, "-subj", f"/CN={name}")
        signer: list[str | Path] = [
            "-CA",
            self.certificate,
            "-CAkey",
            self._key,
            "-CAcreateserial",
            "-extfile",
            extension,
        ]
        openssl("x509", "-req", "-in", request, "-out", certificate, "-days", "2", *signer)
        return certificate, key


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout")


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=20)
