"""A cancel at each moment of a job: nothing is bought after it, and the end says what it cost."""

import asyncio
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.errors import OutcomeUnknown, TooLate, Unavailable
from bot.domain.job import Job, JobId
from bot.domain.remote import SubmitSafety
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.runner import Runner
from tests.factories import make_job
from tests.fakes import FakeProvider
from tests.jobs.conftest import World, eventually
from tests.jobs.test_service import Engine, service_of

S = JobState
AUTHOR = Actor(user_id=42, guild_id=100)


class Stubborn(FakeProvider):
    """A video API that cannot stop a render, or does not answer when it is asked to."""

    def __init__(self, *answers: bool | Exception) -> None:
        super().__init__()
        self.hold = asyncio.Event()
        self._answers = list(answers)

    async def cancel(self, remote_id: str) -> bool:
        self.cancelled.append(remote_id)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def cancelled_while_rendering(world: World) -> Job:
    await world.store.add(make_job())
    async with world.running() as runner:
        await world.until("1001", S.RENDERING)
        await cancel(world, runner)
        return await world.until("1001", S.CANCELLED, closed=True)


async def cancel(world: World, runner: Runner) -> None:
    flagged = await world.store.request_cancel(JobId("1001"))
    assert flagged is not None
    runner.cancel(flagged.id)


@pytest.mark.parametrize(
    ("answers", "code", "asked"),
    [
        ((True,), Code.CANCELLED_STOPPED, 1),
        ((False,), Code.CANCELLED_RUNNING, 1),
        ((Unavailable("503"), True), Code.CANCELLED_STOPPED, 2),
        ((Unavailable("503"),), Code.CANCELLED_RUNNING, 3),
    ],
    ids=["stops", "cannot stop", "stops at the second time", "never answers"],
)
async def test_the_end_says_whether_the_service_could_stop_it(
    world: World, answers: tuple[bool | Exception, ...], code: Code, asked: int
) -> None:
    provider = Stubborn(*answers)
    world.provider = provider
    job = await cancelled_while_rendering(world)
    assert job.failure is not None
    assert job.failure.code is code
    assert len(provider.cancelled) == asked


async def test_an_order_that_never_arrived_is_not_sent_again_after_a_cancel(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.LIST)
    world.provider.submit_script = [OutcomeUnknown("cut")]
    await world.store.add(make_job())
    async with world.running() as runner:

        async def flag(*_: Any) -> None:
            await cancel(world, runner)

        world.provider.before_find = flag
        job = await world.until("1001", S.CANCELLED, closed=True)
    assert world.provider.created == {}
    assert len(world.provider.submits) == 1
    assert job.failure is None, "nothing was paid"


async def test_an_order_that_arrived_is_adopted_and_stopped_after_a_cancel(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.LIST)
    world.provider.hold = asyncio.Event()
    world.provider.lose_reply = True
    world.provider.submit_script = [OutcomeUnknown("cut")]
    await world.store.add(make_job())
    async with world.running() as runner:

        async def sent() -> bool | None:
            return bool(world.provider.submits) or None

        await eventually(sent)
        await cancel(world, runner)
        job = await world.until("1001", S.CANCELLED, closed=True)
    assert world.provider.cancelled == [job.remote_id]
    assert len(world.provider.submits) == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (S.UNSURE, Code.AWAITS_DECISION),
        (S.FETCHING, Code.ON_ITS_WAY),
        (S.FITTING, Code.ON_ITS_WAY),
        (S.DELIVERING, Code.ON_ITS_WAY),
        (S.DELIVERED, Code.TOO_LATE),
        (S.FAILED, Code.TOO_LATE),
        (S.CANCELLED, Code.TOO_LATE),
    ],
)
async def test_too_late_says_what_becomes_of_it(world: World, state: JobState, code: Code) -> None:
    job = await world.store.add(make_job(state=state))
    with pytest.raises(TooLate) as caught:
        await service_of(world, Engine()).cancel(job.short_id, AUTHOR)
    assert caught.value.code is code
    assert await world.store.get(job.id) == job
