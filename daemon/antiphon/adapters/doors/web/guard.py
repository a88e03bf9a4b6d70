"""Who is let in: by the name that the page is asked for, by where the asking page came from, and by a token.

The name stops pages whose own name was made to lead here (DNS rebinding), the origin stops pages of other
sites, and the token everybody else of the network. It does no I/O.
"""

import hashlib
import hmac
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

LOCAL_NAME = "localhost"


class Asked(Struct, frozen=True):
    """What a browser says of a request, as far as it matters here; empty where it says nothing.

    Attributes:
        host: the header ``Host``.
        origin: the header ``Origin``: the page that asks.
        site: the header ``Sec-Fetch-Site``: how that page is related to this one.
        token: of the cookie or of the address.
    """

    host: str
    origin: str = ""
    site: str = ""
    token: str = ""


class Refusal(Struct, frozen=True):
    """Why somebody is not let in."""

    status: int
    why: str


class Guard:
    """Decides about every request.

    Args:
        names: under which the page may be asked for, beside any address as such and ``localhost``.
        digest: of the token, by :func:`digest_of`; None where none is needed.
    """

    def __init__(self, names: Iterable[str], digest: bytes | None) -> None:
        self._names = {name.lower() for name in names}
        self._digest = digest

    @property
    def wants_a_token(self) -> bool:
        return self._digest is not None

    def refusal(self, asked: Asked) -> Refusal | None:
        """Return why a request is refused, None where it is not."""
        if not self._is_ours(asked.host):
            return Refusal(421, "this page is not served under that name; name it in web.hosts")
        if asked.origin and not is_same(asked.origin, asked.host):
            return Refusal(403, "a page of another site may not come here")
        if asked.site not in ("", "same-origin", "none"):
            return Refusal(403, "a page of another site may not come here")
        if self._digest is not None and not self.is_token(asked.token):
            return Refusal(401, "open the address with the token that the daemon told in its log")
        return None

    def is_token(self, token: str) -> bool:
        """Whether it is the token that is wanted."""
        return self._digest is not None and hmac.compare_digest(digest_of(token), self._digest)

    def _is_ours(self, host: str) -> bool:
        name = _name_in(host)
        return name == LOCAL_NAME or name in self._names or _is_address(name)


def digest_of(token: str) -> bytes:
    """Return what a token is kept as. It is too long to be guessed, so nothing slower is needed."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()


def is_loopback(address: str) -> bool:
    """Whether nobody but programs of this machine can come by an address."""
    return address == LOCAL_NAME or (_is_address(address) and ip_address(address).is_loopback)


def is_same(origin: str, host: str) -> bool:
    """Whether a page comes from the very host and port that it asks. A proxy may have added the TLS."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _name_in(host: str) -> str:
    if set(host) & set("@/\\?#"):
        return ""  # a name and a port hold none of these
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    return name.removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
