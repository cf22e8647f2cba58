"""A signed webhook over a real socket has a job polled at once that would have waited for minutes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.domain.remote import PollPace, RemoteVideo
from bot.domain.states import JobState
from bot.domain.webhooks import WebhookSecret, sign
from bot.web import Health, Hooks, Listen, WebServer, make_due
from storage.database import open_database
from storage.migrate import migrate
from tests.factories import make_job, make_remote
from tests.fakes import FakeProvider
from tests.jobs.conftest import World, eventually

SECRET = WebhookSecret.parse("shared")
NOW = 1_790_000_000
PACE = PollPace(first=600, longest=600, deadline=3600)
Hint = Callable[[str, str], Awaitable[int]]


class Watched(FakeProvider):
    """A video API that counts its polls; something may happen while it answers the first."""

    def __init__(self) -> None:
        super().__init__(pace=PACE)
        self.polled: list[str] = []
        self.during_first: Callable[[], Awaitable[object]] | None = None

    async def poll(self, remote_id: str) -> RemoteVideo:
        self.polled.append(remote_id)
        answer = await super().poll(remote_id)
        if self.during_first is not None and len(self.polled) == 1:
            await self.during_first()
        return answer


@pytest.fixture
def provider() -> Watched:
    provider = Watched()
    # The first hint comes before the render is done: the poll that it causes must not be the last.
    provider.poll_script = [make_remote(id="video_1")]
    return provider


@pytest.fixture
async def world(tmp_path: Path, provider: Watched) -> AsyncIterator[World]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    clock = SystemClock()
    yield World(
        database=database,
        data_dir=tmp_path / "data",
        provider=provider,
        clock=clock,  # type: ignore[arg-type]  # here minutes must be minutes
    )
    await database.close()


@pytest.fixture
async def hint(world: World) -> AsyncIterator[Hint]:
    """Run the engine with one job that renders, and the web server; send signed webhooks."""
    await world.store.add(make_job(id="1", due_at=0))
    async with world.running() as runner:
        hooks = Hooks(
            secret=lambda name: SECRET if name == "preview" else None,
            make_due=partial(make_due, store=world.store, engine=runner),
        )
        health = Health(ping=lambda: world.database.fetch_all("SELECT 1 AS one"), online=lambda: None)
        async with (
            WebServer(Listen("127.0.0.1", 0), health=health, hooks=hooks, clock=lambda: NOW) as server,
            aiohttp.ClientSession(server.url) as http,
        ):

            async def send(remote_id: str, delivery: str) -> int:
                body = b'{"type":"video.completed","data":{"id":"%s"}}' % remote_id.encode()
                headers = dict(sign(SECRET, delivery=delivery, now=NOW, body=body))
                async with http.post("/webhooks/preview", data=body, headers=headers) as response:
                    return response.status

            await world.until("1", JobState.RENDERING)
            yield send


async def test_each_hint_is_one_poll_until_the_render_is_done(
    world: World, provider: Watched, hint: Hint
) -> None:
    assert await hint("another", "a") == 204
    assert provider.polled == []
    assert await hint("video_1", "b") == 204

    async def polled_once() -> bool | None:
        return len(provider.polled) == 1 or None

    await eventually(polled_once)
    assert await hint("video_1", "b") == 204  # the same delivery once more
    assert len(provider.polled) == 1
    assert await hint("video_1", "c") == 204
    await world.until("1", JobState.DELIVERED)
    assert provider.polled[:2] == ["video_1", "video_1"]
    assert await hint("video_1", "d") == 204  # long over: nothing moves


async def test_a_hint_that_comes_during_a_poll_is_not_lost(
    world: World, provider: Watched, hint: Hint
) -> None:
    provider.during_first = partial(hint, "video_1", "during")
    assert await hint("video_1", "before") == 204
    await world.until("1", JobState.DELIVERED)
