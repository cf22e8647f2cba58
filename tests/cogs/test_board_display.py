"""A board's message: read anew for each edit, coalesced, right at the end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipPlan, ClipState, clips_of
from bot.domain.errors import Gone, TextRefused, TryLater
from bot.domain.job import JobId
from bot.domain.origin import Origin
from bot.domain.progress import Progress
from bot.domain.states import JobState
from cogs.boards.display import BoardDisplay
from cogs.boards.text import Live
from storage.boards import SqlBoardStore
from storage.database import Database
from tests.factories import NOW, make_job, make_place
from tests.fakes import FakeClock


class Channel:
    """A message that remembers its texts, and refuses as told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.script: list[Exception] = []
        self.edited = asyncio.Event()

    async def edit(self, board: Board, text: str) -> None:
        if self.script:
            raise self.script.pop(0)
        self.texts.append(text)
        self.edited.set()

    async def after(self, count: int) -> list[str]:
        async with asyncio.timeout(60):
            while len(self.texts) < count:
                self.edited.clear()
                await self.edited.wait()
        return self.texts


def render(board: Board, live: Live, *, prompt: bool = True) -> str:
    states = " ".join(clip.state for clip in board.clips)
    percent = [progress.percent for progress in live.progress.values()]
    return f"{board.state} {states} {percent} {board.clips[0].plan.prompt if prompt else '-'}"


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def boards(database: Database) -> SqlBoardStore:
    return SqlBoardStore(database)


@pytest.fixture
async def display(boards: SqlBoardStore, channel: Channel) -> AsyncIterator[BoardDisplay]:
    display = BoardDisplay(boards=boards, edit=channel.edit, render=render, clock=FakeClock())
    yield display
    await display.stop()


@pytest.fixture
async def board(boards: SqlBoardStore) -> Board:
    board = Board(
        id=BoardId("9"),
        short_id="",
        kind=BoardKind.STORY,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=clips_of([ClipPlan(prompt="a fox", seconds=4)]),
        state=BoardState.RUNNING,
        place=make_place(),
    )
    board = await boards.add(board)
    job = replace(make_job(id="9-1-1", state=JobState.RENDERING), origin=Origin(board="9", clip=1))
    clip = replace(board.clips[0], state=ClipState.RUNNING, job_id=JobId("9-1-1"))
    return await boards.change(board, board.with_clip(clip), [job])


async def test_many_moves_are_one_edit_of_what_the_rows_say_then(
    display: BoardDisplay, boards: SqlBoardStore, channel: Channel, board: Board
) -> None:
    [job] = await boards.jobs(board.id)
    for percent in (10, 20, 30):
        display.clip_moved(job, Progress(percent=percent))
    display.board_moved(board)
    assert await channel.after(1) == ["running running [30] a fox"]
    display.board_moved(board)
    display.clip_moved(job, Progress(percent=60))
    assert (await channel.after(2))[1:] == ["running running [60] a fox"]


async def test_the_end_is_the_last_text(
    display: BoardDisplay, boards: SqlBoardStore, channel: Channel, board: Board
) -> None:
    [job] = await boards.jobs(board.id)
    display.clip_moved(job, Progress(percent=10))
    ended = await boards.change(board, replace(board, state=BoardState.DONE))
    channel.script = [TryLater("not now")]
    with pytest.raises(TryLater):
        await display.close_board(ended)
    await display.close_board(ended)
    display.clip_moved(replace(job, state=JobState.DELIVERED), Progress())
    assert channel.texts == ["done running [10] a fox"]
    assert not display._entries, "nothing is remembered of what has ended"


async def test_refused_words_are_left_out_from_then_on(
    display: BoardDisplay, boards: SqlBoardStore, channel: Channel, board: Board
) -> None:
    channel.script = [TextRefused("automod")]
    display.board_moved(board)
    assert await channel.after(1) == ["running running [] -"]
    await boards.change(board, replace(board, state=BoardState.DONE))
    await display.close_board(board)
    assert channel.texts[1:] == ["done running [] -"]


async def test_a_message_that_is_gone_is_left_alone(
    display: BoardDisplay, channel: Channel, board: Board
) -> None:
    channel.script = [Gone("deleted"), Gone("deleted")]
    display.board_moved(board)
    async with asyncio.timeout(60):
        while not display._entries[board.id].dead:
            await asyncio.sleep(0.01)
    display.board_moved(board)
    await display.close_board(board)
    assert channel.texts == []
