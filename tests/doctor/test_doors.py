"""What the doctor says about a broker."""

from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.doctor.doors import check_broker
from antiphon.findings import Finding
from default_config import loaded
from mqtt_broker import free_port, requires_mosquitto, running_broker, strict_broker


def finding(port: int) -> Finding:
    settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}", "mqtt.id=hall")
    [only] = check_broker(settings.config)
    return only


def test_where_nobody_wants_a_broker_none_is_looked_for() -> None:
    assert list(check_broker(loaded().config)) == []


@requires_mosquitto
def test_a_broker_that_lets_us_in_is_good(tmp_path: Path) -> None:
    with running_broker(tmp_path) as broker:
        found = finding(broker.port)
    assert (found.name, found.verdict) == ("MQTT", "good")
    assert "speaks MQTT 5; commands come by antiphon/hall/cmd/..." in found.value


def test_a_broker_that_is_not_there_is_told_with_what_to_do_and_it_plays_all_the_same() -> None:
    port = free_port()
    assert finding(port) == Finding(
        "MQTT",
        "could be better",
        f"the MQTT broker at 127.0.0.1:{port} is not running, or listens elsewhere",
        "check mqtt.host and mqtt.port",
    )


@requires_mosquitto
def test_a_broker_that_forbids_what_we_need_is_told(tmp_path: Path) -> None:
    with strict_broker(tmp_path, subscribe=False, publish=True) as broker:
        found = finding(broker.port)
    assert found.verdict == "could be better"
    assert "does not let us follow antiphon/hall/cmd/#, antiphon/all/cmd/#" in found.value
    assert found.remedy == "mend its ACL"
