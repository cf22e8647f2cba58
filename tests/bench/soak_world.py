"""The processes of a long run: local Discord, paid video API and the bot, each by itself."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.actor import Actor
from tests.bench.big_provider import write_big_mp4
from tests.bench.kills import CLIP_BYTES
from tests.bench.kills_api import PaidApi
from tests.bench.kills_table import Read, read_rows, sqlite_reader
from tests.bench.kills_tally import Evidence, prompt_of
from tests.bench.soak_feed import Calls
from tests.bench.soak_samples import Samples
from tests.processes import ROOT, bot_settings, environment, first_line

SLOTS = 100
STOP_S = 15.0
BOT = "tests.bench.soak_bot"
BOT_LOG = f"{BOT}.log"
WARNS = re.compile(r"\[(warning|error|critical) *\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The running processes and what looks at them."""

    owner: Actor
    api: PaidApi
    session: aiohttp.ClientSession
    bot: asyncio.subprocess.Process
    samples: Samples
    calls: Calls
    read: Read


@asynccontextmanager
async def open_world(folder: Path) -> AsyncIterator[World]:
    """Start Discord, the paid API and the bot."""
    clip = folder / "clip.mp4"
    await asyncio.to_thread(write_big_mp4, clip, CLIP_BYTES)
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(
            _process(folder, "tests.bench.soak_provider", "--clip", str(clip))
        )
        base_url = await first_line(provider)
        data = str(folder / "sandbox")
        sandbox = await stack.enter_async_context(
            _process(folder, "bot", "sandbox", "--server-only", "--data", data)
        )
        started = await first_line(sandbox)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        owner = Actor(session, json.loads(started))
        settings = bot_settings(owner.world, base_url, folder / "data") | {"LOG_LEVEL": "INFO"}
        bot = await stack.enter_async_context(_process(folder, BOT, str(SLOTS), "run", settings=settings))
        await owner.bot_online()
        yield World(
            owner=owner,
            api=PaidApi(base_url=base_url, session=session),
            session=session,
            bot=bot,
            samples=Samples({"bot": bot.pid, "sandbox": sandbox.pid}),
            calls=Calls(),
            read=sqlite_reader(folder / "data" / "reelbot.db"),
        )


@asynccontextmanager
async def _process(
    folder: Path, module: str, *arguments: str, settings: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    with (folder / f"{module}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=ROOT,
            env=environment(**(settings or {})),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def gather_evidence(world: World, channel_ids: Sequence[str]) -> Evidence:
    """Collect what stands in the channels, in the table and with the API."""
    messages, videos = [], []
    for channel_id in channel_ids:
        for message in await world.owner.messages(channel_id):
            messages.append(message)
            if message["attachments"]:
                file = await world.owner.download(message)
                # The prompt that the API wrote into the file's last box.
                inside = file[CLIP_BYTES + 8 :].decode(errors="replace")
                videos.append((prompt_of(message, "> ") or "", inside))
    truth = await world.api.truth()
    return Evidence(
        messages=messages,
        videos=videos,
        bought=[render["prompt"] for render in truth["bought"]],
        rows=await read_rows(world.read),
        kills=(),
    )


def left_behind(folder: Path) -> dict[str, float]:
    """Count what the bot complained of in its log, and MB on the disk."""
    complaints = [line for line in (folder / BOT_LOG).read_text().splitlines() if WARNS.search(line)]
    sizes = {
        "database_mb": sum(file.stat().st_size for file in (folder / "data").glob("reelbot.db*")),
        "data_folder_mb": sum(file.stat().st_size for file in (folder / "data").rglob("*") if file.is_file()),
    }
    return {"log_warnings": len(complaints)} | {name: size / 1e6 for name, size in sizes.items()}
