"""Connection refused, in every state: the video API or Discord is gone for a while and comes back."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import pytest

from bot.domain.job import Job
from bot.domain.remote import SubmitSafety
from bot.domain.states import JobState
from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.cut_line import CutLine
from tests.e2e.fault_rows import ASKING, DOWNLOAD, ROUTES, UNREACHABLE, Row
from tests.e2e.faulty_api import Call, FaultyApi
from tests.e2e.faulty_bot import bot_with

REFUSED = "connection refused"
RENDERING, FETCHED, ORDERED = "rendering", "fetched", "ordered"
POSTED, EDITED, RATED = "posted", "edited", "rated"


def says(text: str) -> Callable[[Message], bool]:
    return lambda message: text in message["content"]


def print_rows(rows: Iterable[Row]) -> None:
    sys.stdout.write("\n" + "\n".join(f"ok     {row}" for row in rows) + "\n")


async def row_of(stage: Stage, status: Message) -> Job:
    return await stage.job(short_id_of(status))


async def results_of(stage: Stage, status: Message) -> list[Message]:
    """Return the messages with a file that answer a status message."""
    return [
        message
        for message in await stage.owner.messages()
        if message["attachments"]
        and (message.get("message_reference") or {}).get("message_id") == status["id"]
    ]


async def delivered_once(stage: Stage, api: FaultyApi, statuses: dict[str, Message]) -> dict[str, Message]:
    """Wait for every end and return the results."""
    results = {}
    for prompt, status in statuses.items():
        job = await row_of(stage, status)
        await closed(stage, job)
        ended = await stage.owner.message(status["id"])
        assert ended is not None
        assert "✅ Done in" in ended["content"]
        posted = await results_of(stage, status)
        assert (len(posted), api.bought(prompt)) == (1, 1), prompt
        results[prompt] = posted[0]
    return results


async def closed(stage: Stage, job: Job) -> None:
    """Wait until the status message shows the end and nothing more is to come."""

    async def look() -> bool | None:
        now = await stage.job(job.short_id)
        return (now.state is JobState.DELIVERED and now.status_closed) or None

    await stage.owner.eventually(look, lambda: f"the end of {job.short_id}")


@pytest.mark.parametrize("safety", [SubmitSafety.KEY, SubmitSafety.NONE], ids=str)
async def test_a_video_api_that_refuses_connections_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, safety: SubmitSafety
) -> None:
    async with (
        FaultyApi(honours_keys=safety is SubmitSafety.KEY) as api,
        CutLine(api.base_url.removesuffix("/v1")) as line,
        bot_with(stage, safety, monkeypatch, video_api_base_url=f"{line.url}/v1"),
    ):
        api.rendering.add(RENDERING)
        api.gates[FETCHED] = asyncio.Event()
        statuses = {prompt: await stage.owner.video(prompt, seconds=4) for prompt in (RENDERING, FETCHED)}

        async def under_way() -> bool | None:
            return (api.bought(RENDERING) == 1 and api.contents.get(FETCHED) == 1) or None

        await stage.owner.eventually(under_way)
        await line.cut()
        statuses[ORDERED] = await stage.owner.video(ORDERED, seconds=4)
        rows = {
            prompt: Row(at=at, fault=REFUSED, safety=safety, meanwhile=meanwhile)
            for prompt, at, meanwhile in (
                (ORDERED, Call.SUBMIT, UNREACHABLE),
                (RENDERING, Call.POLL, ASKING),
                (FETCHED, Call.FETCH, DOWNLOAD),
            )
        }
        for prompt, row in rows.items():
            await stage.owner.until(statuses[prompt]["id"], says(row.meanwhile))
        states = [(await row_of(stage, statuses[prompt])).state for prompt in (RENDERING, FETCHED)]
        assert states == [JobState.RENDERING, JobState.FETCHING]
        assert api.bought(ORDERED) == 0
        api.rendering.clear()
        api.gates[FETCHED].set()
        await line.mend()
        await delivered_once(stage, api, statuses)
    print_rows(rows.values())


async def test_a_discord_that_refuses_connections_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One job is about to post, one to show its end, one to add the vote emoji."""
    path = urlsplit(stage.sandbox.discord_api_url).path
    async with (
        FaultyApi(honours_keys=True) as api,
        CutLine(stage.sandbox.discord_api_url.removesuffix(path)) as line,
        bot_with(
            stage,
            SubmitSafety.KEY,
            monkeypatch,
            video_api_base_url=api.base_url,
            discord_api_url=f"{line.url}{path}",
        ),
    ):
        monkeypatch.setattr("cogs.delivery.EDIT_SECONDS", 30.0)
        prompts = (POSTED, EDITED, RATED)
        api.gates |= {prompt: asyncio.Event() for prompt in prompts}
        statuses = {prompt: await stage.owner.video(prompt, seconds=4) for prompt in prompts}
        for status in statuses.values():
            await stage.owner.until(status["id"], lambda message: "📥" in message["content"])
        await stage.owner.call("POST", "faults", {"method": "PUT", "path": "/reactions/", "delay_s": 8})
        api.gates[RATED].set()
        await stage.owner.until(statuses[RATED]["id"], lambda message: "✅" in message["content"])
        edit = {"method": "PATCH", "path": f"/messages/{statuses[EDITED]['id']}$", "delay_s": 8, "times": 3}
        await stage.owner.call("POST", "faults", edit)
        api.gates[EDITED].set()
        await stage.owner.result_of(statuses[EDITED])
        await line.cut()
        api.gates[POSTED].set()

        async def refused() -> Job | None:
            job = await row_of(stage, statuses[POSTED])
            return job if job.state is JobState.DELIVERING and job.attempt else None

        waiting = await stage.owner.eventually(refused)
        assert not waiting.status_closed
        assert await results_of(stage, statuses[POSTED]) == []
        await stage.owner.call("DELETE", "faults")
        await line.mend()
        results = await delivered_once(stage, api, statuses)
        for prompt in (POSTED, EDITED):
            assert len(results[prompt].get("reactions", [])) == 2
    print_rows(Row(at=at, fault=REFUSED) for at in ROUTES)
