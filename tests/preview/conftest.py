"""A preview server on a random port, and a client that speaks plain HTTP to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.preview import PreviewServer
from tests.preview.preview_client import Client


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PreviewServer]:
    async with PreviewServer(data_dir=tmp_path / "preview") as server:
        yield server


@pytest.fixture
async def client(server: PreviewServer, session: aiohttp.ClientSession) -> Client:
    return Client(server.base_url, session)


@pytest.fixture
async def slow_server(tmp_path: Path) -> AsyncIterator[PreviewServer]:
    """A server whose renders take far longer than any test waits."""
    async with PreviewServer(data_dir=tmp_path / "slow", pace=60) as server:
        yield server


@pytest.fixture
async def slow(slow_server: PreviewServer, session: aiohttp.ClientSession) -> Client:
    return Client(slow_server.base_url, session)
