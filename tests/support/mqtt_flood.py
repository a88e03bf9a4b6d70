"""A process of its own that floods a broker with commands, most of them wrong, until it is ended.

    python mqtt_flood.py PORT ID [--rate 1000]

The first line is "flooding".
"""

import argparse
import asyncio
import itertools
import sys
import time

from aiomqtt import Client

PAYLOADS = (b"0.5", b"hot", b"\xff", b'{"value": 9}', b"[" * 500, b"")
EVERY = 0.01
"""Seconds between two bursts."""


async def flood(port: int, id_: str, rate: int) -> None:
    topic, payloads = f"antiphon/{id_}/cmd/set/play/temperature", itertools.cycle(PAYLOADS)
    async with Client("127.0.0.1", port) as client:
        sys.stdout.write("flooding\n")
        sys.stdout.flush()
        began, sent = time.monotonic(), 0
        while True:
            while sent < (time.monotonic() - began) * rate:
                await client.publish(topic, next(payloads))
                sent += 1
            await asyncio.sleep(EVERY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("id")
    parser.add_argument("--rate", type=int, default=1000, help="messages a second")
    options = parser.parse_args()
    asyncio.run(flood(options.port, options.id, options.rate))


if __name__ == "__main__":
    main()
