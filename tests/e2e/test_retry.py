"""The button under a job that failed: what is paid is fetched and never rendered again."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.codes import Code
from bot.domain.job import Failure
from bot.domain.states import JobState
from storage.database import open_database
from storage.jobs import SqlJobStore
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage


async def failed(stage: Stage, who: Actor, code: Code) -> Message:
    """Let a paid job end as if its result could not be fetched; the bot has been restarted since."""
    status = await who.video("a lost balloon", seconds=4)
    await who.until(status["id"], lambda message: "🎨" in message["content"])
    await stage.stop_bot()

    async def rendered() -> bool | None:
        videos, _ = await stage.preview.videos.page(after=None, limit=100, newest_first=True)
        return all(video.status == "completed" for video in videos) or None

    await who.eventually(rendered, lambda: "the end of the render")
    database = await open_database(stage.settings().database)
    try:
        store = SqlJobStore(database)
        job = await store.by_short_id(short_id_of(status))
        assert job is not None
        assert job.state is JobState.RENDERING
        ended = replace(job, state=JobState.FAILED, failure=Failure(code=code), finished_at=job.created_at)
        await store.save(job, ended)
    finally:
        await database.close()
    await stage.start_bot()
    return await who.until(status["id"], lambda message: "❌" in message["content"])


@pytest.mark.pace(1.5)
async def test_a_failed_download_goes_on_and_nothing_is_rendered_again(stage: Stage) -> None:
    alice, stranger = await stage.owner.another("alice"), await stage.owner.another("stranger")
    status = await failed(stage, alice, Code.RESULT_UNREADABLE)
    assert "nothing is rendered again" in status["content"]
    assert "Only the person who asked" in await stranger.press(status, "Retry")
    answers = await asyncio.gather(*(alice.press(status, "Retry") for _ in range(2)))
    assert sorted("goes on" in answer for answer in answers) == [False, True]
    assert sorted("has moved on meanwhile" in answer for answer in answers) == [False, True]
    await alice.result_of(status)
    done = await alice.until(status["id"], lambda message: "✅" in message["content"])
    assert done["components"] == []
    assert await stage.bought() == 1
    assert len([message for message in await alice.messages() if message["attachments"]]) == 1


@pytest.mark.pace(1.5)
async def test_a_render_that_took_too_long_is_looked_after_again_by_a_moderator(stage: Stage) -> None:
    moderator = await stage.owner.another("moderator", permissions=str(1 << 13))
    status = await failed(stage, stage.owner, Code.DEADLINE)
    assert "goes on" in await moderator.press(status, "Retry")
    await stage.owner.result_of(status)
    assert await stage.bought() == 1


async def test_what_is_paid_and_lost_costs_again_and_the_message_says_so(stage: Stage) -> None:
    status = await stage.owner.video("something [[fail]]", seconds=4)
    ended = await stage.owner.until(status["id"], lambda message: "❌" in message["content"])
    assert "that costs again" in ended["content"]
    answer = await stage.owner.click(ended, "Again")
    again = await stage.owner.until(answer["message"]["id"], lambda message: "❌" in message["content"])
    assert short_id_of(again) != short_id_of(ended)
    assert await stage.bought() == 2


async def test_what_was_refused_unpaid_is_a_new_job(stage: Stage) -> None:
    await stage.stop_bot()
    port = int(stage.base_url.split(":")[2].split("/")[0])
    await stage.preview.close()
    locked = type(stage.preview)(data_dir=stage.tmp_path / "locked", port=port, api_key="another")
    async with locked:
        await stage.start_bot()
        status = await stage.owner.video("a closed door", seconds=4)
        ended = await stage.owner.until(status["id"], lambda message: "❌" in message["content"])
        assert "costs again" not in ended["content"]
        answer = await stage.owner.click(ended, "Retry")
        again = await stage.owner.until(answer["message"]["id"], lambda message: "❌" in message["content"])
        assert short_id_of(again) != short_id_of(ended)
        await stage.stop_bot()
