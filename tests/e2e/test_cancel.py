"""Cancelling: in line and while rendering, by button and by command, after a restart, by whom."""

import asyncio

import pytest

from bot.domain.states import JobState
from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage

SLOW = pytest.mark.pace(30.0)


async def busy(stage: Stage) -> list[Message]:
    """Fill both places of the preview and wait until they are taken."""
    statuses = [await stage.owner.video(f"number {number}", seconds=4) for number in range(2)]
    for status in statuses:
        await stage.owner.until(status["id"], lambda message: "🎨" in message["content"])
    return statuses


@SLOW
async def test_a_waiting_job_is_cancelled_at_once(stage: Stage) -> None:
    await busy(stage)
    waiting = await stage.owner.video("the third", seconds=4)
    assert "in line" in waiting["content"]
    await stage.owner.click(waiting, "Cancel")
    ended = await stage.owner.until(waiting["id"], lambda message: "🚫" in message["content"])
    assert "before anything was paid" in ended["content"]
    assert ended["components"] == []


@SLOW
async def test_a_running_job_is_cancelled_there_too(stage: Stage) -> None:
    first, _ = await busy(stage)
    short = short_id_of(first)
    answer = await stage.owner.refused("cancel", id=short)
    assert short in answer
    ended = await stage.owner.until(first["id"], lambda message: "🚫" in message["content"])
    assert "may charge" in ended["content"]
    job = await stage.job(short)
    assert job.state is JobState.CANCELLED
    listed = await stage.app.catalog.default().find(job.request, since=0)  # type: ignore[union-attr]
    assert job.remote_id not in [video.id for video in listed], "the preview has stopped and forgotten it"


@SLOW
async def test_a_cancel_frees_the_place_for_the_next(stage: Stage) -> None:
    first, _ = await busy(stage)
    waiting = await stage.owner.video("the third", seconds=4)
    await stage.owner.click(first, "Cancel")
    await stage.owner.until(waiting["id"], lambda message: "🎨" in message["content"])


@SLOW
async def test_the_button_works_after_a_restart(stage: Stage) -> None:
    first, _ = await busy(stage)
    await stage.stop_bot()
    await stage.start_bot()
    await stage.owner.click(first, "Cancel")
    await stage.owner.until(first["id"], lambda message: "🚫" in message["content"])


@SLOW
async def test_a_stranger_may_not_cancel_and_a_moderator_may(stage: Stage) -> None:
    first, second = await busy(stage)
    stranger = await stage.owner.another("stranger")
    assert "Only the person who asked" in await stranger.refused("cancel", id=short_id_of(first))
    still = await stage.owner.message(first["id"])
    assert still is not None
    assert "🚫" not in still["content"]
    member = await stage.owner.another("moderator", permissions=str(1 << 13))
    await member.refused("cancel", id=short_id_of(second))
    await stage.owner.until(second["id"], lambda message: "🚫" in message["content"])


@SLOW
async def test_two_who_cancel_at_once_are_both_answered(stage: Stage) -> None:
    first, _ = await busy(stage)
    moderator = await stage.owner.another("moderator", permissions=str(1 << 13))
    people = (stage.owner, moderator)
    answers = await asyncio.gather(*(who.click(first, "Cancel") for who in people))
    for who, answer in zip(people, answers, strict=True):
        assert answer.get("error") is None
        told = await who.until(answer["message"]["id"], lambda message: bool(message["content"]))
        assert told["flags"] & 64
        assert short_id_of(first) in told["content"]
    ended = await stage.owner.until(first["id"], lambda message: "🚫" in message["content"])
    assert ended["components"] == []


async def test_what_is_paid_and_finished_comes_all_the_same(stage: Stage) -> None:
    fault = {"method": "POST", "path": r"/channels/\d+/messages$", "status": 503, "times": 1000}
    await stage.owner.call("POST", "faults", fault)
    status = await stage.owner.video("nearly there", seconds=4)
    await stage.owner.until(status["id"], lambda message: "📤" in message["content"])
    answer = await stage.owner.refused("cancel", id=short_id_of(status))
    assert "paid for and finished" in answer
    assert "delete it then" in answer
    await stage.owner.call("DELETE", "faults")
    await stage.owner.result_of(status)


async def test_what_is_delivered_or_unknown_cannot_be_cancelled(stage: Stage) -> None:
    status = await stage.owner.video("quick", seconds=4)
    result = await stage.owner.result_of(status)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    assert "can no longer be cancelled" in await stage.owner.refused("cancel", id=short_id_of(result))
    assert "I know no video" in await stage.owner.refused("cancel", id="ZZZZZ")
