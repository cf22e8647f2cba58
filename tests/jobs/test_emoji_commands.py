"""What reactions ask for: letters, favourites and their copies, cancelling and deleting."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.feedback import FeedbackSettings
from bot.domain.home import Home
from bot.domain.job import Job, JobId
from bot.domain.posting import PostingState, best_id
from bot.domain.ratings import RatingStyle, Scale
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.copies import kept_copy
from bot.jobs.emoji_commands import EmojiCommands
from storage.favourites import SqlFavouriteStore
from storage.feedback import SqlFeedbackStore
from storage.postings import SqlPostingStore
from storage.workspace import FileWorkspace
from tests.factories import make_job, make_place
from tests.jobs.conftest import World
from tests.jobs.test_service import AUTHOR, MODERATOR, STRANGER, Engine, service_of

S = JobState
VIDEO, STATUS = 900, 300
BEST = 777
MEGABYTE = 1_000_000
ORIGINAL, FITTED = "originals/ABCDE-1001.mp4", "fitted/ABCDE-1001.mp4"


class Room:
    """A server that copies from two stars on, with one delivered video, and the service."""

    def __init__(self, world: World) -> None:
        self.world, self.engine = world, Engine()
        self.feedback = SqlFeedbackStore(world.database)
        self.postings = SqlPostingStore(world.database)
        self.favourites = SqlFavouriteStore(world.database)
        self.settings = FeedbackSettings(guild_id=100, best_channel_id=BEST, best_from=2)
        self.commands = self.service()

    def service(self) -> EmojiCommands:
        return EmojiCommands(
            favourites=self.favourites,
            settings=self.feedback,
            postings=self.postings,
            videos=service_of(self.world, self.engine),
            workspace=self.world.workspace,
            clock=self.world.clock,
        )

    async def choose(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
        await self.feedback.save(self.settings)

    async def delivered(self, **changes: Any) -> Job:
        row = {"state": S.DELIVERED, "result_message_id": VIDEO, "result_channel_id": 200}
        return await self.world.store.add(make_job(**(row | changes)))

    async def copy(self) -> PostingState | None:
        posting = await self.postings.get(best_id(JobId("1001")))
        return None if posting is None else posting.state

    async def stars(self) -> set[int]:
        rows = await self.world.database.fetch_all("SELECT user_id FROM favourites")
        return {row["user_id"] for row in rows}


@pytest.fixture
async def room(world: World) -> Room:
    room = Room(world)
    await room.choose()
    return room


async def test_enough_stars_of_others_owe_one_copy(room: Room) -> None:
    job = await room.delivered()
    await room.commands.starred(VIDEO, AUTHOR.user_id)
    await room.commands.starred(VIDEO, 1)
    assert await room.copy() is None, "the author's own does not count"
    await room.commands.starred(VIDEO, 2)
    posting = await room.postings.get(best_id(job.id))
    assert posting is not None
    assert (posting.guild_id, posting.channel_id, posting.job_id) == (100, BEST, job.id)
    assert await room.stars() == {AUTHOR.user_id, 1, 2}


async def test_a_star_taken_away_and_given_again_owes_no_second_copy(room: Room) -> None:
    job = await room.delivered()
    for user_id in (1, 2):
        await room.commands.starred(VIDEO, user_id)
    await room.commands.unstarred(VIDEO, 2)
    assert await room.stars() == {1}
    posting = await room.postings.get(best_id(job.id))
    assert posting is not None
    await room.postings.posted(posting, 50)
    await room.service().starred(VIDEO, 2)
    assert await room.copy() is PostingState.POSTED
    await room.commands.all_unstarred(VIDEO)
    assert await room.stars() == set()
    assert await room.copy() is PostingState.POSTED, "the copy stays"


@pytest.mark.parametrize(
    ("settings", "job"),
    [
        pytest.param({"best_channel_id": None}, {}, id="no channel is set"),
        pytest.param({"best_channel_id": 200}, {}, id="it stands there already"),
        pytest.param({}, {"place": make_place(guild_id=None)}, id="in direct messages"),
    ],
)
async def test_favourites_are_kept_also_where_nothing_is_copied(
    room: Room, settings: dict[str, Any], job: dict[str, Any]
) -> None:
    await room.choose(**settings)
    await room.delivered(**job)
    for user_id in (1, 2, 3):
        await room.commands.starred(VIDEO, user_id)
    assert await room.copy() is None
    assert await room.stars() == {1, 2, 3}


async def test_stars_given_while_the_bot_was_away_count(room: Room) -> None:
    job = await room.delivered()
    await room.commands.starred(VIDEO, 9)
    await room.commands.recounted_favourites(job, frozenset({1, 2}))
    assert await room.stars() == {1, 2}
    assert await room.copy() is PostingState.DUE


@pytest.mark.parametrize(
    "settings",
    [{"favourite": False}, {"scale": Scale(style=RatingStyle.OWN, values={"⭐": 100, "🥱": 0})}],
    ids=["switched off", "a vote here"],
)
async def test_where_the_star_is_no_command_nothing_is_kept(room: Room, settings: dict[str, Any]) -> None:
    await room.choose(**settings)
    job = await room.delivered()
    await room.commands.starred(VIDEO, 1)
    await room.commands.recounted_favourites(job, frozenset({1, 2}))
    assert await room.stars() == set()
    assert await room.copy() is None


async def test_only_the_video_takes_stars_and_letters(room: Room) -> None:
    await room.delivered()
    await room.commands.starred(STATUS, 1)
    await room.commands.starred(12345, 1)
    assert await room.stars() == set()
    assert await room.commands.letter(STATUS, 1, limit=MEGABYTE) is None


async def test_a_letter_comes_once_a_minute_for_each_person_and_video(room: Room) -> None:
    await room.delivered()
    first = await room.commands.letter(VIDEO, 1, limit=MEGABYTE)
    assert first is not None
    assert (first.user_id, first.file, len(first.nonce)) == (1, None, 25)
    assert await room.commands.letter(VIDEO, 1, limit=MEGABYTE) is None
    assert await room.commands.letter(VIDEO, 2, limit=MEGABYTE) is not None
    room.world.clock.advance(61)
    again = await room.commands.letter(VIDEO, 1, limit=MEGABYTE)
    assert again is not None
    assert again.nonce != first.nonce
    await room.choose(letter=False)
    room.world.clock.advance(61)
    assert await room.commands.letter(VIDEO, 1, limit=MEGABYTE) is None


@pytest.mark.parametrize(
    ("sizes", "limit", "expected"),
    [
        pytest.param({FITTED: 50, ORIGINAL: 80}, 100, FITTED, id="what was posted plays everywhere"),
        pytest.param({ORIGINAL: 80}, 100, ORIGINAL, id="only the original is kept for long"),
        pytest.param({ORIGINAL: 100}, 100, ORIGINAL, id="just fits"),
        pytest.param({ORIGINAL: 101}, 100, None, id="too large"),
        pytest.param({}, 100, None, id="swept"),
    ],
)
async def test_the_file_that_goes_along(
    room: Room, sizes: dict[str, int], limit: int, expected: str | None
) -> None:
    for name, size in sizes.items():
        put(room, name, size)
    await room.delivered(result_file=ORIGINAL, fitted_file=FITTED)
    letter = await room.commands.letter(VIDEO, 1, limit=limit)
    assert letter is not None
    assert letter.file == (None if expected is None else room.world.workspace.path(expected))


def put(room: Room, name: str, size: int) -> None:
    path = room.world.workspace.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


async def test_a_file_of_another_machine_is_not_here(room: Room) -> None:
    put(room, ORIGINAL, 10)
    mine = FileWorkspace(room.world.data_dir, home=Home(machine="one", shared=False))
    job = await room.delivered(result_file=ORIGINAL, kept_on="two")
    assert await kept_copy(mine, job, limit=MEGABYTE) is None
    assert await kept_copy(mine, replace(job, kept_on="one"), limit=MEGABYTE) is not None


@pytest.mark.parametrize("actor", [AUTHOR, MODERATOR], ids=["author", "moderator"])
async def test_the_author_and_moderators_cancel_what_runs_and_delete_what_is_there(
    room: Room, actor: Actor
) -> None:
    running = await room.world.store.add(make_job(id="5", state=S.RENDERING))
    assert await room.commands.to_remove(STATUS, actor) is None
    assert room.engine.cancelled == [running.id]
    job = await room.delivered()
    assert await room.commands.to_remove(VIDEO, actor) == job


async def test_a_job_in_line_is_cancelled_at_once(room: Room) -> None:
    await room.world.store.add(make_job(id="5"))
    await room.commands.to_remove(STATUS, AUTHOR)
    [cancelled] = room.engine.over
    assert cancelled.state is S.CANCELLED


@pytest.mark.parametrize(
    "actor",
    [STRANGER, Actor(user_id=7, guild_id=99, moderator=True)],
    ids=["anybody", "a moderator of another server"],
)
async def test_nobody_else_removes_anything(room: Room, actor: Actor) -> None:
    await room.world.store.add(make_job(id="5", place=make_place(status_message_id=301)))
    await room.delivered()
    assert await room.commands.to_remove(301, actor) is None
    assert await room.commands.to_remove(VIDEO, actor) is None
    assert room.engine.over == []
    assert room.engine.cancelled == []


@pytest.mark.parametrize("state", [S.DELIVERING, S.DELIVERED, S.FAILED], ids=str)
async def test_too_late_to_cancel_deletes_nothing(room: Room, state: JobState) -> None:
    """Who presses ❌ under a progress bar wants no video; who gets it all the same may delete that."""
    await room.delivered(state=state)
    assert await room.commands.to_remove(STATUS, AUTHOR) is None
    assert room.engine.cancelled == []


async def test_removing_can_be_switched_off(room: Room) -> None:
    await room.choose(removal=False)
    await room.delivered()
    await room.world.store.add(make_job(id="5", place=make_place(status_message_id=301)))
    assert await room.commands.to_remove(VIDEO, AUTHOR) is None
    assert await room.commands.to_remove(301, AUTHOR) is None
    assert room.engine.over == []
