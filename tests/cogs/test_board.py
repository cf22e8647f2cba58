import asyncio
from dataclasses import replace

import pytest

from bot.clock import SystemClock
from bot.domain.errors import Forbidden, Gone, TextRefused, TryLater
from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.domain.states import JobState
from cogs.board import EDITS_A_SECOND, StatusBoard
from tests.factories import make_job

S = JobState


class Channel:
    """Takes edits as a message would, and remembers them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.script: list[Exception] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.gate: asyncio.Event | None = None

    async def edit(self, job: Job, text: str) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.script:
                raise self.script.pop(0)
            self.texts.append(text)
        finally:
            self.in_flight -= 1


def render(job: Job, progress: Progress, *, prompt: bool = True) -> str:
    return f"{job.state} {progress.percent}" + ("" if prompt else " without the prompt")


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def board(channel: Channel) -> StatusBoard:
    return StatusBoard(
        edit=channel.edit,
        render=render,
        clock=SystemClock(),
        pace=lambda _age, _busy: 0.01,
        stage_seconds=0.005,
        settle_seconds=0.0,
    )


async def settled(board: StatusBoard) -> None:
    async with asyncio.timeout(60):
        while tasks := [e.task for e in board._entries.values() if e.task and not e.task.done()]:
            await asyncio.gather(*tasks)


async def test_only_the_latest_text_is_shown(board: StatusBoard, channel: Channel) -> None:
    job = make_job(state=S.RENDERING)
    for percent in range(50):
        board.show(job, Progress(percent=percent))
    await settled(board)
    assert channel.texts == ["rendering 49"]


async def test_one_edit_is_in_flight_and_the_newest_follows(board: StatusBoard, channel: Channel) -> None:
    channel.gate = asyncio.Event()
    job = make_job(state=S.RENDERING)
    board.show(job, Progress(percent=1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for percent in range(2, 10):
        board.show(job, Progress(percent=percent))
    channel.gate.set()
    await settled(board)
    assert channel.most_in_flight == 1
    assert channel.texts == ["rendering 1", "rendering 9"]


async def test_the_same_text_is_not_sent_twice(board: StatusBoard, channel: Channel) -> None:
    job = make_job(state=S.RENDERING)
    for _ in range(3):
        board.show(job, Progress(percent=5))
        await settled(board)
    assert channel.texts == ["rendering 5"]


async def test_a_message_that_is_gone_is_left_alone(board: StatusBoard, channel: Channel) -> None:
    channel.script = [Gone("10008")]
    job = make_job(state=S.RENDERING)
    board.show(job, Progress(percent=5))
    await settled(board)
    board.show(job, Progress(percent=6))
    await settled(board)
    assert channel.texts == []


async def test_discord_away_is_waited_for(board: StatusBoard, channel: Channel) -> None:
    channel.script = [TryLater("503", retry_after=0.01)]
    board.show(make_job(state=S.RENDERING), Progress(percent=5))
    await settled(board)
    assert channel.texts == ["rendering 5"]


async def test_words_that_are_refused_are_left_out_from_then_on(board: StatusBoard, channel: Channel) -> None:
    channel.script = [TextRefused("200000")]
    board.show(make_job(state=S.RENDERING), Progress(percent=5))
    await settled(board)
    board.show(make_job(state=S.RENDERING), Progress(percent=6))
    await settled(board)
    await board.close(make_job(state=S.DELIVERED))
    assert channel.texts == [
        "rendering 5 without the prompt",
        "rendering 6 without the prompt",
        "delivered None without the prompt",
    ]


async def test_a_first_text_that_is_refused_is_written_without_the_prompt(
    board: StatusBoard, channel: Channel
) -> None:
    first: list[str] = []

    async def answer(text: str) -> None:
        first.append(text)
        if len(first) == 1:
            raise TextRefused("200000")

    await board.open(make_job(), Progress(), answer)
    assert first == ["queued None", "queued None without the prompt"]


async def test_the_end_does_not_wait_for_its_turn(board: StatusBoard, channel: Channel) -> None:
    board.show(make_job(state=S.RENDERING), Progress(percent=5))
    await settled(board)
    board.show(make_job(state=S.RENDERING), Progress(percent=6))
    await asyncio.wait_for(board.close(make_job(state=S.DELIVERED)), 60)
    assert channel.texts == ["rendering 5", "delivered None"]
    assert board._entries == {}


async def test_an_end_that_cannot_be_shown_now_is_told(board: StatusBoard, channel: Channel) -> None:
    channel.script = [TryLater("503"), Forbidden("50013")]
    job = make_job(state=S.FAILED)
    with pytest.raises(TryLater):
        await board.close(job)
    await board.close(job)
    assert channel.texts == []


async def test_the_first_text_goes_through_the_answer(board: StatusBoard, channel: Channel) -> None:
    first: list[str] = []
    started, gate = asyncio.Event(), asyncio.Event()

    async def answer(text: str) -> None:
        started.set()
        await gate.wait()
        first.append(text)

    opening = asyncio.create_task(board.open(make_job(), Progress(place=1), answer))
    await started.wait()
    board.show(make_job(state=S.RENDERING), Progress(percent=3))
    await asyncio.sleep(0.01)
    assert channel.texts == [], "nothing overtakes the first text"
    gate.set()
    await opening
    await settled(board)
    assert first == ["queued None"]
    assert channel.texts == ["rendering 3"]


async def test_stopping_ends_all_edits(board: StatusBoard, channel: Channel) -> None:
    channel.gate = asyncio.Event()
    board.show(make_job(state=S.RENDERING), Progress())
    await asyncio.sleep(0)
    await board.stop()
    assert channel.texts == []


async def test_what_is_forgotten_is_not_edited_any_more(board: StatusBoard, channel: Channel) -> None:
    job = make_job()
    board.show(job, Progress(percent=1))
    board.forget(job.id)
    board.forget(job.id)
    board.show(make_job(id="2"), Progress(percent=2))
    await settled(board)
    assert channel.texts == ["queued 2"]


async def test_an_edit_under_way_is_not_cut_off(board: StatusBoard, channel: Channel) -> None:
    """Nobody would know whether Discord has taken it."""
    channel.gate = asyncio.Event()
    job = make_job()
    board.show(job, Progress(percent=1))
    async with asyncio.timeout(60):
        while not channel.in_flight:
            await asyncio.sleep(0)
    board.show(job, Progress(percent=2))
    board.forget(job.id)
    channel.gate.set()
    async with asyncio.timeout(60):
        while channel.in_flight:
            await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert channel.texts == ["queued 1"]


async def test_the_pace_counts_the_live_messages_of_the_channel_alone(channel: Channel) -> None:
    seen: dict[int, int] = {}

    def pace(_age: int, busy: int) -> float:
        seen[busy] = seen.get(busy, 0) + 1
        return 0.0

    board = StatusBoard(
        edit=channel.edit, render=render, clock=SystemClock(), pace=pace, stage_seconds=0, settle_seconds=0
    )
    first, second, third = (make_job(id=str(number)) for number in range(3))
    elsewhere = make_job(id="3", place=replace(first.place, channel_id=first.place.channel_id + 1))
    for job in (first, first, second, third, elsewhere):
        board.show(job, Progress(percent=1))
    await settled(board)
    assert set(seen) == {3, 1}
    seen.clear()
    board.forget(first.id)
    board.forget(first.id)
    await board.close(second)
    board.show(third, Progress(percent=2))
    await settled(board)
    assert set(seen) == {1}
    await board.stop()
    assert not board._live


async def test_all_channels_together_are_edited_at_a_pace_that_leaves_room(channel: Channel) -> None:
    """One message a channel: no channel's own pace would hold these back."""
    board = StatusBoard(
        edit=channel.edit,
        render=render,
        clock=SystemClock(),
        pace=lambda _age, _busy: 0.0,
        stage_seconds=0.0,
        settle_seconds=0.0,
    )
    place, many = make_job().place, EDITS_A_SECOND // 2
    jobs = [
        make_job(id=str(number), state=S.RENDERING, place=replace(place, channel_id=number))
        for number in range(many)
    ]
    loop = asyncio.get_running_loop()
    began = loop.time()
    for percent in range(3):
        for job in jobs:
            board.show(job, Progress(percent=percent))
        await settled(board)
    assert len(channel.texts) == 3 * many
    assert loop.time() - began >= 0.95 * 2 * many / EDITS_A_SECOND


@pytest.mark.parametrize("reply_lost", [False, True], ids=["landed", "the reply is lost"])
async def test_each_edit_but_the_last_is_told(channel: Channel, reply_lost: bool) -> None:
    told: list[JobState] = []

    async def edited(job: Job) -> None:
        told.append(job.state)

    board = StatusBoard(
        edit=channel.edit,
        render=render,
        clock=SystemClock(),
        pace=lambda _age, _busy: 0.01,
        stage_seconds=0.005,
        settle_seconds=0.0,
        edited=edited,
    )
    if reply_lost:
        channel.script = [TryLater(retry_after=0.0)]

    async def first_edit(text: str) -> None:
        await channel.edit(make_job(), text)

    try:
        await board.open(make_job(), Progress(), first_edit)
    except TryLater:
        assert reply_lost
    board.show(make_job(state=S.RENDERING), Progress(percent=50))
    async with asyncio.timeout(60):
        while S.RENDERING not in told:
            await asyncio.sleep(0.005)
    await board.close(make_job(state=S.DELIVERED))
    assert told == [S.QUEUED, S.RENDERING]
    assert channel.texts[-1] == "delivered None"
