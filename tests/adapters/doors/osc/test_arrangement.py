"""Who may come by the door of OSC, and what is wrong with the settings that say so."""

import errno

import pytest

from antiphon.adapters.doors.osc.arrangement import Destination, arranged, trouble_with
from antiphon.errors import ConfigurationError
from antiphon.settings import Osc

OSC = Osc(port=9000, address="127.0.0.1", allow="", send_to="", notes=False)


def osc(**changes: str) -> Osc:
    return Osc(**{**{name: getattr(OSC, name) for name in OSC.__struct_fields__}, **changes})


def test_unless_told_otherwise_it_is_for_this_machine() -> None:
    arrangement = arranged(OSC)
    assert str(arrangement) == "port 9000 of 127.0.0.1"
    assert arrangement.destinations == ()
    assert arrangement.allows("127.0.0.1")


def test_only_who_is_named_may_come() -> None:
    arrangement = arranged(osc(address="0.0.0.0", allow="192.168.1.7 10.0.0.0/8 127.0.0.1"))
    for host in ("192.168.1.7", "10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3"):
        assert arrangement.allows(host)
    for host in ("192.168.1.8", "11.0.0.1", "::1", "fe80::1%eth0"):
        assert not arrangement.allows(host)
    assert not arranged(osc(allow="10.0.0.0/8")).allows("127.0.0.1")


def test_under_ipv6_as_well() -> None:
    arrangement = arranged(osc(address="::", allow="fe80::/10 192.168.1.0/24"))
    assert arrangement.allows("fe80::1%eth0")
    assert arrangement.allows("::ffff:192.168.1.9")
    assert not arrangement.allows("2001:db8::1")
    assert arranged(osc(address="::1")).allows("::1")


def test_destinations_are_hosts_and_ports() -> None:
    arrangement = arranged(osc(send_to="127.0.0.1:9001 studio.local:57120 [::1]:9"))
    assert arrangement.destinations == (
        Destination("127.0.0.1", 9001),
        Destination("studio.local", 57120),
        Destination("::1", 9),
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": "0.0.0.0"}, "0.0.0.0 can be reached from elsewhere; name who may in osc.allow"),
        ({"address": "192.168.1.4", "allow": "  "}, "name who may in osc.allow"),
        ({"address": "localhost"}, "osc.address is 'localhost', but must be an address"),
        ({"address": ""}, "osc.address is ''"),
        ({"allow": "studio"}, "osc.allow names 'studio'"),
        ({"allow": "10.0.0.0/40"}, "osc.allow names '10.0.0.0/40'"),
        ({"send_to": "127.0.0.1"}, "osc.send_to names '127.0.0.1'"),
        ({"send_to": ":9000"}, "osc.send_to names ':9000'"),
        ({"send_to": "a:0"}, "osc.send_to names 'a:0'"),
        ({"send_to": "a:70000"}, "osc.send_to names 'a:70000'"),
        ({"send_to": "a:1000000000000"}, "osc.send_to names 'a:1000"),
        ({"send_to": "a:٣"}, "osc.send_to names"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        arranged(osc(**changes))


def test_from_the_loopback_nobody_else_is_reached() -> None:
    far = Destination("studio.local", 9000)
    assert "set osc.address to 0.0.0.0" in arranged(OSC).trouble_in_reaching(far, "192.168.1.9")
    assert arranged(OSC).trouble_in_reaching(far, "127.0.0.1") == ""
    open_to_all = arranged(osc(address="0.0.0.0", allow="127.0.0.1"))
    assert open_to_all.trouble_in_reaching(far, "192.168.1.9") == ""


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EADDRINUSE, "another program has it"),
        (errno.EADDRNOTAVAIL, "no such address at the moment"),
        (errno.EACCES, "take an osc.port from 1024 up"),
        (errno.EIO, "odd"),
    ],
)
def test_why_it_cannot_be_opened_is_told(number: int, told: str) -> None:
    trouble = trouble_with(arranged(OSC), OSError(number, "odd"))
    assert trouble.startswith("port 9000 of 127.0.0.1 cannot be opened: ")
    assert told in trouble
