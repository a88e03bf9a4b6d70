"""What others steer and watch a daemon through: whether it can be reached, and lets us do what we need."""

import asyncio
import importlib.util
import socket
from collections.abc import Iterator

from antiphon.adapters.doors.mqtt.topics import Topics, topics_of
from antiphon.errors import DoorError
from antiphon.findings import Finding
from antiphon.settings import Config, Mqtt
from antiphon_models.typed import pip_install


def check_broker(config: Config) -> Iterator[Finding]:
    """Connect to the broker as `antiphon run` would, but under another name, and publish nothing."""
    if not config.mqtt.host:
        return
    if importlib.util.find_spec("aiomqtt") is None:
        remedy = f"run `{pip_install('antiphon[mqtt]')}`"
        yield Finding(
            "MQTT", "could be better", "mqtt.host is set, but aiomqtt is not installed here", remedy
        )
        return
    topics = topics_of(config.mqtt, socket.gethostname())
    try:
        version, refused = asyncio.run(_visit(config.mqtt, topics))
    except DoorError as error:
        trouble, _, remedy = str(error).rpartition("; ")
        yield Finding("MQTT", "could be better", trouble or remedy, remedy if trouble else "")
        return
    value = (
        f"the broker at {config.mqtt.host} speaks MQTT {version}; commands come by {topics.command('...')}"
    )
    if refused:
        value += f"; it does not let us follow {', '.join(refused)}"
        yield Finding("MQTT", "could be better", value, "mend its ACL")
    else:
        yield Finding("MQTT", "good", value)


async def _visit(mqtt: Mqtt, topics: Topics) -> tuple[str, list[str]]:
    """Return which MQTT the broker speaks, and what it does not let us follow."""
    from antiphon.adapters.doors.mqtt.connection import Timing, connected  # which needs the extra

    name = f"antiphon-{topics.id}-doctor"  # a daemon of the same name that plays here stays connected
    async with connected(mqtt, name, None, Timing(patience=3.0)) as connection:
        version = "5" if connection.is_version_5 else "3.1.1"
        return version, await connection.subscribe(topics.subscriptions)
