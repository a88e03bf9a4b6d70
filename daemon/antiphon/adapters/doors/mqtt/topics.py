"""What is where on a broker: the topics of one daemon, and those that it shares with others."""

import re

from msgspec import Struct

from antiphon.settings import Mqtt

ROOT = "antiphon"
COMMAND = "cmd"
PARTNER = "partner"

_COMMAND = re.compile(
    rf"{ROOT}/(?:group/)?[^/]+(?:/{PARTNER}/(?P<partner>[^/]+))?/{COMMAND}/(?P<command>.+)", re.DOTALL
)

NOBODY = "antiphon"
"""What a daemon is called whose host has no name that fits into a topic."""


class Topics(Struct, frozen=True):
    """The topics of one daemon.

    Attributes:
        id: what it is called on the broker; no two daemons of one broker have the same.
        groups: what it listens to together with others.
    """

    id: str
    groups: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        return f"{ROOT}/{self.id}"

    @property
    def availability(self) -> str:
        """Retained: ``online``, or ``offline``, which the broker publishes itself when it loses us."""
        return f"{self.base}/availability"

    @property
    def state(self) -> str:
        """Retained: what it is doing, as JSON."""
        return f"{self.base}/state"

    @property
    def error(self) -> str:
        """What went wrong, each in a sentence."""
        return f"{self.base}/error"

    def event(self, name: str) -> str:
        return f"{self.base}/event/{name}"

    def command(self, *levels: str) -> str:
        """Return where a command to this daemon alone is published."""
        return "/".join((self.base, COMMAND, *levels))

    def of_partner(self, name: str) -> "Topics":
        """Return the topics of a further partner of this daemon."""
        return Topics(f"{self.id}/{PARTNER}/{name}")

    @property
    def of_partners(self) -> str:
        """The filter for every command to one of them."""
        return self.of_partner("+").command("#")

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The filters for every command that is meant for it."""
        addressees = (self.id, "all", *(f"group/{group}" for group in self.groups))
        return tuple(f"{ROOT}/{addressee}/{COMMAND}/#" for addressee in addressees)


def topics_of(mqtt: Mqtt, host_name: str) -> Topics:
    """Return the topics that the settings say, on a host of this name."""
    return Topics(mqtt.id or safe_id(host_name), tuple(dict.fromkeys(mqtt.groups.split())))


def safe_id(host_name: str) -> str:
    """Return a name of a host as a level of a topic; never one that means several daemons."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", host_name.partition(".")[0]).strip("-")
    return f"{name}-1" if name in ("all", "group") else name or NOBODY


def command_in(topic: str) -> str | None:
    """Return what a topic commands, such as ``set/play/temperature``; None if it is no topic of a command."""
    match = _COMMAND.fullmatch(topic)
    return match["command"] if match else None


def partner_in(topic: str) -> str:
    """Return the further partner that a command is for; empty where that is the main one."""
    match = _COMMAND.fullmatch(topic)
    return (match["partner"] if match else "") or ""
