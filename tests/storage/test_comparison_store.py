"""The contract of ComparisonStore, on every database."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.comparison import Comparison, ComparisonId, Outcomes, Side, Votes
from bot.domain.job import Job, JobId, Place, Venue
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.ports_comparison import ComparisonStore
from storage.comparisons import SqlComparisonStore
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.storage.conftest import Connect

KEY = ComparisonId("500")
FOX = VideoRequest(prompt="a red fox", size=Size(1280, 720), seconds=8, model="sora")


def make(key: ComparisonId = KEY, **changes: object) -> Comparison:
    comparison = Comparison(
        id=key,
        place=Place(channel_id=5, status_message_id=2**60, guild_id=9),
        user_id=7,
        left=JobId("1"),
        right=JobId("2"),
        enough=3,
        ends_at=10_000,
        created_at=1_000,
        due_at=1_500,
        locale="de",
    )
    return replace(comparison, **changes)  # type: ignore[arg-type]  # the tests name fields


@pytest.fixture
async def comparisons(
    database: Database, store: SqlJobStore, make_job: Callable[..., Job]
) -> SqlComparisonStore:
    for job_id in ("1", "2"):
        await store.add(make_job(job_id, guild_id=9, request=FOX))
    return SqlComparisonStore(database)


async def opened(comparisons: ComparisonStore, comparison: Comparison | None = None) -> Comparison:
    kept = await comparisons.add(comparison or make())
    await comparisons.opened(kept)
    found = await comparisons.get(kept.id)
    assert found is not None
    return found


async def test_one_is_kept_and_the_same_key_is_the_same_one(comparisons: SqlComparisonStore) -> None:
    port: ComparisonStore = comparisons
    assert await port.get(KEY) is None
    assert await port.add(make()) == make()
    assert await port.add(make(enough=50)) == make(), "an event that comes twice"
    assert await port.get(KEY) == make()
    assert await port.count_open(guild_id=9, user_id=7) == 1
    assert await port.count_open(guild_id=8, user_id=7) == 0
    assert await port.count_open(guild_id=9, user_id=8) == 0


async def test_votes_count_once_a_person_and_the_last_wins(comparisons: SqlComparisonStore) -> None:
    await opened(comparisons)
    for side in (Side.A, Side.A, Side.B):
        voted = await comparisons.vote(KEY, side, 2**60, 2_000)
        assert voted is not None
        assert voted.revealed_at is None
    await comparisons.vote(KEY, Side.B, 8, 2_000)
    assert await comparisons.votes(KEY) == Votes(a=0, b=2)


async def test_the_vote_that_is_enough_ends_it_and_later_ones_are_refused(
    comparisons: SqlComparisonStore,
) -> None:
    await opened(comparisons)
    for user_id in (1, 2):
        await comparisons.vote(KEY, Side.A, user_id, 2_000)
    last = await comparisons.vote(KEY, Side.B, 3, 2_500)
    assert last is not None
    assert (last.revealed_at, last.due_at) == (2_500, 2_500)
    assert await comparisons.vote(KEY, Side.B, 4, 2_600) is None
    assert await comparisons.vote(KEY, Side.B, 1, 2_600) is None, "nobody changes the end"
    assert not await comparisons.end(KEY, 2_700)
    assert await comparisons.votes(KEY) == Votes(a=2, b=1)


async def test_who_has_seen_the_videos_votes_also_before_the_row_says_that_they_are_there(
    comparisons: SqlComparisonStore,
) -> None:
    await comparisons.add(make())
    assert await comparisons.vote(KEY, Side.A, 1, 2_000) is not None
    await comparisons.opened(make())
    assert await comparisons.votes(KEY) == Votes(a=1)


async def test_nobody_votes_after_the_time(comparisons: SqlComparisonStore) -> None:
    await opened(comparisons, make())
    assert await comparisons.vote(KEY, Side.A, 1, 10_000) is None
    assert await comparisons.vote(ComparisonId("1"), Side.A, 1, 2_000) is None
    assert await comparisons.votes(KEY) == Votes()


async def test_votes_of_several_processes_end_it_exactly_once(
    comparisons: SqlComparisonStore, connect: Connect
) -> None:
    await opened(comparisons, make(enough=20))
    doors = [comparisons, SqlComparisonStore(await connect()), SqlComparisonStore(await connect())]
    answers = await asyncio.gather(
        *(
            doors[user_id % 3].vote(KEY, Side.A if user_id % 2 else Side.B, user_id, 2_000 + user_id)
            for user_id in range(40)
        )
    )
    taken = [answer for answer in answers if answer is not None]
    assert len(taken) == 20
    assert sum(answer.revealed_at is not None for answer in taken) == 1
    votes = await comparisons.votes(KEY)
    assert votes.a + votes.b == 20


async def test_it_is_due_to_be_filled_then_at_its_end_and_not_once_that_is_shown(
    comparisons: SqlComparisonStore,
) -> None:
    await comparisons.add(make())
    assert await comparisons.due(1_499) == []
    assert await comparisons.due(1_500) == [make()]
    await comparisons.look_at(KEY, 1_200)
    assert [due.due_at for due in await comparisons.due(1_200)] == [1_200]
    await comparisons.opened(make())
    assert await comparisons.due(9_999) == []
    [due] = await comparisons.due(10_000)
    assert due == make(filled=True, due_at=10_000)
    assert await comparisons.end(KEY, 10_001)
    ended = await comparisons.get(KEY)
    assert ended is not None
    await comparisons.settle(due)
    assert await comparisons.due(20_000) == [ended], "it became due anew after `due` was read"
    await comparisons.settle(ended)
    assert await comparisons.due(20_000) == []
    assert await comparisons.count_open(guild_id=9, user_id=7) == 0


async def test_one_process_has_it_until_the_claim_runs_out(
    comparisons: SqlComparisonStore, connect: Connect, stop_clock: Callable[[int], None]
) -> None:
    other = SqlComparisonStore(await connect())
    await comparisons.add(make())
    stop_clock(100_000)
    assert await comparisons.claim(KEY, 30, 1_499) is None, "not due"
    assert await comparisons.claim(KEY, 30, 1_500) == make()
    assert await other.claim(KEY, 30, 1_500) is None
    stop_clock(120_000)
    await comparisons.hold(KEY, 30)
    stop_clock(140_000)
    assert await other.claim(KEY, 30, 1_500) is None, "it was kept"
    stop_clock(150_001)
    assert await other.claim(KEY, 30, 1_500) is not None
    await other.free_all()
    assert await comparisons.claim(KEY, 30, 1_500) is not None


async def test_a_deleted_video_ends_its_comparisons_and_has_them_shown_anew(
    comparisons: SqlComparisonStore,
) -> None:
    before, other = await opened(comparisons), ComparisonId("501")
    await opened(comparisons, make(other, left=JobId("2"), right=JobId("1")))
    await comparisons.end(other, 3_000)
    ended = await comparisons.get(other)
    assert ended is not None
    await comparisons.settle(ended)
    assert await comparisons.withdraw(JobId("1"), 4_000)
    assert await comparisons.due(4_000) == [
        replace(before, revealed_at=4_000, due_at=4_000, withdrawn=True),
        replace(ended, revealed_at=3_000, due_at=4_000, withdrawn=True),
    ]
    assert not await comparisons.withdraw(JobId("3"), 4_000)


async def test_an_end_that_comes_while_it_is_filled_is_shown_after_that(
    comparisons: SqlComparisonStore,
) -> None:
    kept = await comparisons.add(make())
    await comparisons.claim(KEY, 30, 1_500)
    await comparisons.withdraw(JobId("1"), 1_600)
    meanwhile = await comparisons.claim(KEY, 30, 1_600)
    assert meanwhile is not None
    await comparisons.settle(meanwhile)
    await comparisons.opened(kept)
    assert [due.id for due in await comparisons.due(1_600)] == [KEY]


async def test_a_removed_one_is_gone_with_its_votes_as_with_its_job(
    comparisons: SqlComparisonStore, database: Database
) -> None:
    await opened(comparisons)
    await comparisons.vote(KEY, Side.A, 1, 2_000)
    await comparisons.remove(KEY)
    assert await comparisons.get(KEY) is None
    await opened(comparisons)
    await comparisons.vote(KEY, Side.A, 1, 2_000)
    await database.execute("DELETE FROM jobs WHERE id = '2'")
    assert await comparisons.get(KEY) is None
    assert await database.fetch_all("SELECT * FROM comparison_votes") == []


def delivered(job: Job, **changes: object) -> Job:
    given: dict[str, object] = {"state": JobState.DELIVERED, "result_message_id": 100 + int(job.id)}
    return replace(job, **(given | changes))  # type: ignore[arg-type]  # the tests name fields


async def test_recent_videos_are_those_that_stand_on_the_server(
    comparisons: SqlComparisonStore, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    def new(number: int, guild_id: int = 9) -> Job:
        return make_job(str(number), guild_id=guild_id, created_at=number, request=FOX)

    first, second = delivered(new(11)), delivered(new(12))
    unseen = [
        delivered(new(13), venue=Venue.DIRECT),
        delivered(new(14), result_message_id=None),
        delivered(new(15, guild_id=8)),
    ]
    for job in (first, second, *unseen):
        await store.add(job)
    assert [job.id for job in await comparisons.recent(9, 10)] == ["12", "11"]
    assert [job.id for job in await comparisons.recent(9, 1)] == ["12"]


async def test_relatives_are_parent_children_brothers_and_the_board(
    comparisons: SqlComparisonStore, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    def born(number: int, parent: str | None, board: str | None = None, **changes: object) -> Job:
        origin = Origin(parent=parent, relation=Relation.AGAIN, board=board)
        return delivered(make_job(str(number), guild_id=9, origin=origin), **changes)

    asked = born(22, "21", "b")
    family = [
        born(21, None),
        asked,
        born(23, "21"),
        born(24, "22"),
        born(25, None, "b"),
        born(26, "23"),
        born(27, "21", result_message_id=None),
        born(28, None),
    ]
    for job in family:
        await store.add(job)
    assert sorted(job.id for job in await comparisons.relatives(asked, 50)) == ["21", "23", "24", "25"]
    assert await comparisons.relatives(family[-1], 50) == []


async def test_outcomes_are_games_of_what_differs(
    comparisons: SqlComparisonStore, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    noir, veo = replace(FOX, style="noir"), replace(FOX, model="veo")
    await store.add(make_job("3", guild_id=9, request=noir))
    await store.add(make_job("4", guild_id=9, request=veo))
    await store.add(make_job("5", guild_id=9, request=replace(noir, model="veo")))
    pairs = {"50": ("1", "3"), "51": ("4", "1"), "52": ("1", "5"), "53": ("1", "2"), "54": ("3", "1")}
    for number, (key, (left, right)) in enumerate(pairs.items()):
        one = make(ComparisonId(key), left=JobId(left), right=JobId(right), created_at=1_000 + number)
        await opened(comparisons, one)
        await comparisons.vote(one.id, Side.B, 1, 2_000)
        await comparisons.vote(one.id, Side.B, 2, 2_000)
        if key != "54":
            await comparisons.end(one.id, 3_000)
    assert await comparisons.outcomes(9, 0) == Outcomes(
        styles={("noir", ""): 4}, models={("sora", "veo"): 2, ("veo", "sora"): 2}
    )
    assert await comparisons.outcomes(9, 1_001) == Outcomes(
        styles={("noir", ""): 2}, models={("sora", "veo"): 2, ("veo", "sora"): 2}
    )
    assert await comparisons.outcomes(8, 0) == Outcomes()
