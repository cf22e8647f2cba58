"""The wall clock is set while jobs run: they neither stall nor lose more than the step."""

import random

import pytest

from bot.domain.errors import Unavailable
from bot.domain.remote import RemoteStatus, SubmitSafety
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Retry, Wait
from tests.factories import NOW, make_job, make_remote
from tests.fakes import FakeProvider
from tests.jobs.conftest import World

S = JobState
HOUR = 3_600_000


def test_an_intent_from_the_future_is_waited_for_from_now_on() -> None:
    """How long ago it was written nobody knows; a minute later nothing can be in flight in any case."""
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW + 5 * HOUR)
    outcome = decide.before_submit(job, SubmitSafety.LIST, NOW)
    assert isinstance(outcome, Advance)
    assert (outcome.to, outcome.changes) == (S.SUBMITTING, {"submit_intent_at": NOW})
    later = make_job(state=S.SUBMITTING, submit_intent_at=NOW)
    assert decide.before_submit(later, SubmitSafety.LIST, NOW) == Retry(60)
    assert decide.before_submit(later, SubmitSafety.LIST, NOW + 60_000) is None


async def test_an_unclear_submit_is_cleared_up_though_the_clock_was_set_back(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.LIST)
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW + 5 * HOUR, due_at=NOW + 5 * HOUR)
    await world.store.add(job)
    world.provider._create(job.request, job.id)
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.provider.submits == [], "found in the list"
    assert world.clock.now() - NOW < HOUR


@pytest.mark.parametrize("step", [-5 * HOUR, 5 * HOUR], ids=["back", "forward"])
async def test_a_step_in_the_middle_of_a_render_costs_nothing(step: int, world: World) -> None:
    """A finished render is taken whatever the clock says; waits count real time, not the wall clock's."""
    await world.store.add(make_job())

    def set_clock() -> None:
        world.clock.advance(step / 1000)

    world.provider.submit_script = [set_clock]
    world.provider.download_script = [Unavailable("down")] * 3
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.provider.submits == ["1001"]


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        pytest.param(-5 * HOUR, False, id="back: it is waited for as much longer"),
        pytest.param(HOUR, False, id="forward, before the deadline"),
        pytest.param(HOUR + 1, True, id="forward, past the deadline"),
    ],
)
def test_a_deadline_moves_by_the_step_and_no_more(step: int, ends: bool) -> None:
    job = make_job(state=S.RENDERING, deadline_at=NOW + HOUR)
    outcome = decide.after_poll(job, make_remote(status=RemoteStatus.RUNNING), 1.0, NOW + step)
    assert isinstance(outcome, Advance if ends else Wait)


def test_no_wait_is_longer_than_the_hour_that_a_due_time_may_lie_ahead() -> None:
    waits = [decide.backoff(attempt, random.Random(1)) for attempt in range(100)]
    assert max(waits) <= decide.LONGEST_WAIT
