"""A sandbox on real sockets; when it goes, everything it answered is held against Discord's description."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import discord
import pytest
import yarl

from bot.sandbox.requests import Exchange
from bot.sandbox.server import SandboxServer
from tests.discord_spec import DiscordSpec, load_spec
from tests.sandbox.rawbot import GUILD_MESSAGES, GUILD_REACTIONS, GUILDS, Person, RawBot, RawGateway

Start = Callable[[discord.Client], Awaitable[discord.Client]]


@pytest.fixture(scope="session")
def spec() -> DiscordSpec | None:
    """Return Discord's own description, where it is at hand."""
    return load_spec()


@pytest.fixture
async def server(spec: DiscordSpec | None) -> AsyncIterator[SandboxServer]:
    """Give a running sandbox."""
    async with SandboxServer(record=True) as running:
        yield running
        exchanges = running.exchanges
    if spec is not None:
        wrong = [problem for exchange in exchanges for problem in problems(spec, exchange)]
        assert not wrong, "\n".join(wrong[:20])


def problems(spec: DiscordSpec, exchange: Exchange) -> list[str]:
    """Judge a reply, and the request behind it where the sandbox took it."""
    found = spec.check_response(exchange.method, exchange.path, exchange.status, exchange.response)
    if 200 <= exchange.status < 300:
        found += spec.check_request(exchange.method, exchange.path, exchange.request)
    return [f"{exchange.method} {exchange.path} {exchange.status}: {problem}" for problem in found]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def bot(server: SandboxServer, session: aiohttp.ClientSession) -> RawBot:
    """Give a bot that speaks REST by hand."""
    return RawBot(server, session)


@pytest.fixture
def person(server: SandboxServer, session: aiohttp.ClientSession) -> Person:
    """Give somebody who acts through the control API."""
    return Person(server, session)


@pytest.fixture
async def gateway(server: SandboxServer, session: aiohttp.ClientSession) -> RawGateway:
    """Give an identified gateway connection that hears messages and reactions."""
    connection = await RawGateway.connect(session, server.discord_gateway_url)
    await connection.identify(server.token, GUILDS | GUILD_MESSAGES | GUILD_REACTIONS)
    await connection.event("GUILD_CREATE")
    return connection


@pytest.fixture
def redirected(server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the unmodified discord.py at the sandbox."""
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", False)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", False)
    monkeypatch.setattr(discord.http.Route, "BASE", server.discord_api_url)
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.discord_gateway_url)
    )


@pytest.fixture
async def start(server: SandboxServer, redirected: None) -> AsyncIterator[Start]:
    """Give a function that starts a discord.py client and waits until it is online."""
    async with AsyncExitStack() as stack:

        async def begin(client: discord.Client) -> discord.Client:
            await stack.enter_async_context(client)
            running = asyncio.create_task(client.start(server.token))
            stack.push_async_callback(_end, client, running)
            ready = asyncio.create_task(client.wait_until_ready())
            await asyncio.wait({running, ready}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
            assert ready.done()
            return client

        yield begin


async def _end(client: discord.Client, running: asyncio.Task[None]) -> None:
    await client.close()
    await asyncio.wait_for(running, 60)
