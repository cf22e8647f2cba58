"""What others need for the same wait: a bare event loop, bare httpx, or the openai package.

`python -m tests.bench.jobs_floor loop|http|sdk --provider URL --jobs 1000 --seconds 20` prints one JSON line.
"""

import argparse
import asyncio
import itertools
import json
import random
import time
import warnings
from collections.abc import Awaitable, Callable

import aiohttp
import httpx

from bot.jobs.decide import poll_delay
from bot.providers.profile import load_profile
from tests.bench.jobs_bot import PROFILE
from tests.bench.loop_lag import LoopLag

PATIENCE_S = 120.0


async def wait_like_the_bot(arguments: argparse.Namespace) -> dict[str, float]:
    """Sleep as the bot's jobs do between two polls; with `http` poll, too, and read the JSON."""
    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=100)) as client:

        async def get(number: int) -> None:
            (await client.get(f"{arguments.provider}/videos/{number}")).json()

        async def nothing(_: int) -> None:
            pass

        work = get if arguments.kind == "http" else nothing
        return await _waits(arguments.jobs, arguments.seconds, work)


async def _waits(jobs: int, seconds: float, work: Callable[[int], Awaitable[None]]) -> dict[str, float]:
    pace, rng, lag = load_profile(PROFILE).pace.among(jobs), random.Random(), LoopLag()

    async def one(number: int) -> None:
        for polls in itertools.count(1):
            await asyncio.sleep(poll_delay(polls, pace, None, rng))
            await work(number)

    tasks = [asyncio.create_task(one(number)) for number in range(1, jobs + 1)]
    tasks.append(asyncio.create_task(lag.run()))
    cpu = time.process_time()
    await asyncio.sleep(seconds)
    cpu = time.process_time() - cpu
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {"cpu_s": cpu, "lag_p99_ms": lag.p99_ms()}


async def poll_with_the_sdk(arguments: argparse.Namespace) -> dict[str, float]:
    """Let `create_and_poll` wait for so many videos; count requests until the API is told to finish."""
    import openai

    warnings.simplefilter("ignore", DeprecationWarning)  # it says that OpenAI's own service has ended
    root = arguments.provider.removesuffix("/v1")

    async with (
        openai.AsyncOpenAI(api_key="key", base_url=arguments.provider) as client,
        aiohttp.ClientSession() as session,
        asyncio.timeout(PATIENCE_S + arguments.seconds),
    ):

        async def counts() -> tuple[int, int]:
            async with session.get(f"{root}/counts") as answer:
                found = await answer.json()
                return found["requests"], found["renders"]

        requests, renders = await counts()
        cpu = time.process_time()
        prompts = (f"a lighthouse on a cliff, number {number}" for number in range(arguments.jobs))
        tasks = [
            asyncio.create_task(client.videos.create_and_poll(prompt=prompt, size="1280x720", seconds="4"))
            for prompt in prompts
        ]
        while (await counts())[1] - renders < arguments.jobs:
            await asyncio.sleep(0.2)
        start_cpu, cpu = time.process_time() - cpu, time.process_time()
        await asyncio.sleep(arguments.seconds)
        cpu = time.process_time() - cpu
        asked = (await counts())[0] - requests
        (await session.post(f"{root}/finish")).close()
        videos = await asyncio.gather(*tasks)
        done = sum(video.status == "completed" for video in videos)
        return {"requests": asked, "cpu_s": cpu, "start_cpu_s": start_cpu, "done": done}


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.jobs_floor")
    parser.add_argument("kind", choices=("loop", "http", "sdk"))
    parser.add_argument("--provider", required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    work = poll_with_the_sdk if arguments.kind == "sdk" else wait_like_the_bot
    print(json.dumps(asyncio.run(work(arguments))), flush=True)


if __name__ == "__main__":
    main()
