"""What people decide about jobs: who may, once, and never at the price of a second render."""

import asyncio
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.errors import JobNotFound, NotYourJob, OutcomeUnknown, TooLate, UserError
from bot.domain.job import Failure, Job, JobId
from bot.domain.remote import SubmitSafety
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.decisions import Decisions
from bot.jobs.runner import Runner
from tests.factories import NOW, make_job, make_place, make_request
from tests.fakes import FakeCatalog, FakeProvider
from tests.jobs.conftest import World

S = JobState
AUTHOR = Actor(user_id=42, guild_id=100)
STRANGER = Actor(user_id=7, guild_id=100)
MODERATOR = Actor(user_id=7, guild_id=100, moderator=True)
MANAGER = Actor(user_id=8, guild_id=100, manager=True)
OWNER = Actor(user_id=9, guild_id=100, owner=True)
ELSEWHERE = Actor(user_id=8, guild_id=5, manager=True, moderator=True)


class IdleEngine:
    """Remembers what it was told and runs nothing."""

    def __init__(self) -> None:
        self.woken = 0
        self.over: list[Job] = []

    def wake(self) -> None:
        self.woken += 1

    def cancel(self, job_id: JobId) -> None: ...

    def ended(self, job: Job) -> None:
        self.over.append(job)


def decisions_of(world: World, engine: IdleEngine | Runner) -> Decisions:
    return Decisions(
        store=world.store,
        catalog=FakeCatalog(world.provider),
        workspace=world.workspace,
        engine=engine,
        clock=world.clock,
    )


async def unsure(world: World, **changes: Any) -> Job:
    row = {"submit_intent_at": NOW, "failure": Failure(code=Code.CHARGE_UNKNOWN), "status_closed": True}
    return await world.store.add(make_job(**({"state": S.UNSURE} | row | changes)))


async def paid_and_failed(world: World, code: Code, **changes: Any) -> Job:
    row = {"remote_id": "video_9", "submit_intent_at": NOW, "finished_at": NOW, "status_closed": True}
    return await world.store.add(make_job(state=S.FAILED, failure=Failure(code=code), **(row | changes)))


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (MANAGER, None),
        (OWNER, None),
        (AUTHOR, NotYourJob),
        (MODERATOR, NotYourJob),
        (ELSEWHERE, JobNotFound),
        (Actor(user_id=42, guild_id=5, manager=True), NotYourJob),
    ],
    ids=["manager", "owner", "author", "moderator", "elsewhere", "author who manages another server"],
)
@pytest.mark.parametrize("verb", ["try_again", "give_up"])
async def test_who_decides_about_money(
    world: World, actor: Actor, refusal: type[Exception] | None, verb: str
) -> None:
    engine = IdleEngine()
    job = await unsure(world)
    act = getattr(decisions_of(world, engine), verb)
    if refusal is not None:
        with pytest.raises(refusal):
            await act(job.short_id, actor)
        assert await world.store.get(job.id) == job
        return
    decided = await act(job.short_id.lower(), actor)
    assert decided.state is (S.QUEUED if verb == "try_again" else S.FAILED)
    assert not decided.status_closed
    [*_, last] = await world.store.history(job.id)
    assert str(actor.user_id) in last.note
    assert (engine.woken, len(engine.over)) == ((1, 0) if verb == "try_again" else (0, 1))


async def test_of_many_who_press_at_once_one_decides(world: World) -> None:
    job = await unsure(world)
    decisions = decisions_of(world, IdleEngine())
    presses = [decisions.try_again(job.short_id, MANAGER) for _ in range(4)]
    presses += [decisions.give_up(job.short_id, OWNER) for _ in range(4)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    late = [result for result in results if isinstance(result, TooLate)]
    assert len(late) == 7
    assert {error.code for error in late} == {Code.DECIDED}


async def test_trying_again_orders_once_more_and_delivers(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.NONE)
    world.provider.submit_script = [OutcomeUnknown("cut")]
    await world.store.add(make_job())
    async with world.running() as runner:
        job = await world.until("1001", S.UNSURE, closed=True)
        await decisions_of(world, runner).try_again(job.short_id, MANAGER)
        await world.until("1001", S.DELIVERED, closed=True)
    assert world.provider.submits == ["1001", "1001"]


@pytest.mark.parametrize(
    ("code", "state"),
    [(Code.RESULT_UNREADABLE, S.FETCHING), (Code.DEADLINE, S.RENDERING), (Code.INTERNAL, S.FETCHING)],
)
async def test_a_retry_goes_on_where_it_failed_and_buys_nothing(
    world: World, code: Code, state: JobState
) -> None:
    job = await paid_and_failed(world, code, deadline_at=NOW - 1)
    async with world.running() as runner:
        await decisions_of(world, runner).retry(job.short_id, AUTHOR)
        await world.until("1001", S.DELIVERED, closed=True)
    states = [event.to_state for event in await world.store.history(job.id)]
    assert states[1] is state
    assert S.SUBMITTING not in states
    assert world.provider.submits == []


async def test_a_kept_file_is_posted_without_a_download(world: World) -> None:
    job = make_job()
    name = world.workspace.new_name(job, "original")
    world.workspace.path(name).write_bytes(b"kept")
    await paid_and_failed(world, Code.DELIVERY_FORBIDDEN, result_file=name, result_bytes=4)
    async with world.running() as runner:
        await decisions_of(world, runner).retry(job.short_id, MODERATOR)
        await world.until("1001", S.DELIVERED, closed=True)
    assert world.provider.downloads == 0
    assert world.announcer.posted_files == [world.workspace.path(name)]


@pytest.mark.parametrize(
    ("job", "actor", "refusal", "code"),
    [
        ({"remote_id": "v"}, STRANGER, NotYourJob, Code.NOT_YOURS),
        ({"remote_id": "v"}, ELSEWHERE, JobNotFound, Code.JOB_UNKNOWN),
        ({}, AUTHOR, TooLate, Code.NOTHING_TO_RETRY),
        ({"state": S.FETCHING, "remote_id": "v"}, AUTHOR, TooLate, Code.DECIDED),
    ],
    ids=["stranger", "elsewhere", "nothing was paid", "it runs already"],
)
async def test_what_cannot_be_retried_is_told(
    world: World, job: dict[str, Any], actor: Actor, refusal: type[UserError], code: Code
) -> None:
    row = await world.store.add(
        make_job(**({"state": S.FAILED, "failure": Failure(code=Code.RESULT_UNREADABLE)} | job))
    )
    with pytest.raises(refusal) as caught:
        await decisions_of(world, IdleEngine()).retry(row.short_id, actor)
    assert caught.value.code is code


async def test_of_two_retries_one_counts(world: World) -> None:
    job = await paid_and_failed(world, Code.RESULT_UNREADABLE)
    decisions = decisions_of(world, IdleEngine())
    results = await asyncio.gather(
        *(decisions.retry(job.short_id, AUTHOR) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(result, Job) for result in results) == 1
    assert sum(isinstance(result, TooLate) for result in results) == 4


async def test_a_deleted_video_leaves_its_row(world: World) -> None:
    files = ["originals/a-1.mp4", "fitted/a-1.mp4", "pictures/1001.jpg"]
    for name in files:
        world.workspace.path(name).write_bytes(b"x")
    job = await world.store.add(
        make_job(
            state=S.DELIVERED,
            remote_id="v",
            result_message_id=77,
            result_file=files[0],
            fitted_file=files[1],
            request=make_request(picture=files[2]),
        )
    )
    decisions = decisions_of(world, IdleEngine())
    with pytest.raises(NotYourJob):
        await decisions.to_delete(job.short_id, STRANGER)
    checked = await decisions.to_delete(job.short_id, AUTHOR)
    deleted = await decisions.deleted(checked, AUTHOR)
    assert (deleted.state, deleted.remote_id, deleted.result_message_id) == (S.DELIVERED, "v", None)
    assert not [name for name in files if world.workspace.path(name).exists()]
    assert await world.store.by_result_message(77) is None
    with pytest.raises(TooLate) as again:
        await decisions.to_delete(job.short_id, AUTHOR)
    assert again.value.code is Code.DECIDED
    with pytest.raises(TooLate):
        await decisions.deleted(checked, AUTHOR)


async def test_what_is_still_made_cannot_be_deleted(world: World) -> None:
    job = await world.store.add(make_job(state=S.RENDERING, place=make_place()))
    with pytest.raises(TooLate) as caught:
        await decisions_of(world, IdleEngine()).to_delete(job.short_id, AUTHOR)
    assert caught.value.code is Code.NOT_ENDED
