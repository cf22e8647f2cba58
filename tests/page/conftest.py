"""The sandbox's page in a real browser, driven by Playwright, with the real bot behind it."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.commands.sandboxed import SandboxedBot
from bot.sandbox.server import SandboxServer
from tests.actor import Actor
from tests.page.chat import Chat
from tests.sandbox.rawbot import RawBot

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def chromium() -> str | None:
    """Return the browser of this machine, which CHROMIUM may name."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Give a browser; root may only run it without its own sandbox."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here; apt-get install chromium, or name it in CHROMIUM")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
        )
        yield running
        await running.close()


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SandboxServer]:
    """Give a local Discord without a bot."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    gateway = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(gateway, "DEFAULT_GATEWAY", gateway.DEFAULT_GATEWAY)
    monkeypatch.chdir(tmp_path)
    async with SandboxServer(data_dir=tmp_path) as running:
        yield running


@pytest.fixture
async def bot(
    server: SandboxServer, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[SandboxedBot]:
    """Give the real bot with the preview API in that Discord; `@pytest.mark.pace` slows its renders down."""
    mark = request.node.get_closest_marker("pace")
    async with SandboxedBot(server, tmp_path, pace=mark.args[0] if mark else 0.0) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def person(server: SandboxServer, session: aiohttp.ClientSession) -> Actor:
    """Give somebody who acts through the control API, beside the browser."""
    return Actor(session, server.describe())


@pytest.fixture
def raw(server: SandboxServer, session: aiohttp.ClientSession) -> RawBot:
    """Give a bot by hand that posts what Reelbot itself does not use yet."""
    return RawBot(server, session)


@pytest.fixture
async def context(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[BrowserContext]:
    """Give a browser profile; `@pytest.mark.phone` makes it a phone, `dark` a dark one."""
    phone = request.node.get_closest_marker("phone") is not None
    dark = request.node.get_closest_marker("dark") is not None
    opened = await browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
        has_touch=phone,
        color_scheme="dark" if dark else "light",
        locale="en-US",
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield opened
    await opened.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """Give a tab; an error in the page's console, or one that nobody caught, fails the test."""
    tab = await context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    tab.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield tab
    assert not problems, "\n".join(problems)


@pytest.fixture
async def chat(page: Page, server: SandboxServer, bot: SandboxedBot) -> Chat:
    """Give the open page with the real bot."""
    return await Chat.open(page, server.page_url)
