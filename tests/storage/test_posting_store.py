"""The contract of PostingStore, on every database."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job, JobId, WorkerId
from bot.domain.posting import Posting, PostingId, PostingKind, PostingState, best_copy, reel_id
from bot.ports_posting import PostingStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.postings import SqlPostingStore
from tests.storage.conftest import Connect

W1, W2 = WorkerId("w1"), WorkerId("w2")
TTL = 60_000
START = 1_790_000_000_000
S = PostingState


@pytest.fixture
async def postings(
    database: Database,
    store: SqlJobStore,
    make_job: Callable[..., Job],
    stop_clock: Callable[[int], None],
) -> SqlPostingStore:
    stop_clock(START)
    await store.add(make_job("1"))
    await store.beat(W1, TTL)
    await store.beat(W2, TTL)
    return SqlPostingStore(database)


def copy(make_job: Callable[..., Job], job_id: str = "1") -> Posting:
    return best_copy(make_job(job_id), guild_id=100, channel_id=2**60)


def reel(period: str) -> Posting:
    mark = f"🏆 **{period}**"
    return Posting(id=reel_id(100, period), kind=PostingKind.REEL, guild_id=100, channel_id=5, mark=mark)


async def state(postings: SqlPostingStore, posting_id: str) -> PostingState:
    posting = await postings.get(PostingId(posting_id))
    assert posting is not None
    return posting.state


async def test_deciding_twice_is_one_row(postings: SqlPostingStore, make_job: Callable[..., Job]) -> None:
    port: PostingStore = postings
    wanted = copy(make_job)
    first = await port.owe(wanted)
    assert first == replace(wanted, due_at=START, created_at=START)
    assert await port.get(wanted.id) == first
    elsewhere = replace(wanted, channel_id=9)
    assert await port.owe(elsewhere) == first, "also after the server has chosen another channel"
    [claimed] = await port.claim(W1, 5)
    await port.posted(claimed, 77)
    again = await port.owe(wanted)
    assert (again.state, again.message_id) == (S.POSTED, 77)
    assert await port.claim(W1, 5) == []
    assert await port.get(PostingId("best:none")) is None


async def test_what_a_living_process_has_is_its_own(
    postings: SqlPostingStore, stop_clock: Callable[[int], None], store: SqlJobStore
) -> None:
    await postings.owe(reel("2026-W47"))
    [mine] = await postings.claim(W1, 5)
    assert (mine.owner, mine.attempt, mine.intent_at) == (W1, 1, START)
    assert await postings.claim(W2, 5) == []
    stop_clock(START + TTL + 1)
    await store.beat(W2, TTL)
    [taken] = await postings.claim(W2, 5)
    assert (taken.owner, taken.attempt, taken.intent_at) == (W2, 2, START), "the first intent stands"
    await postings.put_off(mine, 1)
    await postings.give_up(mine)
    assert await postings.get(mine.id) == taken, "whose lease ended has nothing to say any more"


async def test_what_is_in_hand_is_not_taken_again(postings: SqlPostingStore) -> None:
    await postings.owe(reel("2026-W47"))
    [mine] = await postings.claim(W1, 5)
    assert await postings.claim(W1, 5) == []
    await postings.put_off(mine, 0)
    [again] = await postings.claim(W1, 5)
    assert again.attempt == 2


async def test_the_oldest_come_first_and_others_wait(
    postings: SqlPostingStore, stop_clock: Callable[[int], None]
) -> None:
    for number in range(3):
        stop_clock(START + number)
        await postings.owe(reel(f"2026-{number}"))
    claimed = await postings.claim(W1, 2)
    assert [posting.id for posting in claimed] == ["reel:100:2026-0", "reel:100:2026-1"]
    await postings.put_off(claimed[0], 5_000)
    [last] = await postings.claim(W2, 2)
    assert last.id == "reel:100:2026-2"
    stop_clock(START + 6_000)
    await postings.posted(last, 77)
    [waited] = await postings.claim(W2, 2)
    assert waited.id == "reel:100:2026-0"


async def test_a_clock_that_was_set_back_holds_nothing_up(
    postings: SqlPostingStore, stop_clock: Callable[[int], None]
) -> None:
    stop_clock(START + 24 * 3_600_000)
    await postings.owe(reel("2026-W47"))
    stop_clock(START)
    assert len(await postings.claim(W1, 5)) == 1


async def test_what_is_given_up_is_never_offered_again(postings: SqlPostingStore) -> None:
    posting = await postings.owe(reel("2026-W47"))
    [claimed] = await postings.claim(W1, 5)
    await postings.give_up(claimed)
    assert await state(postings, posting.id) is S.GIVEN_UP
    assert (await postings.owe(posting)).state is S.GIVEN_UP
    assert await postings.claim(W1, 5) == []


async def test_what_is_taken_back_before_anybody_took_it_was_never_sent(postings: SqlPostingStore) -> None:
    posting = await postings.owe(reel("2026-W47"))
    await postings.take_back(posting.id)
    assert await state(postings, posting.id) is S.GONE
    assert await postings.claim(W1, 5) == []
    await postings.take_back(PostingId("best:none"))


async def test_what_is_taken_back_while_it_is_sent_leaves_afterwards(postings: SqlPostingStore) -> None:
    posting = await postings.owe(reel("2026-W47"))
    [sending] = await postings.claim(W1, 5)
    await postings.take_back(posting.id)
    assert await postings.claim(W2, 5) == [], "who sends it still has it"
    await postings.give_up(sending)
    assert await state(postings, posting.id) is S.LEAVING, "what was decided meanwhile wins"
    after = await postings.posted(sending, 77)
    assert (after.state, after.message_id, after.owner) == (S.LEAVING, 77, None)
    [leaving] = await postings.claim(W2, 5)
    await postings.give_up(leaving)
    assert await state(postings, posting.id) is S.GONE
    await postings.take_back(posting.id)
    assert await state(postings, posting.id) is S.GONE, "once is enough"


async def test_one_that_landed_after_it_was_taken_away_leaves_again(postings: SqlPostingStore) -> None:
    posting = await postings.owe(reel("2026-W47"))
    [sending] = await postings.claim(W1, 5)
    await postings.take_back(posting.id)
    await postings.put_off(sending, 0)
    [leaving] = await postings.claim(W1, 5)
    await postings.give_up(leaving)
    assert (await postings.posted(sending, 77)).state is S.LEAVING


async def test_two_processes_at_once_never_have_the_same(connect: Connect, postings: SqlPostingStore) -> None:
    stores = [SqlPostingStore(await connect()) for _ in range(2)]
    for number in range(20):
        await postings.owe(reel(f"2026-{number}"))
    workers = [W1, W2] * 5
    rounds = await asyncio.gather(
        *(stores[number % 2].claim(worker, 20) for number, worker in enumerate(workers))
    )
    owners: dict[str, set[WorkerId]] = {}
    for worker, claimed in zip(workers, rounds, strict=True):
        for posting in claimed:
            owners.setdefault(posting.id, set()).add(worker)
    assert len(owners) == 20
    assert all(len(who) == 1 for who in owners.values()), owners


async def test_the_machine_that_has_the_file_posts_it_while_it_lives(
    database: Database, make_job: Callable[..., Job], stop_clock: Callable[[int], None]
) -> None:
    stop_clock(START)
    one, two = SqlJobStore(database, machine="one"), SqlJobStore(database, machine="two")
    await one.add(make_job("2", kept_on="one"))
    await one.beat(W1, TTL)
    await two.beat(W2, TTL)
    postings = SqlPostingStore(database)
    await postings.owe(copy(make_job, "2"))
    assert await postings.claim(W2, 5) == []
    await one.leave(W1)
    assert len(await postings.claim(W2, 5)) == 1


async def test_it_goes_with_its_job(
    postings: SqlPostingStore, make_job: Callable[..., Job], database: Database
) -> None:
    await postings.owe(copy(make_job))
    await database.execute("DELETE FROM jobs WHERE id = :id", id=JobId("1"))
    assert await database.fetch_all("SELECT * FROM postings") == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_looking_every_second_reads_no_table(postings: SqlPostingStore, database: Database) -> None:
    plan = await database.fetch_all(
        f"EXPLAIN QUERY PLAN {postings._sql['claim']}", worker="w", now=1, far=2, limit=5
    )
    steps = [row["detail"] for row in plan]
    assert any("postings_due" in step for step in steps), steps
    scans = [step for step in steps if step.startswith(("SCAN postings", "SCAN jobs"))]
    assert all("postings_due" in step for step in scans), "that index holds only what is due"
