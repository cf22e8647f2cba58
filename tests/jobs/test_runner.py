import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    ContentRejected,
    NotAVideo,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    TryLater,
    Unavailable,
)
from bot.domain.job import Job, JobId
from bot.domain.progress import Progress
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.states import JobState
from tests.factories import NOW, make_job, make_remote, make_request
from tests.fakes import FakeClock, FakeProvider
from tests.jobs.conftest import World, eventually

S = JobState


async def test_a_job_goes_from_the_queue_to_the_channel(world: World) -> None:
    await world.store.add(make_job())
    world.provider.poll_script = [make_remote(status=RemoteStatus.QUEUED), make_remote(progress=40)]
    async with world.running():
        job = await world.until("1001", S.DELIVERED, closed=True)
    assert world.provider.submits == ["1001"]
    assert job.result_message_id == world.announcer.posts["1001"]
    assert world.announcer.closed == [("1001", S.DELIVERED)]
    assert world.announcer.rated == ["1001"]
    assert world.announcer.posted_files[0].read_bytes() == world.provider.content
    states = [event.to_state for event in await world.store.history(job.id)]
    assert states == [
        S.QUEUED,
        S.SUBMITTING,
        S.RENDERING,
        S.FETCHING,
        S.FITTING,
        S.DELIVERING,
        S.DELIVERED,
    ]
    assert 40 in [progress.percent for _, progress in world.announcer.shown]


async def test_the_provider_is_never_given_more_than_its_slots(world: World) -> None:
    world.provider.hold = asyncio.Event()
    for number in range(6):
        await world.store.add(make_job(id=str(number), user_id=number))
    async with world.running() as runner:
        await eventually(_when(lambda: len(world.provider.submits) >= 2))
        for _ in range(5):
            runner.wake()
            await asyncio.sleep(0.02)
        assert len(world.provider.submits) == 2
        world.provider.hold.set()
        for number in range(6):
            await world.until(str(number), S.DELIVERED)


async def test_in_a_crowd_each_render_is_asked_about_less_often(world: World) -> None:
    world.provider = FakeProvider(slots=100, pace=PollPace(first=0.5, longest=0.5))
    for number in range(100):
        await world.store.add(make_job(id=str(number), user_id=number))
    async with world.running():
        for number in range(100):
            await world.until(str(number), S.DELIVERED)
        crowded, world.clock.slept = world.clock.slept, []
        await world.store.add(make_job(id="alone"))
        await world.until("alone", S.DELIVERED)
    assert max(crowded) >= 1.8
    assert max(world.clock.slept) <= 0.55


async def test_a_killed_process_goes_on_without_buying_again(world: World) -> None:
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.RENDERING)
    world.provider.hold.set()
    world.clock.advance(2)  # nobody sleeps in this process, so no time would pass
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.provider.submits == ["1001"]
    assert len(world.announcer.posts) == 1


@pytest.mark.parametrize(
    ("safety", "created", "ends"),
    [
        pytest.param(SubmitSafety.KEY, True, S.DELIVERED, id="key, bought: the same render again"),
        pytest.param(SubmitSafety.KEY, False, S.DELIVERED, id="key, not bought: bought now"),
        pytest.param(SubmitSafety.LIST, True, S.DELIVERED, id="list, bought: adopted"),
        pytest.param(SubmitSafety.LIST, False, S.DELIVERED, id="list, not bought: bought now"),
        pytest.param(SubmitSafety.NONE, True, S.UNSURE, id="none, bought: a person decides"),
        pytest.param(SubmitSafety.NONE, False, S.UNSURE, id="none, not bought: a person decides"),
    ],
)
async def test_a_lost_reply_never_buys_twice(
    world: World, safety: SubmitSafety, created: bool, ends: JobState
) -> None:
    world.provider = FakeProvider(safety=safety)
    world.provider.lose_reply = created
    world.provider.submit_script = [OutcomeUnknown("cut")]
    await world.store.add(make_job())
    async with world.running():
        job = await world.until("1001", ends, closed=True)
    assert len(world.provider.created) == int(created or ends is S.DELIVERED)
    if ends is S.UNSURE:
        assert job.failure is not None
        assert job.failure.code is Code.CHARGE_UNKNOWN
        assert world.announcer.closed == [("1001", S.UNSURE)]


async def test_a_process_that_died_during_the_submit_does_not_send_again_without_a_key(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.NONE)
    queued = await world.store.add(make_job())
    assert queued.state is S.QUEUED
    hanging = asyncio.Event()

    async def hang() -> None:
        hanging.set()
        await asyncio.Event().wait()

    original = world.provider.submit

    async def submit_and_hang(*args: Any, **kwargs: Any) -> Any:
        await original(*args, **kwargs)
        await hang()

    world.provider.submit = submit_and_hang  # type: ignore[method-assign]
    async with world.running():
        await asyncio.wait_for(hanging.wait(), 60)
    world.provider.submit = original  # type: ignore[method-assign]
    async with world.running():
        await world.until("1001", S.UNSURE)
    assert world.provider.submits == ["1001"]


async def test_an_unsure_job_keeps_its_slot(world: World) -> None:
    world.provider = FakeProvider(safety=SubmitSafety.NONE, slots=1)
    world.provider.submit_script = [OutcomeUnknown("cut")]
    await world.store.add(make_job(id="1"))
    async with world.running() as runner:
        await world.until("1", S.UNSURE)
        await world.store.add(make_job(id="2", user_id=7))
        for _ in range(5):
            runner.wake()
            await asyncio.sleep(0.02)
        job = await world.store.get(JobId("2"))
    assert job is not None
    assert job.state is S.QUEUED


@pytest.mark.parametrize("error", [NotSent("down"), RateLimited("full", retry_after=5)], ids=str)
async def test_a_provider_that_is_down_or_full_is_tried_again(world: World, error: Exception) -> None:
    world.provider.submit_script = [error, error]
    await world.store.add(make_job())
    async with world.running():
        await eventually(_when(lambda: len(world.provider.submits) >= 1))
        while len(world.provider.submits) < 3:
            world.clock.advance(61)
            await asyncio.sleep(0.02)
        await world.until("1001", S.DELIVERED)
    assert len(world.provider.created) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ContentRejected("no"), Code.PROVIDER_MODERATED),
        (AuthFailed("no"), Code.PROVIDER_AUTH),
    ],
    ids=str,
)
async def test_a_refusal_ends_the_job_with_its_reason(world: World, error: Exception, code: Code) -> None:
    world.provider.submit_script = [error]
    await world.store.add(make_job())
    async with world.running():
        job = await world.until("1001", S.FAILED, closed=True)
    assert job.failure is not None
    assert job.failure.code is code


async def test_a_broken_download_is_fetched_again_not_rendered_again(world: World) -> None:
    world.provider.download_script = [Unavailable("reset"), Unavailable("reset")]
    world.media.video_script = [NotAVideo("short")]
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.provider.downloads == 4
    assert world.provider.submits == ["1001"]


async def test_discord_that_is_away_only_delays_the_post(world: World) -> None:
    world.announcer.deliver_script = [TryLater("503"), TryLater("reset", retry_after=30)]
    world.announcer.close_script = [TryLater("503")]
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.DELIVERED, closed=True)
    assert len(world.announcer.posts) == 1


async def test_a_post_found_in_the_channel_is_not_repeated(world: World) -> None:
    world.announcer.deliver_script = [TryLater("reply lost")]
    world.announcer.in_history["1001"] = 555
    await world.store.add(make_job())
    async with world.running():
        job = await world.until("1001", S.DELIVERED)
    assert job.result_message_id == 555
    assert world.announcer.posts == {}


@pytest.mark.parametrize("loss", ["gone", "cut short"])
async def test_a_kept_file_that_is_lost_is_fetched_again_not_rendered_again(world: World, loss: str) -> None:
    name = world.workspace.new_name(make_job(), "original")
    if loss == "cut short":
        world.workspace.path(name).write_bytes(b"half")
        world.media.video_script = [NotAVideo("cut short")]
    await world.store.add(
        make_job(
            state=S.DELIVERING,
            remote_id="video_1",
            result_file=name,
            result_bytes=16,
            post_intent_at=make_job().created_at,
        )
    )
    async with world.running():
        await world.until("1001", S.DELIVERED, closed=True)
    assert world.provider.submits == []
    assert world.provider.downloads == 1
    assert len(world.announcer.posts) == 1


async def test_cancel_while_rendering_tells_the_provider(world: World) -> None:
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running() as runner:
        await world.until("1001", S.RENDERING)
        await world.store.request_cancel(JobId("1001"))
        runner.cancel(JobId("1001"))
        await world.until("1001", S.CANCELLED, closed=True)
    assert world.provider.cancelled == ["video_1"]


async def test_a_cancel_before_a_kill_is_honoured_after_it(world: World) -> None:
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.RENDERING)
    await world.store.request_cancel(JobId("1001"))
    async with world.running():
        await world.until("1001", S.CANCELLED, closed=True)
    assert world.provider.cancelled == ["video_1"]


async def test_an_end_that_a_killed_process_did_not_show_is_shown_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.announcer.close_script = [TryLater("away")]
    await world.store.add(make_job(state=S.DELIVERED, result_message_id=9))
    with monkeypatch.context() as patched:
        patched.setattr(world.clock, "sleep", hang)  # Discord stays away until the kill
        async with world.running():
            await eventually(_when(lambda: not world.announcer.close_script))
    assert world.announcer.closed == []
    async with world.running():
        await world.until("1001", S.DELIVERED, closed=True)
    assert world.announcer.closed == [("1001", S.DELIVERED)]


async def test_an_end_is_shown_when_discord_is_back_however_late(world: World) -> None:
    world.announcer.close_script = [TryLater("away")] * 50
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.DELIVERED, closed=True)
    assert world.announcer.closed == [("1001", S.DELIVERED)]


async def test_a_job_cancelled_in_line_is_closed_once(world: World) -> None:
    world.provider = FakeProvider(slots=0)
    await world.store.add(make_job())
    async with world.running() as runner:
        cancelled = await world.store.request_cancel(JobId("1001"))
        assert cancelled is not None
        runner.ended(cancelled)
        await world.until("1001", S.CANCELLED, closed=True)
        for _ in range(5):
            runner.wake()
            await asyncio.sleep(0.02)
    assert world.announcer.closed == [("1001", S.CANCELLED)]


async def test_a_lost_lease_stops_the_drivers_and_a_new_one_goes_on(world: World) -> None:
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running(lease_seconds=0.3, exclusive=False) as runner:
        await world.until("1001", S.RENDERING)
        first = runner.worker
        world.beats_fail = True
        await eventually(_when(lambda: not runner.running))
        assert not runner.lease_is_good()
        world.beats_fail = False
        await eventually(_when(lambda: "1001" in runner.running))
        assert runner.worker != first
        world.provider.hold.set()
        await world.until("1001", S.DELIVERED)
    assert world.provider.submits == ["1001"]


async def test_stopping_finishes_what_runs_and_leaves_the_rest(world: World) -> None:
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running() as runner:
        await world.until("1001", S.RENDERING)
        await asyncio.wait_for(runner.stop(), 60)
        assert runner.running == frozenset()
        await world.store.add(make_job(id="2", user_id=7))
        await asyncio.sleep(0.1)
        assert world.provider.submits == ["1001"]
    waiting = await world.store.get(JobId("2"))
    assert waiting is not None
    assert waiting.state is S.QUEUED


async def test_the_line_is_shown_in_its_order_and_with_its_waits(world: World) -> None:
    world.provider = FakeProvider(slots=1)
    world.provider.hold = asyncio.Event()
    now = make_job().created_at
    for number in range(3):
        done = now - 1000 * number
        await world.store.add(
            make_job(id=f"d{number}", state=S.DELIVERED, started_at=done - 60_000, finished_at=done)
        )
        await world.store.add(make_job(id=str(number), user_id=number, created_at=now + number))
    async with world.running():
        await world.until("0", S.RENDERING)
        await eventually(_when(lambda: len(in_line(world)) >= 2))
    first, second = in_line(world)[:2]
    assert (first.place, second.place) == (1, 2)
    assert first.wait == pytest.approx(60_000, abs=10_000)
    assert second.wait == pytest.approx(120_000, abs=10_000)


async def test_who_waits_for_a_video_api_that_is_gone_is_told(world: World) -> None:
    await world.store.add(make_job(provider="gone"))
    async with world.running():
        await eventually(_when(lambda: bool(in_line(world))))
    assert in_line(world)[0].reason is Code.MODEL_UNKNOWN
    assert world.provider.submits == []


async def test_the_line_moves_when_one_of_it_is_cancelled(world: World) -> None:
    world.provider = FakeProvider(slots=0)
    for number in range(2):
        await world.store.add(make_job(id=str(number), created_at=make_job().created_at + number))
    async with world.running() as runner:
        await eventually(_when(lambda: [p.place for p in in_line(world)] == [1, 2]))
        cancelled = await world.store.request_cancel(JobId("0"))
        assert cancelled is not None
        runner.ended(cancelled)
        await eventually(_when(lambda: [p.place for p in in_line(world)] == [1, 2, 1]))


def in_line(world: World) -> list[Progress]:
    """Return what was shown to those who wait."""
    return [progress for state, progress in world.announcer.shown if state is S.QUEUED]


async def test_a_picture_goes_with_a_cancel_and_else_stays_for_another_try(world: World) -> None:
    world.provider.hold = asyncio.Event()
    names = {key: await world.workspace.keep_picture(JobId(key), b"jpeg") for key in ("1", "2")}
    for key, name in names.items():
        await world.store.add(make_job(id=key, request=make_request(picture=name)))
    async with world.running() as runner:
        await world.until("1", S.RENDERING)
        await world.store.request_cancel(JobId("1"))
        runner.cancel(JobId("1"))
        await world.until("1", S.CANCELLED, closed=True)
        await eventually(_when(lambda: not world.workspace.path(names["1"]).exists()))
        world.provider.hold.set()
        await world.until("2", S.DELIVERED, closed=True)
    assert world.workspace.path(names["2"]).exists()


async def hang(_seconds: float) -> None:
    await asyncio.Event().wait()


def _when(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool | None]]:
    async def look() -> bool | None:
        return condition() or None

    return look


async def test_a_render_is_not_asked_about_in_the_moment_of_its_order(world: World) -> None:
    world.provider = FakeProvider(pace=PollPace(first=30, longest=60, deadline=600))
    polled: list[tuple[int, int]] = []
    asked = world.provider.poll

    async def poll(remote_id: str) -> RemoteVideo:
        now, job = world.clock.now(), await world.store.get(JobId("1001"))
        assert job is not None
        polled.append((now, job.due_at))
        return await asked(remote_id)

    world.provider.poll = poll  # type: ignore[method-assign]
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.DELIVERED)
    [(at, due_at)] = polled
    assert 27_000 <= due_at - NOW <= 33_000, "the row says it, too"
    assert abs(at - due_at) < 1000


@pytest.mark.parametrize("ends", ["cancelled", "stopped"])
async def test_the_wait_for_the_first_poll_holds_up_neither_a_cancel_nor_a_stop(
    world: World, ends: str
) -> None:
    world.provider = FakeProvider(pace=PollPace(first=100, longest=100, deadline=600))
    world.clock = StillClock()
    await world.store.add(make_job())
    async with world.running() as runner:
        await world.until("1001", S.RENDERING)
        if ends == "cancelled":
            assert await world.store.request_cancel(JobId("1001"))
            runner.cancel(JobId("1001"))
            await world.until("1001", S.CANCELLED, closed=True)
        else:
            await runner.stop()
            assert not runner.running
    assert world.provider.cancelled == (["video_1"] if ends == "cancelled" else [])


async def test_an_order_that_has_to_wait_leaves_its_driver_at_once(world: World) -> None:
    """Back in the queue it is nobody's; a driver that waited for its time would hold on to it."""
    world.provider.submit_script = [NotSent("refused")]
    world.clock = StillClock()
    await world.store.add(make_job())
    async with world.running() as runner:
        job = await eventually(_requeued(world))
        await eventually(_when(lambda: not runner.running))
    assert job.due_at > world.clock.now()


class StillClock(FakeClock):
    """Time stands still: whoever waits for it waits until something else happens."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.Event().wait()


def _requeued(world: World) -> Callable[[], Awaitable[Job | None]]:
    async def look() -> Job | None:
        job = await world.store.get(JobId("1001"))
        return job if job is not None and job.state is S.QUEUED and job.attempt else None

    return look
