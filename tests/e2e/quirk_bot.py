"""The bot beside the API with quirks, and one member per quirk who asks it for a video."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.app import App, open_app
from bot.config import load_settings
from bot.domain.job import Job
from bot.providers.http import ProviderHttp
from bot.providers.profile import load_profile
from bot.providers.retries import Retries
from bot.providers.time_limits import TimeLimits
from bot.sandbox.server import SandboxServer
from bot.serving import serve
from tests.actor import Actor, Message
from tests.e2e.faulty_api import CLIP
from tests.e2e.faulty_bot import HurriedClock, roomy_profile
from tests.e2e.quirk_api import KEY, QuirkApi
from tests.e2e.quirk_row import Quirk

ROW_SECONDS = 200.0
LOOK_SECONDS = 0.5
AT_ONCE = 40
SHORT_ID = re.compile(r"[A-Z0-9]{5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Quirks that are played side by side, with one bot on one profile: a shipped one, or this TOML."""

    name: str
    profile: str
    rows: tuple[Quirk, ...]
    toml: str = ""
    model: str = ""
    hurried: bool = False
    list_loops: bool = False


async def play(group: Group, folder: Path) -> dict[str, list[str]]:
    """Play all rows of a group; return what is not as a row says, by the row's name."""
    name = group.profile
    if group.toml:
        file = folder / f"{group.profile}.toml"
        file.write_text(group.toml)
        name = str(file)
    profile = load_profile(name)
    scripts = {row.name: row.script for row in group.rows}
    header, scheme = profile.auth_header, profile.scheme
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        api = QuirkApi(scripts, header=header, scheme=scheme, list_loops=group.list_loops)
        await stack.enter_async_context(api)
        sandbox = await stack.enter_async_context(SandboxServer(data_dir=folder / "discord"))
        sandbox.sandbox.limits.enabled = False  # many jobs at once would hit limits that no test is about
        _arrange(patch, folder, hurried=group.hurried)
        app = await stack.enter_async_context(_bot(name, group.model, folder, sandbox, api))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        owner = Actor(session, sandbox.describe())
        room = asyncio.Semaphore(AT_ONCE)
        plays = [Play(app, api, owner, row, room) for row in group.rows]
        wrong = await asyncio.gather(*(each.run() for each in plays))
        return {row.name: found for row, found in zip(group.rows, wrong, strict=True)}


def _arrange(patch: pytest.MonkeyPatch, folder: Path, *, hurried: bool) -> None:
    """Shorten the patience with sockets, and let "away.example" be found on this machine."""

    async def resolve(host: str, _: int) -> str:
        if host != "away.example":
            raise ValueError(f"{host} is not a public address")
        return "127.0.0.1"

    limits = TimeLimits(read=4, order_read=6, get=8, order=10)
    retries = Retries(base=0.05, count=1)
    made = partial(ProviderHttp, limits=limits, retries=retries, resolve=resolve)
    patch.setattr("bot.providers.card_provider.ProviderHttp", made)
    patch.setattr("bot.providers.card_provider.load_profile", roomy_profile)
    patch.setattr("bot.jobs.decide.IN_FLIGHT", 2000)
    patch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    gateway = discord.gateway.DiscordWebSocket
    patch.setattr(gateway, "DEFAULT_GATEWAY", gateway.DEFAULT_GATEWAY)
    patch.chdir(folder)  # no .env of the developer's
    if hurried:
        clock = HurriedClock()
        patch.setattr("bot.app.SystemClock", lambda: clock)


@asynccontextmanager
async def _bot(
    profile: str, model: str, folder: Path, sandbox: SandboxServer, api: QuirkApi
) -> AsyncIterator[App]:
    settings = load_settings(
        {
            "discord_token": sandbox.token,
            "discord_api_url": sandbox.discord_api_url,
            "discord_gateway_url": sandbox.discord_gateway_url,
            "data_dir": folder / "data",
            "video_api_base_url": api.home,
            "video_api_key": KEY,
            "video_api_profile": profile,
            "video_api_models": tuple(filter(None, [model])),
        }
    )
    stop = asyncio.Event()
    async with open_app(settings) as app:
        serving = asyncio.create_task(serve(app, sandbox.token, stop))
        try:
            async with asyncio.timeout(60):
                await app.gateway.online.wait()
            yield app
        finally:
            stop.set()
            await asyncio.gather(serving, return_exceptions=True)


class Play:
    """One quirk on its way, in a channel and by a member of its own."""

    def __init__(self, app: App, api: QuirkApi, owner: Actor, row: Quirk, room: asyncio.Semaphore) -> None:
        self._app = app
        self._owner = owner
        self._row = row
        self._render = api.renders[row.name]
        self._room = room
        self._status_id = ""

    async def run(self) -> list[str]:
        """Play it and return what is not as the row says."""
        async with self._room:
            try:
                async with asyncio.timeout(ROW_SECONDS):
                    return await self._run()
            except TimeoutError:
                return [f"did not end; its message says {_texts(await self._status())}"]

    async def _run(self) -> list[str]:
        self._channel = (await self._owner.call("POST", "channels", {"name": "somewhere"}))["id"]
        self._member = await self._owner.another("somebody")
        answer = await self._member.invoke("video", channel_id=self._channel, prompt=self._row.name)
        assert answer.get("error") is None, answer
        self._status_id = answer["message"]["id"]
        return await self._judge(await self._ended())

    async def _ended(self) -> Job:
        """Wait for the end; what the row wants to be read meanwhile is held until it was read."""
        cancelled = False
        while True:
            texts = _texts(await self._status())
            if self._row.meanwhile and any(self._row.meanwhile in text for text in texts):
                self._render.released.set()
            job = await self._job(texts)
            if job is not None and job.status_closed:
                return job
            if job is not None and self._row.cancels and not cancelled and self._render.polls:
                cancelled = True
                answer = await self._member.invoke("cancel", channel_id=self._channel, id=job.short_id)
                assert answer.get("error") is None, answer
            await asyncio.sleep(LOOK_SECONDS)

    async def _job(self, texts: list[str]) -> Job | None:
        found = (SHORT_ID.search(text) for text in texts)
        short_id = next((match[0] for match in found if match is not None), None)
        return await self._app.store.by_short_id(short_id) if short_id is not None else None

    async def _judge(self, job: Job) -> list[str]:
        row, message = self._row, await self._status()
        visits = self._render.visits
        results = [m for m in await self._member.messages(self._channel) if m["attachments"]]
        films = [await self._member.download(result) for result in results]
        expected = {
            "state": (job.state, row.end),
            "creates": (self._render.posts, row.posts),
            "the order": (self._render.order | dict(row.order), self._render.order),
            "the query of polls": (row.poll_query in self._render.poll_query, True),
            "results": (len(results), int(row.end is row.end.DELIVERED)),
            "requests elsewhere": (bool(visits), row.away),
            "the key in a message": (any(KEY in text for text in _texts(message)), False),
            "credentials elsewhere": (any(visit.carries_credentials for visit in visits), False),
        }
        wrong = [
            f"{name}: {found}, not {wanted}" for name, (found, wanted) in expected.items() if found != wanted
        ]
        bad = [len(film) for film in films if (film[4:8] != b"ftyp" if row.converted else film != CLIP)]
        if bad:
            wrong.append(f"results of {bad} bytes that are not the video")
        if row.ends_with not in message["content"]:
            wrong.append(f"it says at the end: {message['content']}")
        if not any(row.meanwhile in text for text in _texts(message)):
            wrong.append(f"it said meanwhile: {_texts(message)}")
        return wrong

    async def _status(self) -> Message:
        message = await self._member.message(self._status_id, self._channel)
        assert message is not None
        return message


def _texts(message: Message) -> list[str]:
    return [entry["content"] for entry in message["history"]] + [message["content"]]
