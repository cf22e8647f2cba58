"""The contract, held against the API that comes with the bot: real orders, real MP4s."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.domain.errors import AuthFailed, NotReady, RateLimited, RemoteNotFound, UnsupportedRequest
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.preview.server import PreviewServer
from bot.providers.card import Card, ModelCard
from bot.providers.catalog import open_catalog
from bot.providers.videos_api import VideosApi
from tests.factories import TALL, make_request

LIMIT = 64 * 1024 * 1024
SHORT = make_request(seconds=4)
ENDED = {RemoteStatus.DONE, RemoteStatus.FAILED, RemoteStatus.CANCELLED, RemoteStatus.EXPIRED}


@pytest.fixture
async def slow_api(tmp_path: Path) -> AsyncIterator[VideosApi]:
    """Give a provider whose renders take their time: a second for each second of video."""
    async with (
        PreviewServer(data_dir=tmp_path / "preview", pace=1.0) as server,
        opened(server) as api,
    ):
        yield api


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[VideosApi]:
    """Give a provider that renders as fast as it can and wants a key."""
    async with (
        PreviewServer(data_dir=tmp_path / "preview", api_key="secret-key") as server,
        opened(server, key="secret-key") as api,
    ):
        yield api


@asynccontextmanager
async def opened(server: PreviewServer, key: str | None = None) -> AsyncIterator[VideosApi]:
    models = (ModelCard(name="preview"),)
    card = Card(name="preview", base_url=server.base_url, key=key, profile="preview", models=models)
    async with open_catalog([card]) as catalog:
        yield catalog.default()


async def finished(api: VideosApi, video: RemoteVideo) -> RemoteVideo:
    """Poll as often as the API wants."""
    async with asyncio.timeout(60):
        while (video := await api.poll(video.id)).status not in ENDED:
            assert video.poll_after is not None
            await asyncio.sleep(min(video.poll_after, 0.05))
    return video


def read_mp4(path: Path) -> tuple[int, int, float]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert container.duration is not None
        return stream.width, stream.height, container.duration / av.time_base


async def test_seed_and_negative_prompt_arrive(slow_api: VideosApi) -> None:
    """The key stands for one request: the same again is the same render, any other is refused."""
    request = replace(SHORT, seed=7, negative="a grey sky")
    video = await slow_api.submit(request, picture=None, key="job-1")
    assert (await slow_api.submit(request, picture=None, key="job-1")).id == video.id
    for other in (replace(request, seed=8), replace(request, negative="a blue sky")):
        with pytest.raises(UnsupportedRequest):
            await slow_api.submit(other, picture=None, key="job-1")
    assert await slow_api.cancel(video.id)


async def test_a_text_becomes_a_video_of_its_size_and_length(api: VideosApi, tmp_path: Path) -> None:
    before = int(time.time()) * 1000
    video = await api.submit(SHORT, picture=None, key="job-1")
    assert video.status in {RemoteStatus.QUEUED, RemoteStatus.RUNNING}
    assert (video.prompt, video.size, video.seconds) == (SHORT.prompt, "1280x720", 4.0)
    assert video.created_at is not None
    assert before <= video.created_at <= time.time() * 1000
    video = await finished(api, video)
    assert (video.status, video.progress) == (RemoteStatus.DONE, 100)
    assert video.expires_at is not None
    assert video.expires_at > time.time() * 1000
    file, steps = tmp_path / "v.mp4", list[tuple[int, int | None]]()
    length = await api.download(video, into=file, limit=LIMIT, progress=lambda *step: steps.append(step))
    assert file.stat().st_size == length
    assert steps[-1] == (length, length)
    width, height, seconds = read_mp4(file)
    assert (width, height) == (1280, 720)
    assert seconds == pytest.approx(4.0, abs=0.1)


async def test_a_picture_goes_along(api: VideosApi, tmp_path: Path) -> None:
    buffer, picture = io.BytesIO(), tmp_path / "picture"
    Image.new("RGB", (720, 1280), "teal").save(buffer, "JPEG")
    picture.write_bytes(buffer.getvalue())
    request = make_request(seconds=4, size=TALL, picture="picture")
    video = await finished(api, await api.submit(request, picture=picture, key="job-1"))
    file = tmp_path / "v.mp4"
    await api.download(video, into=file, limit=LIMIT)
    assert read_mp4(file)[:2] == (720, 1280)


async def test_the_same_key_is_the_same_render_and_another_one_is_not(slow_api: VideosApi) -> None:
    first = await slow_api.submit(SHORT, picture=None, key="job-1")
    again = await slow_api.submit(SHORT, picture=None, key="job-1")
    other = await slow_api.submit(SHORT, picture=None, key="job-2")
    assert again.id == first.id
    assert other.id != first.id
    with pytest.raises(UnsupportedRequest, match="Idempotency-Key"):
        await slow_api.submit(make_request(prompt="another"), picture=None, key="job-1")


async def test_a_full_api_says_when_to_come_back(slow_api: VideosApi) -> None:
    for number in range(slow_api.slots):
        await slow_api.submit(SHORT, picture=None, key=f"job-{number}")
    with pytest.raises(RateLimited) as caught:
        await slow_api.submit(SHORT, picture=None, key="one too many")
    assert caught.value.retry_after == 2.0


async def test_a_render_is_found_by_what_it_is(slow_api: VideosApi) -> None:
    since = int(time.time() * 1000)
    mine = await slow_api.submit(SHORT, picture=None, key="job-1")
    await slow_api.submit(make_request(prompt="a blue whale", seconds=4), picture=None, key="job-2")
    assert [video.id for video in await slow_api.find(SHORT, since=since)] == [mine.id]
    assert await slow_api.find(make_request(seconds=12), since=since) == []
    assert await slow_api.find(SHORT, since=since + 3_600_000) == []


async def test_a_running_render_has_no_content_and_can_be_cancelled(
    slow_api: VideosApi, tmp_path: Path
) -> None:
    video = await slow_api.submit(SHORT, picture=None, key="job-1")
    with pytest.raises(NotReady):
        await slow_api.download(video, into=tmp_path / "v.mp4", limit=LIMIT)
    assert await slow_api.cancel(video.id) is True
    with pytest.raises(RemoteNotFound):
        await slow_api.poll(video.id)
    assert await slow_api.cancel(video.id) is False


@pytest.mark.parametrize(("word", "moderated"), [("[[moderated]]", True), ("[[fail]]", False)])
async def test_a_failed_render_says_why(api: VideosApi, word: str, moderated: bool) -> None:
    request = make_request(prompt=f"a fox {word}", seconds=4)
    video = await finished(api, await api.submit(request, picture=None, key="job-1"))
    assert (video.status, video.moderated) == (RemoteStatus.FAILED, moderated)
    assert video.error


async def test_what_the_model_does_not_take_is_refused(api: VideosApi) -> None:
    with pytest.raises(UnsupportedRequest, match="seconds"):
        await api.submit(make_request(seconds=7), picture=None, key="job-1")


async def test_a_probe_tells_the_right_key_from_a_wrong_one(tmp_path: Path) -> None:
    async with PreviewServer(data_dir=tmp_path, api_key="right") as server:
        async with opened(server, key="right") as api:
            await api.probe()
        for key in ("wrong", None):
            async with opened(server, key=key) as api:
                with pytest.raises(AuthFailed, match="preview answered 401: Incorrect API key"):
                    await api.probe()
                with pytest.raises(AuthFailed):
                    await api.submit(SHORT, picture=None, key="job-1")
