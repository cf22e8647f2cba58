"""The official OpenAI client against the preview API."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openai import AsyncOpenAI, NotFoundError, RateLimitError

from bot.preview import PreviewServer
from tests.preview.preview_client import file_of, photo

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # every method of `videos` warns


@pytest.fixture
async def openai(tmp_path: Path) -> AsyncIterator[AsyncOpenAI]:
    async with (
        PreviewServer(data_dir=tmp_path, api_key="key") as server,
        AsyncOpenAI(base_url=server.base_url, api_key="key", max_retries=0, timeout=30) as client,
    ):
        yield client


async def test_the_official_client_creates_polls_lists_fetches_remixes_and_deletes(
    openai: AsyncOpenAI,
) -> None:
    video = await openai.videos.create_and_poll(
        model="sora-2",
        prompt="A cool cat on a motorcycle in the night",
        size="1280x720",
        seconds="4",
        poll_interval_ms=50,
    )
    assert (video.status, video.progress, video.seconds, video.size) == ("completed", 100, "4", "1280x720")
    assert video.model_extra == {}

    assert [listed.id async for listed in openai.videos.list(limit=1)] == [video.id]

    content = await openai.videos.download_content(video.id)
    assert content.content[4:8] == b"ftyp"
    thumbnail = await openai.videos.download_content(video.id, variant="thumbnail")
    assert thumbnail.content[8:12] == b"WEBP"

    remix = await openai.videos.remix(video.id, prompt="The cat is blue")
    assert remix.remixed_from_video_id == video.id
    assert (await openai.videos.poll(remix.id, poll_interval_ms=50)).status == "completed"
    assert [listed.id async for listed in openai.videos.list(limit=1)] == [remix.id, video.id]

    deleted = await openai.videos.delete(video.id)
    assert (deleted.id, deleted.object, deleted.deleted) == (video.id, "video.deleted", True)
    with pytest.raises(NotFoundError):
        await openai.videos.retrieve(video.id)


async def test_the_official_client_sends_a_picture_and_a_seed(openai: AsyncOpenAI) -> None:
    picture = ("first.png", file_of(photo(1280, 720), "PNG"), "image/png")
    video = await openai.videos.create(
        prompt="The scene comes to life", size="1280x720", input_reference=picture, extra_body={"seed": 7}
    )
    assert (await openai.videos.poll(video.id, poll_interval_ms=50)).status == "completed"


async def test_the_official_client_understands_the_limit(openai: AsyncOpenAI) -> None:
    for prompt in ("one", "two"):
        await openai.videos.create(prompt=prompt, seconds="12")
    with pytest.raises(RateLimitError) as caught:
        await openai.videos.create(prompt="three")
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["retry-after"] == "2"
