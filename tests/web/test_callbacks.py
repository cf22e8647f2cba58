"""Callbacks from the end of a job to a program that takes them, refuses them, or is away; over sockets."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.callback import DAY, AddressFlaw, Callback, JobEnd, end_body
from bot.domain.errors import DatabaseUnavailable, Unavailable
from bot.domain.job import Job
from bot.domain.states import JobState
from bot.domain.webhooks import Signed, WebhookSecret, check
from bot.jobs import callbacks as jobs_callbacks
from bot.jobs.callbacks import Answer, CallbackService, Post
from storage.callbacks import SqlCallbackStore
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from tests.factories import NOW, make_job
from tests.fakes import FakeClock

GUILD = 100
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Program:
    """A server's own program: it checks the signatures and answers as it is told."""

    clock: FakeClock
    statuses: list[int] = field(default_factory=list)
    took: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    verdicts: list[object] = field(default_factory=list)
    hold: asyncio.Event | None = None
    url: str = ""
    secret: str = SECRET

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        now = self.clock.now() // 1000
        self.verdicts.append(check(headers, body, WebhookSecret.parse(self.secret), now=now))
        self.deliveries.append(headers["webhook-id"])
        self.took.append(json.loads(body))
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


class Straight:
    """Posts without the checks of addresses: the program listens on loopback."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.away = 0
        self.forbidden = False

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        if self.forbidden:
            raise ValueError("it is not a public address")
        if self.away:
            self.away -= 1
            raise Unavailable("no answer")
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def database(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}", clock=lambda _: clock.now())
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
async def program(clock: FakeClock) -> AsyncIterator[Program]:
    program, app = Program(clock), web.Application()
    app.router.add_post("/hook", program.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    program.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield program
    if program.hold is not None:
        program.hold.set()
    await runner.cleanup()


@pytest.fixture
async def way() -> AsyncIterator[Straight]:
    async with aiohttp.ClientSession() as session:
        yield Straight(session)


@pytest.fixture
def jobs(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


@pytest.fixture
def outbox(database: Database) -> SqlCallbackStore:
    return SqlCallbackStore(database)


@pytest.fixture
def service(outbox: SqlCallbackStore, way: Straight, clock: FakeClock) -> CallbackService:
    post: Post = way
    return CallbackService(store=outbox, post=post, clock=clock)


@pytest.fixture
async def listening(outbox: SqlCallbackStore, program: Program) -> Program:
    """The program, with its address set (past `set`, which takes https alone)."""
    await outbox.set(Callback(guild_id=GUILD, url=program.url, secret=SECRET))
    return program


async def fail(jobs: SqlJobStore, job_id: str = "1") -> Job:
    job = await jobs.add(make_job(id=job_id))
    return await jobs.save(job, replace(job, state=JobState.FAILED))


async def test_an_end_is_told_once_and_signed(
    service: CallbackService, listening: Program, jobs: SqlJobStore
) -> None:
    job = await fail(jobs)
    await service.send_due()
    await service.send_due()
    assert [told["type"] for told in listening.took] == ["video.failed"]
    assert listening.took[0]["data"]["id"] == job.short_id
    assert listening.verdicts == [Signed(f"reelbot_{job.id}_2")]


async def test_a_program_that_does_not_take_it_is_asked_again_with_the_same_id(
    service: CallbackService, listening: Program, jobs: SqlJobStore, clock: FakeClock
) -> None:
    listening.statuses = [500, 302, 404]
    await fail(jobs)
    for wait in (0, 5, 30, 120):
        clock.advance(wait - 0.001 if wait else 0)
        await service.send_due()
        clock.advance(0.001)
        await service.send_due()
    assert len(listening.took) == 4
    assert len(set(listening.deliveries)) == 1
    assert listening.verdicts == [Signed(listening.deliveries[0])] * 4
    clock.advance(3600)
    await service.send_due()
    assert len(listening.took) == 4


async def test_one_end_that_is_refused_holds_no_other_up(
    service: CallbackService, listening: Program, jobs: SqlJobStore
) -> None:
    listening.statuses = [422]
    await fail(jobs, "1")
    await fail(jobs, "2")
    await service.send_due()
    assert {delivery.split("_")[1] for delivery in listening.deliveries} == {"1", "2"}


async def test_a_program_that_is_away_is_asked_once_for_all(
    service: CallbackService, listening: Program, way: Straight, jobs: SqlJobStore, clock: FakeClock
) -> None:
    way.away = 99
    for number in range(5):
        await fail(jobs, str(number))
    await service.send_due()
    assert way.away == 98
    way.away = 0
    clock.advance(5)
    await service.send_due()
    assert sorted(delivery.split("_")[1] for delivery in listening.deliveries) == list("01234")


async def test_a_forbidden_address_is_never_asked_and_given_up_after_a_day(
    service: CallbackService,
    listening: Program,
    way: Straight,
    jobs: SqlJobStore,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    way.forbidden = True
    await fail(jobs)
    await service.send_due()
    clock.advance(DAY / 1000 + 1)
    running = asyncio.create_task(service.run())
    try:
        async with asyncio.timeout(60):
            while "took none for a day" not in caplog.text:
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    way.forbidden = False
    await service.send_due()
    assert listening.took == []
    assert listening.url not in caplog.text


async def test_a_program_that_does_not_answer_in_time_is_asked_again_with_the_same_id(
    service: CallbackService,
    listening: Program,
    outbox: SqlCallbackStore,
    jobs: SqlJobStore,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs_callbacks, "POST_SECONDS", 0.2)
    listening.hold = asyncio.Event()
    await fail(jobs)
    await service.send_due()
    assert len(listening.took) == 1
    listening.hold.set()
    clock.advance(5)
    await service.send_due()
    assert len(listening.took) == 2
    assert len(set(listening.deliveries)) == 1


async def test_an_end_that_cannot_be_told_holds_no_other_up(
    service: CallbackService,
    listening: Program,
    jobs: SqlJobStore,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(job: Job, end: JobEnd) -> bytes:
        if job.id == "1":
            raise RuntimeError("a programming error")
        return end_body(job, end)

    monkeypatch.setattr("bot.jobs.callbacks.end_body", broken)
    await fail(jobs, "1")
    await fail(jobs, "2")
    await service.send_due()
    assert [delivery.split("_")[1] for delivery in listening.deliveries] == ["2"]
    assert "a programming error" in caplog.text
    monkeypatch.setattr("bot.jobs.callbacks.end_body", end_body)
    clock.advance(jobs_callbacks.LEASE_MS / 1000)
    await service.send_due()
    assert [delivery.split("_")[1] for delivery in listening.deliveries] == ["2", "1"]


async def test_a_restart_goes_on_where_it_was(
    service: CallbackService,
    listening: Program,
    outbox: SqlCallbackStore,
    way: Straight,
    jobs: SqlJobStore,
    clock: FakeClock,
) -> None:
    way.away = 1
    await fail(jobs, "1")
    await service.send_due()
    await fail(jobs, "2")  # ends while nobody sends
    clock.advance(3600)
    again = CallbackService(store=outbox, post=way, clock=clock)
    await again.send_due()
    assert sorted(delivery.split("_")[1] for delivery in listening.deliveries) == ["1", "2"]


async def test_a_late_commit_is_found(
    service: CallbackService, listening: Program, jobs: SqlJobStore, clock: FakeClock
) -> None:
    clock.advance(600)
    await service.send_due()
    clock.advance(-60)  # the transaction took the time a minute ago and commits only now
    await fail(jobs)
    clock.advance(60)
    await service.send_due()
    assert len(listening.took) == 1


async def test_who_switched_off_hears_nothing(
    service: CallbackService, listening: Program, way: Straight, jobs: SqlJobStore, clock: FakeClock
) -> None:
    way.away = 1
    await fail(jobs)
    await service.send_due()
    assert await service.off(GUILD)
    assert not await service.off(GUILD)
    clock.advance(3600)
    await service.send_due()
    assert listening.took == []


async def test_switched_off_in_the_last_moment(
    service: CallbackService, listening: Program, jobs: SqlJobStore, database: Database
) -> None:
    await fail(jobs)
    await SqlCallbackStore(database).collect(0)
    await database.execute("DELETE FROM callbacks")  # between the collecting and the claim
    await service.send_due()
    await service.send_due()
    assert listening.took == []


async def test_an_address_is_set_with_a_new_secret_each_time(
    service: CallbackService, outbox: SqlCallbackStore
) -> None:
    first = await service.set(GUILD, " https://example.org/hook ")
    second = await service.set(GUILD, "https://example.org/hook")
    assert first != second
    assert await outbox.get(GUILD) == Callback(guild_id=GUILD, url="https://example.org/hook", secret=second)
    assert len(WebhookSecret.parse(second).key) == 32
    with pytest.raises(ValueError, match="not-https") as caught:
        await service.set(GUILD, "http://example.org/hook")
    assert caught.value.args == (AddressFlaw.NOT_HTTPS,)


@pytest.mark.parametrize(
    ("status", "away", "forbidden", "outcome"),
    [
        (200, 0, False, (Answer.TAKEN, 200)),
        (500, 0, False, (Answer.REFUSED, 500)),
        (302, 0, False, (Answer.REFUSED, 302)),
        (200, 1, False, (Answer.SILENT, 0)),
        (200, 0, True, (Answer.FORBIDDEN, 0)),
    ],
)
async def test_a_test_says_what_came_of_it(
    service: CallbackService,
    listening: Program,
    way: Straight,
    status: int,
    away: int,
    forbidden: bool,
    outcome: tuple[Answer, int],
) -> None:
    listening.statuses, way.away, way.forbidden = [status], away, forbidden
    assert await service.test(GUILD) == outcome
    assert [told["type"] for told in listening.took] == (["callback.test"] if outcome[1] else [])


async def test_without_an_address_there_is_nothing_to_test(service: CallbackService) -> None:
    assert await service.test(GUILD) is None


class Faltering(SqlCallbackStore):
    """An outbox whose first few looks fail."""

    def __init__(self, database: Database, times: int, error: Exception) -> None:
        super().__init__(database)
        self.times = times
        self.error = error

    async def collect(self, since: int) -> int:
        if self.times:
            self.times -= 1
            raise self.error
        return await super().collect(since)


@pytest.mark.parametrize(
    ("error", "line", "lines"),
    [
        (DatabaseUnavailable("gone"), "callbacks wait for the database", 1),
        (RuntimeError("a programming error"), "callbacks failed unexpectedly", 3),
    ],
)
async def test_after_trouble_it_goes_on(
    error: Exception,
    line: str,
    lines: int,
    database: Database,
    listening: Program,
    way: Straight,
    jobs: SqlJobStore,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="bot.jobs.callbacks")
    await fail(jobs)
    running = asyncio.create_task(
        CallbackService(store=Faltering(database, 3, error), post=way, clock=clock).run()
    )
    try:
        async with asyncio.timeout(60):
            while not listening.took:
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert caplog.text.count(line) == lines
