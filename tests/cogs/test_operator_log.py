"""What owners read in their log channel, and what happens when that channel fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import aiohttp
import discord
import pytest

from bot.client import rest_client
from bot.domain.codes import Code
from bot.domain.errors import DatabaseUnavailable
from bot.domain.job import Failure, Job, JobEvent, JobId
from bot.domain.states import JobState
from bot.sandbox.server import SandboxServer
from cogs.operator_log import OperatorLog, is_operators_business, report_text
from cogs.texts import load_library
from tests.actor import Actor
from tests.factories import NOW, make_job
from tests.fakes import FakeClock

TEXTS = load_library().texts("en-US")
S = JobState


def failed(number: int = 1001, code: Code = Code.PROVIDER_FAILED) -> Job:
    return make_job(id=str(number), state=S.FAILED, failure=Failure(code=code, facts={"id": "x"}))


def history(job: Job, reason: str) -> list[JobEvent]:
    steps = [
        (0, S.QUEUED, ""),
        (2, S.SUBMITTING, ""),
        (5, S.RENDERING, "accepted as v"),
        (65, S.FAILED, reason),
    ]
    return [
        JobEvent(job_id=job.id, at=NOW + at * 1000, from_state=None, to_state=state, note=note)
        for at, state, note in steps
    ]


@pytest.mark.parametrize(
    ("state", "code", "told"),
    [
        (S.FAILED, Code.PROVIDER_FAILED, True),
        (S.FAILED, Code.DELIVERY_FORBIDDEN, True),
        (S.UNSURE, Code.CHARGE_UNKNOWN, True),
        (S.FAILED, Code.INTERNAL, True),
        (S.FAILED, Code.PROVIDER_MODERATED, False),
        (S.FAILED, Code.GIVEN_UP, False),
        (S.DELIVERED, None, False),
        (S.CANCELLED, Code.CANCELLED_STOPPED, False),
    ],
)
def test_only_what_owners_can_do_something_about_is_told(
    state: JobState, code: Code | None, told: bool
) -> None:
    failure = Failure(code=code) if code is not None else None
    assert is_operators_business(make_job(state=state, failure=failure)) is told


def test_the_report_says_who_where_which_way_and_why() -> None:
    job = failed()
    text = report_text(job, history(job, "preview answered 500: **oom**"), TEXTS)
    assert text.splitlines() == [
        f"❌ **{job.short_id}** failed (provider-failed) · preview · <@42> in <#200>",
        "-# queued 0:00 → submitting 0:02 → rendering 0:05 → failed 1:05",
        r"preview answered 500: \*\*oom\*\*",
    ]


def test_a_long_reason_still_fits() -> None:
    job = failed()
    assert len(report_text(job, history(job, "*" * 5000), TEXTS)) <= 2000


class Room:
    """A log channel in the sandbox and what writes to it."""

    def __init__(self, sandbox: SandboxServer, owner: Actor, client: discord.Client) -> None:
        self.owner = owner
        self.clock = FakeClock()
        self.channel_id = sandbox.describe()["channel_id"]
        self.broken = False
        self.log = OperatorLog(
            client=client,
            channel_id=int(self.channel_id),
            history=self._history,
            texts=TEXTS,
            clock=self.clock,
        )

    async def _history(self, job_id: JobId) -> Sequence[JobEvent]:
        if self.broken:
            raise DatabaseUnavailable("away")
        return history(make_job(id=job_id), "out of memory")

    async def told(self) -> list[str]:
        """Wait until everything is told, and return the messages."""
        async with asyncio.timeout(60):
            while self.log._task is not None and not self.log._task.done():
                await asyncio.sleep(0.01)
        return [message["content"] for message in await self.owner.messages()]

    async def fault(self, **wish: object) -> None:
        await self.owner.call("POST", "faults", {"method": "POST", "path": "/messages$", **wish})


@pytest.fixture
async def room(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    sandbox = SandboxServer(data_dir=tmp_path_factory.mktemp("discord"))
    async with sandbox, aiohttp.ClientSession() as session:
        monkeypatch.setattr(discord.http.Route, "BASE", sandbox.discord_api_url)
        async with rest_client() as client:
            await client.login(sandbox.token)
            room = Room(sandbox, Actor(session, sandbox.describe()), client)
            yield room
            await room.log.stop()


async def test_a_failed_job_is_told_and_pings_nobody(room: Room) -> None:
    room.log.report(failed())
    (text,) = await room.told()
    assert "<@42>" in text
    (message,) = await room.owner.messages()
    assert message["mentions"] == []


async def test_many_at_once_share_messages(room: Room) -> None:
    for number in range(40):
        room.log.report(failed(number))
    texts = await room.told()
    assert len(texts) == 1
    assert "and 39 more: `" in texts[0]
    room.log.report(failed(99))
    room.log.report(failed(100))
    assert "and one more" in (await room.told())[-1]
    assert room.clock.slept == [20.0, 20.0], "a few messages a minute at most"


async def test_what_is_not_the_operators_business_is_not_told(room: Room) -> None:
    room.log.report(failed(code=Code.PROVIDER_MODERATED))
    assert await room.told() == []


async def test_discord_away_is_tried_again(room: Room) -> None:
    await room.fault(status=503, times=2)
    room.log.report(failed())
    assert len(await room.told()) == 1


async def test_a_refused_channel_is_one_line_in_the_log_and_nothing_else(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await room.fault(status=403, body={"message": "Missing Access", "code": 50001}, times=1)
    for number in range(3):
        room.log.report(failed(number))
        assert await room.told() == []
    assert [record.message.split(":")[0] for record in caplog.records if "log channel" in record.message] == [
        f"the log channel {room.channel_id} was not told of 1 jobs"
    ]


async def test_a_database_that_is_away_does_not_end_it(room: Room) -> None:
    room.broken = True
    room.log.report(failed(1))
    assert await room.told() == []
    room.broken = False
    room.log.report(failed(2))
    assert len(await room.told()) == 1
