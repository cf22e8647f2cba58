"""Boards on every database: kept whole, changed once, moved by the jobs of their clips."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.board import (
    JOINED,
    Board,
    BoardId,
    BoardKind,
    BoardState,
    Clip,
    ClipPlan,
    ClipState,
    clips_of,
)
from bot.domain.codes import Code
from bot.domain.errors import StaleBoard
from bot.domain.job import Job, JobId
from bot.domain.origin import Origin
from bot.domain.states import JobState
from storage.boards import SqlBoardStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.originals import SqlOriginalStore
from tests.factories import NOW, make_job, make_place


@pytest.fixture
def boards(database: Database) -> SqlBoardStore:
    return SqlBoardStore(database)


@pytest.fixture
def jobs(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


def make_board(**changes: object) -> Board:
    board = Board(
        id=BoardId("77"),
        short_id="",
        kind=BoardKind.STORY,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=clips_of(
            [
                ClipPlan(prompt="狐狸 “wakes”", seconds=8, seed=7, typed="fox", picture="pictures/77.given"),
                ClipPlan(prompt="a fox runs", seconds=4, negative="text", audio=True, label="take 2"),
            ]
        ),
        state=BoardState.RUNNING,
        place=make_place(),
        title="A tale",
        chained=True,
        joins=True,
        fade=True,
        joined=Clip(position=JOINED, plan=ClipPlan(prompt="A tale", seconds=0)),
        note="{}",
    )
    return replace(board, **changes)  # type: ignore[arg-type]


def clip_job(board: Board, position: int, **changes: object) -> Job:
    origin = Origin(board=board.id, clip=position)
    return replace(make_job(id=f"77-{position}-1", state=JobState.RENDERING), origin=origin, **changes)  # type: ignore[arg-type]


def running(board: Board) -> Board:
    for clip in board.clips:
        job_id = JobId(f"77-{clip.position}-1")
        board = board.with_clip(replace(clip, state=ClipState.RUNNING, attempt=1, job_id=job_id))
    return board


async def test_a_board_comes_back_as_it_was(boards: SqlBoardStore) -> None:
    kept = await boards.add(make_board())
    assert len(kept.short_id) == 5
    assert kept == replace(make_board(), short_id=kept.short_id)
    assert await boards.get(kept.id) == kept
    assert await boards.by_short_id(kept.short_id) == kept
    assert await boards.add(make_board(title="another")) == kept, "a known id changes nothing"


async def test_a_change_counts_once_and_brings_its_jobs(boards: SqlBoardStore, jobs: SqlJobStore) -> None:
    before = await boards.add(make_board())
    after = await boards.change(before, running(before), [clip_job(before, 1), clip_job(before, 2)])
    assert await boards.get(before.id) == after
    assert after.version == before.version + 1
    with pytest.raises(StaleBoard):
        await boards.change(before, before, [clip_job(before, 3)])
    assert await jobs.get(JobId("77-3-1")) is None, "nothing of a change that came too late is kept"
    assert [job.id for job in await boards.jobs(before.id)] == ["77-1-1", "77-2-1"]


async def test_a_clip_follows_its_job_and_the_board_ends_with_its_last(
    boards: SqlBoardStore, jobs: SqlJobStore
) -> None:
    board = await boards.add(make_board(joins=False, joined=None))
    board = await boards.change(board, running(board), [clip_job(board, 1), clip_job(board, 2)])
    await boards.settle(board)
    for position, (end, state) in enumerate(
        [(JobState.FAILED, BoardState.RUNNING), (JobState.CANCELLED, BoardState.DONE)], 1
    ):
        job = await jobs.get(JobId(f"77-{position}-1"))
        assert job is not None
        await jobs.save(job, replace(job, state=end, finished_at=NOW))
        now = await boards.get(board.id)
        assert now is not None
        assert now.clips[position - 1].state is ClipState.FAILED
        assert (now.state, now.due) == (state, True)
    ended = await boards.get(board.id)
    assert ended is not None
    assert ended.finished_at is not None


async def test_a_board_that_joins_waits_for_a_failed_clip_and_for_the_join(
    boards: SqlBoardStore, jobs: SqlJobStore
) -> None:
    board = await boards.add(make_board())
    board = await boards.change(board, running(board), [clip_job(board, 1), clip_job(board, 2)])
    for position, end in ((1, JobState.CANCELLED), (2, JobState.CANCELLED)):
        job = await jobs.get(JobId(f"77-{position}-1"))
        assert job is not None
        await jobs.save(job, replace(job, state=end))
    now = await boards.get(board.id)
    assert now is not None
    assert now.state is BoardState.RUNNING
    assert now.waits


async def test_a_job_that_a_person_sends_on_wakes_its_board(boards: SqlBoardStore, jobs: SqlJobStore) -> None:
    board = await boards.add(make_board(joins=False, joined=None, clips=make_board().clips[:1]))
    board = await boards.change(board, running(board), [clip_job(board, 1)])
    job = await jobs.get(JobId("77-1-1"))
    assert job is not None
    failed = await jobs.save(job, replace(job, state=JobState.FAILED))
    ended = await boards.get(board.id)
    assert ended is not None
    assert ended.state is BoardState.DONE
    await jobs.decide(failed, replace(failed, state=JobState.FETCHING), "retry")
    again = await boards.get(board.id)
    assert again is not None
    assert (again.state, again.clips[0].state, again.due) == (BoardState.RUNNING, ClipState.RUNNING, True)


async def test_an_earlier_attempt_moves_nothing(boards: SqlBoardStore, jobs: SqlJobStore) -> None:
    board = await boards.add(make_board())
    board = await boards.change(board, running(board), [clip_job(board, 1)])
    redone = board.with_clip(replace(board.clips[0], attempt=2, job_id=JobId("77-1-2")))
    board = await boards.change(board, redone)
    old = await jobs.get(JobId("77-1-1"))
    assert old is not None
    await jobs.save(old, replace(old, state=JobState.CANCELLED))
    assert await boards.get(board.id) == board


async def test_two_clips_that_end_together_end_the_board(database: Database) -> None:
    """Each waits for the other's row and must see what it has written."""
    boards, jobs = SqlBoardStore(database), SqlJobStore(database)
    for number in range(10):
        plans = [ClipPlan(prompt="x", seconds=4)] * 4
        board = make_board(id=BoardId(f"b{number}"), joins=False, joined=None, clips=clips_of(plans))
        board = await boards.add(board)
        made = [
            replace(
                make_job(id=f"b{number}-{clip.position}", state=JobState.RENDERING),
                origin=Origin(board=board.id, clip=clip.position),
            )
            for clip in board.clips
        ]
        after = board
        for clip, job in zip(board.clips, made, strict=True):
            after = after.with_clip(replace(clip, state=ClipState.RUNNING, job_id=job.id))
        await boards.change(board, after, made)
        await asyncio.gather(
            *(jobs.save(job, replace(job, state=JobState.FAILED, short_id=job.short_id)) for job in made)
        )
        now = await boards.get(board.id)
        assert now is not None
        assert now.state is BoardState.DONE


async def test_only_boards_that_need_a_look_are_due(boards: SqlBoardStore) -> None:
    proposal = await boards.add(make_board(id=BoardId("1"), state=BoardState.PROPOSED, place=None))
    board = await boards.add(make_board(id=BoardId("2")))
    assert await boards.due() == [board]
    moved = await boards.change(board, replace(board, title="new"))
    await boards.settle(board)
    assert await boards.due() == [moved], "what was looked at is not what stands there now"
    await boards.settle(moved)
    assert await boards.due() == []
    assert not await boards.remove(moved)
    assert await boards.remove(proposal)
    assert await boards.get(proposal.id) is None


async def test_old_proposals_go_and_pictures_of_boards_stay(database: Database) -> None:
    boards, originals = SqlBoardStore(database), SqlOriginalStore(database)
    await boards.add(make_board(id=BoardId("1"), state=BoardState.PROPOSED, place=None))
    assert "pictures/77.given" in await originals.kept_names()
    await originals.drop_drafts(NOW + 1)
    assert await boards.get(BoardId("1")) is None
    assert "pictures/77.given" not in await originals.kept_names()


async def test_a_trouble_of_a_newer_version_is_left_out(boards: SqlBoardStore, database: Database) -> None:
    board = await boards.add(make_board())
    failed = replace(board.clips[0], state=ClipState.FAILED, trouble=Code.NO_BEGINNING)
    await boards.change(board, board.with_clip(failed))
    now = await boards.get(board.id)
    assert now is not None
    assert now.clips[0].trouble is Code.NO_BEGINNING
    await database.execute("UPDATE board_clips SET trouble = 'from-the-future'")
    now = await boards.get(board.id)
    assert now is not None
    assert now.clips[0].trouble is None
