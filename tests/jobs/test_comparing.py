"""The contact sheet of a board, and takes that are made anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.board import Board, BoardId, BoardKind, BoardState, Clip, ClipPlan, ClipState, clips_of
from bot.domain.errors import CannotFit
from bot.domain.job import JobId
from bot.domain.states import JobState
from bot.jobs.sheets import Sheets
from bot.jobs.sketch import anew
from storage.database import open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.workspace import FileWorkspace
from tests.factories import make_job
from tests.fakes import FakeMedia


def board(kind: BoardKind = BoardKind.VARIATIONS, count: int = 4) -> Board:
    plans = [ClipPlan(prompt="a fox", seconds=4, seed=number) for number in range(1, count + 1)]
    made = Board(
        id=BoardId("77"),
        short_id="7F3K2",
        kind=kind,
        state=BoardState.DONE,
        user_id=1,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=0,
        clips=clips_of(plans),
    )
    for clip in made.clips:
        made = made.with_clip(replace(clip, state=ClipState.DONE, job_id=JobId(f"77-{clip.position}-1")))
    return made


CAPTIONS = {number: f"seed {number}" for number in range(1, 5)}


@pytest.fixture
async def sheets(tmp_path: Path) -> object:
    """Give the use case over a folder that has the videos of the clips 1, 3 and 4."""
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    workspace, jobs, media = FileWorkspace(tmp_path / "data"), SqlJobStore(database), FakeMedia()
    for number in (1, 3, 4):
        name = f"originals/A{number}-77.mp4"
        workspace.path(name).write_bytes(b"video")
        await jobs.add(make_job(id=JobId(f"77-{number}-1"), state=JobState.DELIVERED, result_file=name))
    yield Sheets(jobs=jobs, media=media, workspace=workspace), media, workspace
    await database.close()


Given = tuple[Sheets, FakeMedia, FileWorkspace]


async def test_the_sheet_numbers_what_is_here_by_its_place(sheets: Given) -> None:
    made, media, _ = sheets
    assert await made.sheet(board(), CAPTIONS) == b"sheet of 3"
    assert media.sheets == [(("seed 1", "seed 3", "seed 4"), (1, 3, 4))]


async def test_there_is_none_while_it_goes_on_or_for_other_boards(sheets: Given) -> None:
    made, media, _ = sheets
    assert await made.sheet(replace(board(), state=BoardState.RUNNING), CAPTIONS) is None
    assert await made.sheet(board(BoardKind.STORY), CAPTIONS) is None
    assert media.sheets == []


async def test_there_is_none_where_the_files_are_gone(sheets: Given) -> None:
    made, media, workspace = sheets
    for number in (1, 3):
        workspace.path(f"originals/A{number}-77.mp4").unlink()
    assert await made.sheet(board(), CAPTIONS) is None
    assert media.sheets == []


async def test_a_broken_video_costs_the_sheet_and_nothing_else(
    sheets: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, media, _ = sheets

    async def broken(*_: object, **__: object) -> bytes:
        raise CannotFit("no frame")

    monkeypatch.setattr(media, "contact_sheet", broken)
    assert await made.sheet(board(), CAPTIONS) is None


@pytest.mark.parametrize(
    ("state", "seed", "stays"),
    [
        (ClipState.DONE, 5, False),
        (ClipState.FAILED, 5, True),
        (ClipState.SKIPPED, 5, True),
        (ClipState.DONE, None, True),
    ],
    ids=["made", "failed", "left out", "without a seed"],
)
def test_what_is_made_already_is_made_anew_with_another_seed(
    state: ClipState, seed: int | None, stays: bool
) -> None:
    clip = Clip(position=1, plan=ClipPlan(prompt="a fox", seconds=4, seed=seed), state=state)
    assert (anew(clip) == clip.plan) is stays
    assert replace(anew(clip), seed=seed) == clip.plan
