"""A page on which keys are held, as a program of its own: ``python held_on_a_page.py PORT PITCH ...``.

A line says when they are down; they stay so until the program ends.
"""

import asyncio
import json
import sys

from aiohttp import ClientSession


async def hold(port: int, pitches: list[int]) -> None:
    async with ClientSession() as client, client.ws_connect(f"http://127.0.0.1:{port}/api/live") as page:
        for pitch in pitches:
            await page.send_str(json.dumps({"type": "press", "pitch": pitch}))
        sys.stdout.write("held\n")
        sys.stdout.flush()
        async for _ in page:
            pass


if __name__ == "__main__":
    port, *pitches = map(int, sys.argv[1:])
    asyncio.run(hold(port, pitches))
