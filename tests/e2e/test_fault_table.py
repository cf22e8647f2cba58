"""Every fault in every state, with the whole bot: how it ends, what was bought, what the member reads."""

import asyncio
import re
import sys
import time
from collections.abc import Sequence

import pytest

from bot.domain.job import Job
from bot.domain.remote import SubmitSafety
from tests.actor import Actor, Message
from tests.e2e.conftest import Stage
from tests.e2e.fault_rows import (
    DISCORD_FAULTS,
    FETCH_ROWS,
    LASTING_ROWS,
    NOT_FOUND_THERE,
    POLL_ROWS,
    ROUTES,
    Row,
    discord_rows,
    submit_rows,
)
from tests.e2e.faulty_api import Call, Fault, FaultyApi, Plan
from tests.e2e.faulty_bot import HurriedClock, bot_with

ROW_SECONDS = 240.0
LOOK_SECONDS = 0.25
SHORT_ID = re.compile(r"[A-Z0-9]{5}$")


def texts_of(message: Message) -> list[str]:
    """Return everything that the message has said so far."""
    return [entry["content"] for entry in message["history"]] + [message["content"]]


class Play:
    """One row on its way, in a channel and by a member of its own."""

    def __init__(self, stage: Stage, api: FaultyApi, row: Row, number: int) -> None:
        self._stage = stage
        self._api = api
        self.row = row
        self.prompt = f"row {number}: {row.fault} at {row.at}"
        self._plan: Plan | None = None
        if row.at in tuple(Call):
            self._plan = Plan(at=Call(row.at), fault=Fault(row.fault))
            api.plan(self.prompt, self._plan)

    async def run(self) -> list[str]:
        """Play it and return what is not as the row says."""
        try:
            async with asyncio.timeout(ROW_SECONDS):
                return await self._run()
        except TimeoutError:
            return [f"did not end; its message says {texts_of(await self._status())}"]

    async def _run(self) -> list[str]:
        owner = self._stage.owner
        self._channel = (await owner.call("POST", "channels", {"name": "somewhere"}))["id"]
        self._member = await owner.another("somebody")
        if self.row.at in ROUTES:
            method, path = ROUTES[self.row.at]
            wish = NOT_FOUND_THERE[self.row.at] if self.row.fault is Fault.NOT_FOUND else None
            wish = dict(wish or DISCORD_FAULTS[self.row.fault])
            if self.row.meanwhile and "times" in wish:
                wish["times"] = 4  # the waits grow: then there is time to read why, though the clock hurries
            await owner.call(
                "POST", "faults", {"method": method, "path": f"/channels/{self._channel}{path}", **wish}
            )
        answer = await self._member.invoke("video", channel_id=self._channel, prompt=self.prompt, seconds=4)
        assert answer.get("error") is None, answer
        self._status_id = answer["message"]["id"]
        return await self._judge(await self._ended())

    async def _ended(self) -> Job:
        """Wait for the end; a fault of the video API is over as soon as its sentence was read."""
        assert self._stage.app is not None
        while True:
            message = await self._status()
            texts = texts_of(message)
            if self._plan is not None and not self.row.lasts:
                read = any(self.row.meanwhile in text for text in texts)
                if read if self.row.meanwhile else self._plan.played >= 2:
                    self._plan.over.set()
            found = [SHORT_ID.search(text) for text in texts]
            short_id = next((match[0] for match in found if match is not None), None)
            job = await self._stage.app.store.by_short_id(short_id) if short_id is not None else None
            if job is not None and job.status_closed:
                if self._plan is not None:
                    self._plan.over.set()
                return job
            await asyncio.sleep(LOOK_SECONDS)

    async def _judge(self, job: Job) -> list[str]:
        row, message = self.row, await self._status()
        results = await self._results()
        votes = sum(len(result.get("reactions", [])) for result in results)
        played = self._plan.played if self._plan is not None else not await self._faults_left()
        expected = {
            "state": (job.state, row.end),
            "orders": (self._api.bought(self.prompt), row.orders),
            "results": (len(results), row.results),
            "votes": (votes, row.votes * bool(row.results)),
            "the fault was played": (bool(played), True),
        }
        wrong = [
            f"{name}: {found}, not {wanted}" for name, (found, wanted) in expected.items() if found != wanted
        ]
        if row.says not in message["content"]:
            wrong.append(f"it says at the end: {message['content']}")
        if not any(row.meanwhile in text for text in texts_of(message)):
            wrong.append(f"it said meanwhile: {texts_of(message)}")
        return wrong

    async def _status(self) -> Message:
        message = await self._member.message(self._status_id, self._channel)
        assert message is not None
        return message

    async def _results(self) -> list[Message]:
        private: Actor = await self._member.in_private()
        messages = await self._member.messages(self._channel) + await private.messages()
        return [message for message in messages if message["attachments"]]

    async def _faults_left(self) -> bool:
        left = await self._stage.owner.call("GET", "faults")
        return any(self._channel in fault["path"] for fault in left)


async def play_all(stage: Stage, api: FaultyApi, rows: Sequence[Row]) -> None:
    """Play the rows at once, print the table and hold every row to what it says."""
    started = time.monotonic()
    plays = [Play(stage, api, row, number) for number, row in enumerate(rows)]
    outcomes = await asyncio.gather(*(play.run() for play in plays))
    lines = [f"{'WRONG' if wrong else 'ok':6} {row}" for row, wrong in zip(rows, outcomes, strict=True)]
    lines.append(f"{len(rows)} rows in {time.monotonic() - started:.0f} s")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    problems = [f"{row}\n    {'; '.join(wrong)}" for row, wrong in zip(rows, outcomes, strict=True) if wrong]
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.parametrize("safety", [SubmitSafety.LIST, SubmitSafety.NONE], ids=str)
async def test_faults_of_an_order(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, safety: SubmitSafety
) -> None:
    async with (
        FaultyApi(honours_keys=False) as api,
        bot_with(stage, safety, monkeypatch, video_api_base_url=api.base_url),
    ):
        await play_all(stage, api, submit_rows(safety))


async def test_faults_that_pass(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*submit_rows(SubmitSafety.KEY), *POLL_ROWS, *FETCH_ROWS, *discord_rows(long_waits=False)]
    async with (
        FaultyApi(honours_keys=True) as api,
        bot_with(stage, SubmitSafety.KEY, monkeypatch, video_api_base_url=api.base_url),
    ):
        await play_all(stage, api, rows)


async def test_faults_that_last(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's clock runs fast: hours of patience end while the test looks on."""
    clock = HurriedClock()
    monkeypatch.setattr("bot.app.SystemClock", lambda: clock)
    expiry = clock.now() / 1000 + 3200
    async with (
        FaultyApi(honours_keys=True, kept_until=lambda: expiry) as api,
        bot_with(stage, SubmitSafety.KEY, monkeypatch, video_api_base_url=api.base_url),
    ):
        await play_all(stage, api, [*LASTING_ROWS, *discord_rows(long_waits=True)])
