#!/usr/bin/env python3
"""A motion sensor that has a daemon play.

It triggers when somebody moves, and then leaves them in peace for a while. It needs aiomqtt, and for a sensor
on a pin of a Raspberry Pi, gpiozero; without a pin each line on standard input is a motion, so any other
program can stand in for the sensor.

    motion-sensor.py --host broker.local --ca ca.crt --user sensor --password-file password --gpio 17
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt

BETWEEN_ATTEMPTS = 5.0
"""Seconds until the broker is tried again."""

STALE = 5.0
"""Seconds after which a trigger that was held up is no longer of any use: whoever moved has gone."""


async def main(options: argparse.Namespace) -> None:
    motions = motions_of_a_pin(options.gpio) if options.gpio is not None else motions_of_standard_input()
    triggers = asyncio.Queue[str](maxsize=1)
    teller = asyncio.create_task(keep_telling(options, triggers))
    last = -float("inf")
    async for _ in motions:
        if time.monotonic() - last >= options.rest and not triggers.full():
            last = time.monotonic()
            triggers.put_nowait(trigger())
    await triggers.join()
    teller.cancel()


def trigger() -> str:
    """Return what is published: with an id, lest it be followed twice, and a moment when it is too late."""
    return json.dumps({"id": uuid.uuid4().hex, "expires": time.time() + STALE})


async def keep_telling(options: argparse.Namespace, triggers: asyncio.Queue[str]) -> None:
    """Publish triggers, whatever becomes of the network."""
    password = options.password_file.read_text().strip() if options.password_file else None
    tls = aiomqtt.TLSParameters(ca_certs=options.ca) if options.ca else None
    topic = f"antiphon/{options.to}/cmd/trigger"
    while True:
        try:
            async with aiomqtt.Client(
                options.host,
                options.port,
                username=options.user,
                password=password,
                tls_params=tls,
                protocol=aiomqtt.ProtocolVersion.V5,
            ) as client:
                while True:
                    payload = await triggers.get()
                    try:
                        await client.publish(topic, payload, qos=1)
                    finally:
                        triggers.task_done()
        except aiomqtt.MqttError as error:
            print(f"no broker: {error}; trying again", file=sys.stderr)
            await asyncio.sleep(BETWEEN_ATTEMPTS)


async def motions_of_standard_input() -> AsyncIterator[None]:
    while await asyncio.to_thread(sys.stdin.readline):
        yield


async def motions_of_a_pin(pin: int) -> AsyncIterator[None]:
    from gpiozero import MotionSensor

    loop = asyncio.get_running_loop()
    moved = asyncio.Event()
    sensor = MotionSensor(pin)
    sensor.when_motion = lambda: loop.call_soon_threadsafe(moved.set)
    while True:
        await moved.wait()
        moved.clear()
        yield


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Have a daemon play when somebody moves.")
    parser.add_argument("--host", default="localhost", help="the broker")
    parser.add_argument("--port", type=int, default=8883, help="where it listens")
    parser.add_argument("--ca", help="certificate of the authority that has signed it; without one, no TLS")
    parser.add_argument("--user", help="whom the broker knows the sensor as")
    parser.add_argument("--password-file", type=Path, help="file that holds the password alone")
    parser.add_argument("--to", default="all", help="a daemon by its mqtt.id, all, or group/NAME")
    parser.add_argument("--gpio", type=int, help="pin of the sensor (Broadcom's numbers)")
    parser.add_argument("--rest", type=float, default=30.0, help="seconds between two triggers")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(options()))
