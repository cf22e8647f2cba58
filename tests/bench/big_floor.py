"""A bare fetch and delivery as a process: httpx streams to a file, discord.py sends it.

`python -m tests.bench.big_floor --content URL --file FILE --channel ID`, with the address and token of
Discord in the environment, prints "ready" once it is logged in and idle, does it at a line on its input,
prints "sent", and ends with its input.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

import discord
import httpx

from bot.client import rest_client, use_api

CHUNK = 1 << 20
NAME = "floor.mp4"
"""The file's name on Discord; its message is told from the bot's by it."""


async def fetch_and_send(content: str, path: Path, channel_id: int) -> None:
    """Do the least that anybody must."""
    use_api(os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"])
    async with rest_client() as discord_client, httpx.AsyncClient(timeout=60) as client:
        await discord_client.login(os.environ["DISCORD_TOKEN"])
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        async with client.stream("GET", content) as response:
            with path.open("wb") as file:
                async for chunk in response.aiter_bytes(CHUNK):
                    file.write(chunk)
        channel = discord_client.get_partial_messageable(channel_id)
        await channel.send("floor", file=discord.File(path, NAME))
        print("sent", flush=True)
        await asyncio.to_thread(sys.stdin.readline)


def main() -> None:
    """Read the arguments and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.big_floor")
    parser.add_argument("--content", required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--channel", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(fetch_and_send(arguments.content, arguments.file, arguments.channel))


if __name__ == "__main__":
    main()
