"""The bot is stopped, killed, cut off; the video comes once and is bought once."""

import pytest

from bot.domain.states import JobState
from tests.actor import short_id_of
from tests.e2e.conftest import Stage


@pytest.mark.pace(1.5)
@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
async def test_a_restart_in_the_middle_delivers_once(stage: Stage, kill: bool) -> None:
    status = await stage.owner.video("a long river", seconds=4)
    await stage.owner.until(status["id"], lambda message: "🎨" in message["content"])
    await stage.stop_bot(kill=kill)
    await stage.start_bot()
    result = await stage.owner.result_of(status)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    job = await stage.job(short_id_of(result))
    listed = await stage.app.catalog.default().find(job.request, since=0)  # type: ignore[union-attr]
    assert [video.id for video in listed] == [job.remote_id], "bought once"
    replies = [m for m in await stage.owner.messages() if m["attachments"]]
    assert len(replies) == 1, "posted once"


async def test_a_provider_that_is_down_is_waited_for(stage: Stage) -> None:
    await stage.stop_bot()
    port = int(stage.base_url.split(":")[2].split("/")[0])
    await stage.preview.close()
    await stage.start_bot()
    status = await stage.owner.video("patience", seconds=4)
    await stage.owner.until(status["id"], lambda message: "does not answer" in message["content"])
    back = type(stage.preview)(data_dir=stage.tmp_path / "preview2", port=port)
    async with back:
        result = await stage.owner.result_of(status)
        job = await stage.job(short_id_of(result))
        assert job.state is JobState.DELIVERED


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503, "times": 2}, id="503"),
        pytest.param({"drop": "before", "times": 2}, id="dropped before the effect"),
        pytest.param({"drop": "after", "times": 1}, id="the reply is lost"),
    ],
)
async def test_a_post_that_goes_wrong_is_repeated_without_a_double(
    stage: Stage, fault: dict[str, object]
) -> None:
    await stage.owner.call("POST", "faults", {"method": "POST", "path": r"/channels/\d+/messages$", **fault})
    status = await stage.owner.video("a storm", seconds=4)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    replies = [m for m in await stage.owner.messages() if m["attachments"]]
    assert len(replies) == 1


async def test_a_deleted_status_message_does_not_stop_the_video(stage: Stage) -> None:
    await stage.stop_bot()
    await stage.start_bot()
    status = await stage.owner.video("still there", seconds=8)
    await stage.owner.call("DELETE", f"messages/{status['id']}")

    async def look() -> bool | None:
        return any(message["attachments"] for message in await stage.owner.messages()) or None

    await stage.owner.eventually(look, lambda: "the video")


async def test_moderation_and_failure_are_told_apart(stage: Stage) -> None:
    refused = await stage.owner.video("something [[moderated]]", seconds=4)
    failed = await stage.owner.video("something [[fail]]", seconds=4)
    refused = await stage.owner.until(refused["id"], lambda message: "❌" in message["content"])
    failed = await stage.owner.until(failed["id"], lambda message: "❌" in message["content"])
    assert "content rules" in refused["content"]
    assert "failed while rendering" in failed["content"]


async def test_a_redelivered_command_is_the_same_job(stage: Stage) -> None:
    from bot.domain.job import JobId, Place
    from bot.jobs.models import Options

    assert stage.app is not None
    videos = stage.app.videos
    place = Place(channel_id=int(stage.owner.world["channel_id"]), status_message_id=1, guild_id=1)
    options = Options(prompt="once", seconds=4)
    first = await videos.submit(options, key=JobId("77"), user_id=1, place=place, locale="en-US")
    second = await videos.submit(options, key=JobId("77"), user_id=1, place=place, locale="en-US")
    assert first.id == second.id, "the first may have gone on meanwhile"
