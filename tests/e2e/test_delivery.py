"""Where a finished video comes to when its place does not take it as it is."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.job import Venue
from bot.domain.states import JobState
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage

POST = {"method": "POST", "path": r"/channels/\d+/messages$"}
AUTOMOD = {"message": "Message was blocked by automatic moderation", "code": 200000}


async def fault(stage: Stage, **wish: Any) -> None:
    await stage.owner.call("POST", "faults", wish)


async def deny(stage: Stage, permission: int, channel_id: str | None = None) -> None:
    world = await stage.owner.call("GET", "world")
    body = {
        "channel_id": channel_id or stage.owner.world["channel_id"],
        "role_or_user_id": world["bot_id"],
        "deny": str(permission),
    }
    await stage.owner.call("POST", "permissions", body)


async def direct_channel(stage: Stage, who: Actor) -> str:
    channel = await stage.owner.call("POST", "channels", {"user_id": who.user_id})
    return str(channel["id"])


async def file_in(stage: Stage, channel_id: str) -> Message:
    """Wait for a message with a file."""

    async def look() -> Message | None:
        found = [m for m in await stage.owner.messages(channel_id) if m["attachments"]]
        return found[0] if found else None

    return await stage.owner.eventually(look, lambda: f"a file in {channel_id}")


async def ended(stage: Stage, status: Message) -> Message:
    def done(message: Message) -> bool:
        return any(sign in message["content"] for sign in ("✅", "❌", "🖼️"))

    return await stage.owner.until(status["id"], done)


async def posts(stage: Stage) -> list[tuple[str, int]]:
    """Return the paths and statuses of every message that was posted."""
    calls = await stage.owner.call("GET", "requests")
    return [
        (c["path"], c["status"]) for c in calls if c["method"] == "POST" and c["path"].endswith("/messages")
    ]


# --- words that are refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusals", "has_facts", "has_mention"),
    [
        pytest.param(1, True, True, id="without the prompt"),
        pytest.param(2, False, True, id="the mention alone"),
        pytest.param(3, False, False, id="the file alone"),
    ],
)
async def test_words_that_are_refused_are_left_out_at_once(
    stage: Stage, refusals: int, has_facts: bool, has_mention: bool
) -> None:
    await fault(stage, **POST, status=400, body=AUTOMOD, times=refusals)
    status = await stage.owner.video("a forbidden word", seconds=4)
    result = await stage.owner.result_of(status)
    job = await stage.job(short_id_of(status))
    assert "forbidden" not in result["content"]
    assert result["attachments"][0]["filename"] == f"video-{job.short_id}.mp4"
    assert result["attachments"][0].get("description") is None
    assert (job.short_id in result["content"]) is has_facts
    assert (f"<@{stage.owner.user_id}>" in result["content"]) is has_mention
    assert [code for _, code in await posts(stage)] == [400] * refusals + [200]
    assert (await ended(stage, status))["content"].splitlines()[1].endswith(f"/{result['id']}")


async def test_a_status_whose_words_are_refused_tells_the_rest(stage: Stage) -> None:
    await fault(stage, method="PATCH", path=r"@original|/messages/\d+$", status=400, body=AUTOMOD, times=1)
    status = await stage.owner.video("a forbidden word", seconds=4)
    status = await ended(stage, status)
    assert "forbidden" not in status["content"]
    assert "do not let me repeat the prompt" in status["content"]
    assert "✅" in status["content"]


async def test_a_message_of_ours_that_is_malformed_does_not_cost_the_video(stage: Stage) -> None:
    await fault(stage, **POST, status=400, body={"message": "Invalid Form Body", "code": 50035}, times=1)
    status = await stage.owner.video("a fox", seconds=4)
    await stage.owner.result_of(status)


# --- the place takes nothing --------------------------------------------------------------------------


@pytest.mark.pace(0.2)
@pytest.mark.parametrize("lost", ["may not post", "may not look", "the channel is gone"])
async def test_a_place_that_is_lost_sends_the_video_to_its_author(stage: Stage, lost: str) -> None:
    status = await stage.owner.video("a fox", seconds=4)
    if lost == "the channel is gone":
        await stage.owner.call("DELETE", f"channels/{stage.owner.world['channel_id']}")
    else:
        await deny(stage, 1 << 11 if lost == "may not post" else 1 << 10)
    direct = await direct_channel(stage, stage.owner)
    result = await file_in(stage, direct)
    assert "I can no longer post where you asked for it" in result["content"]
    assert f"<#{stage.owner.world['channel_id']}>" in result["content"]

    async def rated() -> bool | None:
        found = await stage.owner.message(result["id"], direct)
        return (found is not None and len(found.get("reactions", [])) == 2) or None

    await stage.owner.eventually(rated, lambda: "the vote emoji where the video is")
    job = await stage.job(short_id_of(status))
    assert (job.state, job.venue) == (JobState.DELIVERED, Venue.DIRECT)
    assert job.result is not None
    assert (str(job.result.channel_id), str(job.result.message_id)) == (direct, result["id"])
    if lost == "may not post":
        assert "went to the author's direct messages" in (await ended(stage, status))["content"]


async def thread_of(stage: Stage, parent_id: str) -> dict[str, Any]:
    """Describe the channel as if it were a locked thread of another one: the sandbox has no threads."""
    world = stage.owner.world
    return {
        "id": world["channel_id"],
        "guild_id": world["guild_id"],
        "parent_id": parent_id,
        "owner_id": world["user_id"],
        "type": 11,
        "name": "a thread",
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 1,
        "member_count": 1,
        "flags": 0,
        "thread_metadata": {
            "archived": True,
            "locked": True,
            "auto_archive_duration": 60,
            "archive_timestamp": "2026-11-01T00:00:00+00:00",
        },
    }


@pytest.mark.parametrize("parent_takes_it", [True, False])
async def test_a_locked_thread_sends_the_video_to_its_channel_else_to_the_author(
    stage: Stage, parent_takes_it: bool
) -> None:
    here = stage.owner.world["channel_id"]
    parent = (await stage.owner.call("POST", "channels", {"name": "parent"}))["id"]
    if not parent_takes_it:
        await deny(stage, 1 << 15, parent)
    locked = {"message": "Thread is archived", "code": 50083}
    await fault(stage, method="POST", path=rf"/channels/{here}/messages$", status=400, body=locked)
    body = await thread_of(stage, parent)
    await fault(stage, method="GET", path=rf"/channels/{here}$", status=200, body=body, times=2)
    status = await stage.owner.video("a fox", seconds=4)
    if parent_takes_it:
        result = await file_in(stage, parent)
        assert f"Its thread <#{here}> takes no message" in result["content"]
        link = f"/{stage.owner.world['guild_id']}/{parent}/{result['id']}"
        assert (await ended(stage, status))["content"].endswith(link)
    else:
        result = await file_in(stage, await direct_channel(stage, stage.owner))
    assert [user["id"] for user in result["mentions"]] == [stage.owner.user_id]


@pytest.mark.pace(0.2)
async def test_closed_direct_messages_leave_the_video_to_show(stage: Stage) -> None:
    shy = await stage.owner.another("shy", dms=False)
    stranger = await stage.owner.another("stranger")
    moderator = await stage.owner.another("moderator", permissions=str(1 << 13))
    status = await shy.video("a fox", seconds=4)
    await deny(stage, 1 << 11)
    status = await ended(stage, status)
    assert "finished and paid for" in status["content"]
    short = (await stage.owner.message(status["id"]) or {})["content"].splitlines()[-1].rpartition("· ")[2]
    assert f"`/show {short}`" in status["content"]
    job = await stage.job(short)
    assert job.state is JobState.FAILED
    assert job.result_file is not None
    original = (stage.tmp_path / "data" / job.result_file).read_bytes()
    for who in (shy, moderator):
        assert await shown_file(who, short) == original
    assert await shown_file(stranger, short) is None


async def shown_file(who: Actor, short_id: str) -> bytes | None:
    """Return the file of the private answer to `/show`, None where it has none."""
    before = {message["id"] for message in await who.messages()}
    await who.invoke("show", id=short_id)

    async def look() -> Message | None:
        for message in await who.messages():
            if message["id"] not in before and message["flags"] & 64 and message["content"]:
                return message
        return None

    answer = await who.eventually(look, lambda: "the answer to /show")
    return await who.download(answer) if answer["attachments"] else None


# --- the video is too large ---------------------------------------------------------------------------


async def test_a_video_that_cannot_be_made_small_enough_comes_as_a_picture(stage: Stage) -> None:
    await stage.owner.call("POST", "guild", {"upload_limit": 60_000})
    status = await stage.owner.video("a storm over a harbour", seconds=12)
    status = await ended(stage, status)
    assert "🖼️" in status["content"]
    assert "too large for this place" in status["content"]
    result = await stage.owner.result_of(status)
    job = await stage.job(short_id_of(result))
    assert result["attachments"][0]["filename"].endswith(f"-{job.short_id}.jpg")
    assert (await stage.owner.download(result)).startswith(b"\xff\xd8")
    assert f"`/show {job.short_id}`" in result["content"]
    assert "reactions" not in result
    assert job.state is JobState.DELIVERED

    answer = await stage.owner.refused("show", id=job.short_id)
    assert "The video is kept here, but it has" in answer
    await stage.owner.call("POST", "guild", {"upload_limit": 10 << 20})
    original = Path(stage.tmp_path / "data" / (job.result_file or "")).read_bytes()
    assert await shown_file(stage.owner, job.short_id) == original


# --- Discord fails ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"status": 503, "times": 2}, id="503"),
        pytest.param({"status": 502, "body": "<html>bad gateway</html>", "times": 1}, id="502, HTML"),
        pytest.param({"drop": "before", "times": 2}, id="dropped before the effect"),
        pytest.param({"drop": "after", "times": 1}, id="the reply is lost"),
        pytest.param({"status": 429, "times": 2}, id="a rate limit"),
        pytest.param(
            {"status": 400, "body": {"message": "overloaded", "code": 130000}, "times": 1}, id="overloaded"
        ),
    ],
)
async def test_a_post_that_goes_wrong_comes_once(stage: Stage, wish: dict[str, Any]) -> None:
    await fault(stage, **POST, **wish)
    status = await stage.owner.video("a storm", seconds=4)
    await ended(stage, status)
    assert len([m for m in await stage.owner.messages() if m["attachments"]]) == 1


async def test_an_upload_that_takes_too_long_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.delivery.UPLOAD_SECONDS", 0.5)
    await fault(stage, **POST, delay_s=2, times=1)
    status = await stage.owner.video("a storm", seconds=4)
    await ended(stage, status)
    assert len([m for m in await stage.owner.messages() if m["attachments"]]) == 1


async def test_an_end_that_discord_does_not_take_is_shown_later(stage: Stage) -> None:
    status = await stage.owner.video("a storm", seconds=4)
    await fault(stage, method="PATCH", path=r"/messages/\d+$", status=503, times=3)
    assert "✅" in (await ended(stage, status))["content"]


@pytest.mark.parametrize("nonce_is_old", [False, True])
async def test_a_lost_reply_where_the_history_cannot_be_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, nonce_is_old: bool
) -> None:
    """Within the nonce's minutes a repeat is the same message; later it is a second one that says so."""
    missing = {"message": "Missing Access", "code": 50001}
    await fault(stage, **POST, drop="after", times=1)
    await fault(stage, method="GET", path=r"/messages$", status=200, body=[], times=5)
    await fault(stage, method="GET", path=r"/messages/\d+$", status=403, body=missing, times=5)
    status = await stage.owner.video("a storm", seconds=4)
    await file_in(stage, stage.owner.world["channel_id"])
    if nonce_is_old:
        monkeypatch.setattr("bot.jobs.decide.NONCE", -1)
        await stage.owner.call("POST", "clock", {"advance_s": 400})
    await ended(stage, status)
    files = [m for m in await stage.owner.messages() if m["attachments"]]
    assert ["may be here twice" in m["content"] for m in files] == (
        [False, True] if nonce_is_old else [False]
    )


async def test_the_right_to_reply_can_be_missing(stage: Stage) -> None:
    refused = {"message": "Cannot reply without permission to read message history", "code": 160002}
    await fault(stage, **POST, status=400, body=refused, times=1)
    await stage.owner.video("a storm", seconds=4)
    result = await file_in(stage, stage.owner.world["channel_id"])
    assert not result.get("message_reference")


async def test_uploads_in_two_places_do_not_wait_for_each_other(stage: Stage) -> None:
    """A slow upload in one channel does not hold up another."""
    other = (await stage.owner.call("POST", "channels", {"name": "other"}))["id"]
    here = stage.owner.world["channel_id"]
    await fault(stage, method="POST", path=rf"/channels/{here}/messages$", delay_s=25)
    slow = await stage.owner.video("a slow one", seconds=4)
    answer = await stage.owner.invoke("video", prompt="a quick one", seconds=4, channel_id=other)
    assert answer.get("error") is None
    quick = await file_in(stage, other)
    assert int(quick["id"]) < int((await stage.owner.result_of(slow))["id"]), "ids grow with time"
