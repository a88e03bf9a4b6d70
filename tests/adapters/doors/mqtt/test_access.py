"""Passwords and certificates: files that cannot be used are told of by name."""

from pathlib import Path

import pytest

from antiphon.adapters.doors.mqtt.access import address, read_access
from antiphon.errors import DoorError
from certificates import Authority, requires_openssl
from default_config import loaded


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours")


def test_a_password_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match=r"cannot read the password in .*nothing: "):
        read_access(loaded(f"mqtt.password_file='{tmp_path}/nothing'").config.mqtt)
    (tmp_path / "password").write_bytes(b"\xff\xfe")
    with pytest.raises(DoorError, match="it is not UTF-8 text"):
        read_access(loaded(f"mqtt.password_file='{tmp_path}/password'").config.mqtt)


@requires_openssl
def test_files_that_are_no_certificates_are_told(tmp_path: Path, authority: Authority) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("hello")
    ours, _ = authority.sign("hall")
    _, another_key = authority.sign("foyer")
    for sets, told in (
        (("mqtt.ca_file='nowhere.pem'",), "cannot use mqtt.ca_file nowhere.pem: there is no such file"),
        ((f"mqtt.ca_file='{nonsense}'",), "it is no PEM file of that kind"),
        (("mqtt.cert_file='nowhere.pem'",), "cannot use mqtt.cert_file nowhere.pem: there is no such file"),
        ((f"mqtt.cert_file='{ours}'",), "or the key does not belong to it"),
        ((f"mqtt.cert_file='{ours}'", f"mqtt.key_file='{another_key}'"), "or the key does not belong to it"),
    ):
        with pytest.raises(DoorError, match=told):
            read_access(loaded("mqtt.tls=true", *sets).config.mqtt)


@pytest.mark.parametrize(
    ("sets", "port"), [((), 1883), (("mqtt.tls=true",), 8883), (("mqtt.tls=true", "mqtt.port=1"), 1)]
)
def test_a_broker_is_where_brokers_are_unless_somebody_says_otherwise(
    sets: tuple[str, ...], port: int
) -> None:
    assert address(loaded("mqtt.host=hall", *sets).config.mqtt) == ("hall", port)
