"""`/variations` as Discord hands it over: what is proposed and refused, the board and its buttons."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipPlan, ClipState, clips_of
from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.job import JobId
from bot.domain.states import JobState
from bot.domain.video import Size
from bot.jobs.sketch import Quote
from cogs.boards.text import Live, board_text
from cogs.boards.views import board_view
from cogs.buttons.button import JobButton
from cogs.buttons.verbs import Verb
from cogs.buttons.views import result_view
from cogs.texts import load_library
from storage.boards import SqlBoardStore
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import make_capabilities, make_job, make_place, make_request
from tests.fakes import FakeMedia, FakeProvider

NO = Known(Support.NO, Source.CARD)
YES = Known(Support.YES, Source.CARD)
TEXTS = load_library().texts("en-US")


def seedless() -> list[FakeProvider]:
    return [FakeProvider(models=[make_capabilities(options={Option.SEED: NO, Option.PICTURE: YES})])]


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
def boards(database: Database) -> SqlBoardStore:
    return SqlBoardStore(database)


def private(result: InteractionResult) -> ResponseMessage:
    """Return the answer that only the member sees."""
    answer = result.response or result.followups[-1]
    assert answer.ephemeral
    return answer


def labels(message: ResponseMessage) -> list[list[str]]:
    return [[item.get("label", "") for item in row["components"]] for row in message.components]


async def board_in(message: ResponseMessage, boards: SqlBoardStore) -> Board:
    """Read the board that a proposal is about."""
    found = await boards.by_short_id(message.content.rpartition("· ")[2].strip())
    assert found is not None
    return found


async def test_nothing_is_ordered_before_it_is_started(
    place: Place, boards: SqlBoardStore, store: SqlJobStore
) -> None:
    asked = private(await place.alice.slash(place.channel, "variations", prompt="a *fox*", count=4))
    assert "🎲 Variations: a \\*fox\\*" in asked.content
    assert "4 clips, 32 s" in asked.content
    assert labels(asked) == [["▶ Start", "2×", "3×", "4×", "✖ Cancel"]]
    board = await board_in(asked, boards)
    seeds = [clip.plan.seed for clip in board.clips]
    assert len(set(seeds)) == 4
    assert all(f"seed {seed}" in asked.content for seed in seeds)
    assert (board.kind, board.state) == (BoardKind.VARIATIONS, BoardState.PROPOSED)
    assert await store.line() == []


async def test_without_a_count_there_are_three_and_the_count_can_change(
    place: Place, boards: SqlBoardStore
) -> None:
    asked = private(await place.alice.slash(place.channel, "variations", prompt="a fox"))
    three = [clip.plan.seed for clip in (await board_in(asked, boards)).clips]
    assert len(three) == 3
    await place.alice.click(asked, label="4×")
    four = [clip.plan.seed for clip in (await board_in(asked, boards)).clips]
    assert four[:3] == three
    await place.alice.click(asked, label="2×")
    assert [clip.plan.seed for clip in (await board_in(asked, boards)).clips] == three[:2]


@pytest.mark.parametrize("providers", [seedless], indirect=True)
async def test_a_model_without_seeds_makes_takes_and_that_is_said(
    place: Place, boards: SqlBoardStore
) -> None:
    asked = private(await place.alice.slash(place.channel, "variations", prompt="a fox", count=2))
    assert "`1` ▫️ take 1" in asked.content
    assert "takes no seeds" in asked.content
    board = await board_in(asked, boards)
    assert [clip.plan.seed for clip in board.clips] == [None, None]


@pytest.mark.parametrize("providers", [seedless], indirect=True)
async def test_a_picture_is_kept_once_for_all_takes(
    place: Place, boards: SqlBoardStore, media: FakeMedia, tmp_path: Path
) -> None:
    media.picture = Size(720, 1280)
    result = await place.alice.slash(place.channel, "variations", prompt="a fox", image=("p.png", b"tall"))
    board = await board_in(private(result), boards)
    assert board.size == "720x1280", "the picture's shape decides"
    [name] = {clip.plan.picture for clip in board.clips}
    assert name is not None
    assert (tmp_path / "data" / name).read_bytes() == b"tall"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"prompt": " "}, "prompt is empty"),
        ({"prompt": "a fox", "style": "no such look"}, "no look “no such look”"),
        ({"prompt": "a fox", "seconds": 5}, "4, 8, 12"),
    ],
    ids=["empty", "style", "seconds"],
)
async def test_what_cannot_be_made_is_refused_at_once(
    place: Place, options: dict[str, Any], sentence: str
) -> None:
    assert sentence in private(await place.alice.slash(place.channel, "variations", **options)).content


async def test_the_button_varies_what_the_video_was_made_from(
    place: Place, boards: SqlBoardStore, store: SqlJobStore, simcord_env: Env
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", seconds=4, style="anime")
    (job,) = await store.line()
    proposal = await varied(place, job.short_id, simcord_env)
    board = await board_in(proposal, boards)
    assert {clip.plan.parent for clip in board.clips} == {job.id}
    assert {(clip.plan.style, clip.plan.typed) for clip in board.clips} == {("anime", "a fox")}
    assert {clip.plan.prompt for clip in board.clips} == {job.request.prompt}
    assert job.request.seed not in {clip.plan.seed for clip in board.clips}


@pytest.mark.parametrize("providers", [seedless], indirect=True)
async def test_the_button_takes_the_picture_along(
    place: Place, boards: SqlBoardStore, store: SqlJobStore, simcord_env: Env, tmp_path: Path
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", image=("p.png", b"a fox"))
    (job,) = await store.line()
    board = await board_in(await varied(place, job.short_id, simcord_env), boards)
    [name] = {clip.plan.picture for clip in board.clips}
    assert name is not None
    assert name != job.request.picture
    kept = tmp_path / "data" / str(job.request.picture)
    assert (tmp_path / "data" / name).read_bytes() == kept.read_bytes()
    kept.unlink()
    refused = await varied(place, job.short_id, simcord_env)
    assert "no longer kept" in refused.content


async def test_what_a_clip_cannot_be_made_from_is_not_varied(
    place: Place, store: SqlJobStore, simcord_env: Env
) -> None:
    request = make_request(picture="pictures/1.jpg", last_picture="pictures/1-last.jpg")
    home = make_place(guild_id=place.guild.id, channel_id=place.channel.id)
    job = await store.add(make_job(request=request, place=home))
    labels_shown = [
        item["label"] for row in result_view(job, TEXTS).to_components() for item in row["components"]
    ]
    assert "🎲 Variations" not in labels_shown
    assert "*Again* makes it once more" in (await varied(place, job.short_id, simcord_env)).content


async def varied(place: Place, short_id: str, env: Env) -> ResponseMessage:
    """Press *Variations* on a message that has it."""
    view = discord.ui.View(timeout=None)
    view.add_item(JobButton(Verb.VARIATIONS, short_id, label="Variations"))
    channel = env.bot.get_channel(place.channel.id)
    assert isinstance(channel, discord.TextChannel)
    posted = await channel.send("result", view=view)
    return private(await place.bob.click(posted, label="Variations"))


def ended_board(kind: BoardKind, count: int, failed: int = 0) -> Board:
    plans = [ClipPlan(prompt="a fox", seconds=4, seed=number) for number in range(count)]
    board = Board(
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
        place=make_place(),
    )
    for clip in board.clips:
        state = ClipState.FAILED if clip.position == failed else ClipState.DONE
        job_id = JobId(f"77-{clip.position}-1")
        board = board.with_clip(replace(clip, state=state, job_id=job_id, attempt=1))
    return board


def shown(board: Board) -> list[list[str]]:
    view = board_view(board, TEXTS)
    assert view is not None
    return [[item["label"] for item in row["components"]] for row in view.to_components()]


@pytest.mark.parametrize(
    ("count", "failed", "rows"),
    [
        (2, 0, [["1", "2"]]),
        (4, 0, [["1", "2", "3", "4"]]),
        (4, 2, [["1", "3", "4"]]),
        (6, 0, [["1", "2", "3"], ["4", "5", "6"]]),
    ],
)
async def test_an_ended_board_has_a_button_for_each_video_and_the_deeds_below(
    count: int, failed: int, rows: list[list[str]]
) -> None:
    *picks, deeds = shown(ended_board(BoardKind.VARIATIONS, count, failed))
    assert picks == rows
    assert deeds == ["🔁 Redo", "✏️ Change"]


async def test_a_story_has_nothing_to_choose_from() -> None:
    assert shown(ended_board(BoardKind.STORY, 3)) == [["🔁 Redo", "✏️ Change"]]


def test_the_board_names_its_takes_by_their_seeds() -> None:
    job = make_job(
        id="77-1-1",
        state=JobState.DELIVERED,
        result_message_id=900,
        result_channel_id=200,
        request=make_request(),
    )
    text = board_text(
        ended_board(BoardKind.VARIATIONS, 2),
        Live(jobs={job.id: job}),
        Quote(clips=0, seconds=0, price=None),
        TEXTS,
    )
    assert "`1` ✅ seed 0 · https://discord.com/channels/" in text
    assert "`2` 🗑️ seed 1 · deleted since" in text
