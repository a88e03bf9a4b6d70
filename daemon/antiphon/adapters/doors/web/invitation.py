"""Tells where the page is: an address, and where it needs a token that nobody knows yet, a QR code of it."""

import io
import logging
import socket
from collections.abc import Iterator
from ipaddress import ip_address

import segno

from antiphon.adapters.doors.web.secret import Secret
from antiphon.settings import Web

ELSEWHERE = {4: "192.0.2.1", 6: "2001:db8::1"}
"""Addresses that nobody has (RFC 5737, RFC 3849)."""

QUIET_ZONE = 2

logger = logging.getLogger(__name__)


def invite(web: Web, secret: Secret | None) -> str:
    """Log where the page is and how a browser gets in; return the address."""
    url = f"http://{_bracketed(reachable_at(web.address))}:{web.port}/"
    if secret is None:
        logger.info("the page is at %s", url)
        return url
    if secret.new:
        url = f"{url}?token={secret.new}"
        logger.info("the page is at %s", url)
        for line in qr_code(url):
            logger.info("%s", line)
        logger.info("this is told only once; whoever has it can play and steer")
    elif secret.kept_in is None:
        logger.info("the page is at %s, with ?token= and your token", url)
    else:
        logger.info("the page is at %s; its token was told once, remove %s for another", url, secret.kept_in)
    if secret.trouble:
        logger.warning("after the next start it is another token, for %s", secret.trouble)
    return url


def reachable_at(address: str) -> str:
    """Return an address that others can reach; where all are listened to, the one that leads outward."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not parsed.is_unspecified:
        return address
    family = socket.AF_INET if parsed.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            # This sends nothing; it makes the system choose an address of its own.
            trial.connect((ELSEWHERE[parsed.version], 9))
        except OSError:
            return socket.gethostname()
        return str(trial.getsockname()[0])


def qr_code(text: str) -> Iterator[str]:
    """Yield the lines of a QR code, in half blocks that are light on a dark ground."""
    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=QUIET_ZONE, compact=True)
    yield from drawn.getvalue().splitlines()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def names_of_ours(hosts: str) -> list[str]:
    """Return the names under which the page may be asked for: those of the settings and of this machine."""
    own = socket.gethostname()
    return [*hosts.split(), own, f"{own}.local"]
