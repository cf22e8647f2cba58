"""Reactions become votes by the server's scale; a recount never overtakes what happens meanwhile."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.domain.feedback import FeedbackSettings
from bot.domain.job import Job, JobId
from bot.domain.ratings import STARS, RatingStyle, Scale
from bot.domain.states import JobState
from bot.domain.votes import NORMAL, SUPER
from bot.jobs.ratings import PAGE, RECOUNT_AGE, RECOUNT_ATTEMPTS, RatingService, Shown
from storage.feedback import SqlFeedbackStore
from storage.ratings import SqlRatingStore
from tests.factories import make_job, make_place
from tests.jobs.conftest import World

MESSAGE, GUILD = 900, 100
UP, DOWN, STAR = "👍", "👎", "⭐"


@pytest.fixture
def feedback(world: World) -> SqlFeedbackStore:
    return SqlFeedbackStore(world.database)


@pytest.fixture
def ratings(world: World, feedback: SqlFeedbackStore) -> RatingService:
    return RatingService(
        store=SqlRatingStore(world.database), feedback=feedback, jobs=world.store, clock=world.clock
    )


@pytest.fixture
async def job(world: World) -> Job:
    return await world.store.add(delivered("1", MESSAGE, world.clock.now()))


def delivered(job_id: str, message_id: int, at: int) -> Job:
    return make_job(
        id=JobId(job_id),
        short_id=f"J{job_id}",
        state=JobState.DELIVERED,
        place=make_place(),
        finished_at=at,
        result_message_id=message_id,
        status_closed=True,
    )


async def stars(feedback: SqlFeedbackStore) -> None:
    scale = Scale(style=RatingStyle.STARS, values=STARS)
    await feedback.save(FeedbackSettings(guild_id=GUILD, scale=scale))


async def votes(world: World) -> dict[int, tuple[str, int]]:
    rows = await world.database.fetch_all("SELECT * FROM votes WHERE counts = 1")
    return {row["user_id"]: (row["emoji"], row["value"]) for row in rows}


async def test_emoji_are_worth_what_the_servers_scale_says_then(
    ratings: RatingService, feedback: SqlFeedbackStore, world: World, job: Job
) -> None:
    await ratings.added(MESSAGE, 1, "👍🏽")
    await ratings.added(MESSAGE, 2, "5️⃣")
    await ratings.added(MESSAGE, 3, "❤️")
    await ratings.added(MESSAGE + 1, 4, UP)
    assert await votes(world) == {1: (UP, 100)}
    await stars(feedback)
    await ratings.added(MESSAGE, 2, "4️⃣")
    await ratings.added(MESSAGE, 5, "👍")
    await ratings.added(MESSAGE, 6, "👎")
    assert await votes(world) == {1: (UP, 100), 2: ("4\u20e3", 75), 5: (UP, 100)}, (
        "thumbs of before are worth on this video what they were, where there are any"
    )
    await ratings.removed(MESSAGE, 1, "👍")
    assert await votes(world) == {2: ("4\u20e3", 75), 5: (UP, 100)}
    await ratings.cleared(MESSAGE, "👍🏿")
    assert await votes(world) == {2: ("4\u20e3", 75)}
    await ratings.cleared(MESSAGE)
    assert await votes(world) == {}


async def test_reactions_of_one_person_never_overtake_each_other(
    ratings: RatingService, world: World, job: Job
) -> None:
    """They come as tasks of their own, of which the first may take longest."""
    events = []
    for _ in range(20):
        events += [ratings.added(MESSAGE, 1, UP), ratings.removed(MESSAGE, 1, UP)]
        events += [ratings.added(MESSAGE, 2, UP, kind=SUPER), ratings.added(MESSAGE, 2, DOWN)]
        events += [ratings.removed(MESSAGE, 2, DOWN)]
    await asyncio.gather(*events)
    assert await votes(world) == {2: (UP, 100)}


async def test_all_videos_of_the_week_are_recounted_newest_first(
    ratings: RatingService, world: World
) -> None:
    now, many = world.clock.now(), 2 * PAGE + 1
    for number in range(many):
        await world.store.add(delivered(str(number), number + 1, now - number))
    await world.store.add(delivered("old", 5000, now - RECOUNT_AGE - 1))
    assert [job.id async for job in ratings.to_recount()] == [str(number) for number in range(many)]


class Reading:
    """A message as it is read, and what happens while that goes on."""

    def __init__(self, *shown: Shown) -> None:
        self.shown = list(shown)
        self.asked: list[frozenset[str]] = []

    async def __call__(self, emoji: frozenset[str]) -> Mapping[int, Mapping[str, int]]:
        self.asked.append(emoji)
        return self.shown[min(len(self.asked), len(self.shown)) - 1]


async def test_a_recount_asks_for_todays_emoji_and_those_that_are_known(
    ratings: RatingService, feedback: SqlFeedbackStore, world: World, job: Job
) -> None:
    await ratings.added(MESSAGE, 1, UP)
    await stars(feedback)
    read = Reading({1: {UP: NORMAL}, 2: {UP: NORMAL, "5\u20e3": SUPER}, 3: {DOWN: NORMAL}})
    assert await ratings.recount(job, read)
    assert read.asked == [{UP, STAR, *(f"{number}\u20e3" for number in range(1, 6))}]
    assert await votes(world) == {1: (UP, 100), 2: ("5\u20e3", 100)}


async def test_what_happens_while_a_message_is_read_is_read_again(
    ratings: RatingService, world: World, job: Job
) -> None:
    await ratings.added(MESSAGE, 1, UP)
    await ratings.added(MESSAGE, 2, UP)

    class Moved(Reading):
        async def __call__(self, emoji: frozenset[str]) -> Shown:
            seen = await super().__call__(emoji)
            if len(self.asked) == 1:
                await ratings.removed(MESSAGE, 1, UP)
                await ratings.added(MESSAGE + 7, 1, UP)
            return seen

    read = Moved({1: {UP: NORMAL}, 2: {UP: NORMAL}, 3: {DOWN: NORMAL}}, {2: {UP: NORMAL}, 3: {DOWN: NORMAL}})
    assert await ratings.recount(job, read)
    assert len(read.asked) == 2
    assert await votes(world) == {2: (UP, 100), 3: (DOWN, 0)}


async def test_a_message_that_never_rests_is_left_to_its_events(
    ratings: RatingService, world: World, job: Job
) -> None:
    class Busy(Reading):
        async def __call__(self, emoji: frozenset[str]) -> Shown:
            await ratings.added(MESSAGE, 1, UP)
            return await super().__call__(emoji)

    read = Busy({})
    assert not await ratings.recount(job, read)
    assert len(read.asked) == RECOUNT_ATTEMPTS
    assert await votes(world) == {1: (UP, 100)}


async def test_a_video_without_any_vote_costs_no_writing(
    ratings: RatingService, world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise AssertionError("there is nothing to write")

    monkeypatch.setattr(SqlRatingStore, "replace", refuse)
    assert await ratings.recount(job, Reading({}))


async def test_stars_are_recounted_beside_the_votes_and_are_none(
    world: World, feedback: SqlFeedbackStore, job: Job
) -> None:
    counted: list[frozenset[int]] = []

    async def count(_job: Job, user_ids: frozenset[int]) -> None:
        counted.append(user_ids)

    ratings = RatingService(
        store=SqlRatingStore(world.database),
        feedback=feedback,
        jobs=world.store,
        clock=world.clock,
        stars=count,
    )

    answers: list[Shown] = [
        {7: {STAR: NORMAL}},
        {7: {STAR: NORMAL, UP: NORMAL}, 8: {STAR: SUPER}},
    ]

    async def read(emoji: frozenset[str]) -> Shown:
        assert STAR in emoji
        if len(answers) == 2:  # somebody reacts while the message is read: it is read again
            await ratings.added(MESSAGE, 7, UP)
        return answers.pop(0)

    assert await ratings.recount(job, read)
    assert answers == []
    assert counted == [{7, 8}]
    assert await votes(world) == {7: (UP, 100)}
