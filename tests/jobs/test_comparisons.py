"""Blind comparisons: who may begin, vote and end, and how the message is filled and its end shown."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.comparison import Comparison, ComparisonId, Side, Votes
from bot.domain.errors import (
    BotError,
    CannotFit,
    DeliveryError,
    Forbidden,
    Gone,
    InvalidRequest,
    JobNotFound,
    NotYourJob,
    QuotaExceeded,
    TooLarge,
    TooLate,
    TryLater,
)
from bot.domain.feedback import FeedbackSettings
from bot.domain.job import Job, JobId
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.comparison_runner import SMALLEST, ComparisonPorts, ComparisonRunner
from bot.jobs.comparisons import GRACE, HOUR, MOST_OPEN, Comparisons
from storage.comparisons import SqlComparisonStore
from storage.feedback import SqlFeedbackStore
from tests.factories import NOW, make_job, make_place
from tests.jobs.conftest import World, eventually

ALICE = Actor(user_id=42, guild_id=100)
BOB = Actor(user_id=7, guild_id=100)
KEY = ComparisonId("900")
HALF = 5 << 20


class Channel:
    """A channel that remembers what its message was made to show."""

    def __init__(self) -> None:
        self.limit = 10 << 20
        self.opened: list[dict[Side, tuple[str, int]]] = []
        self.revealed: list[tuple[JobId, JobId, Votes]] = []
        self.given_up: list[Code] = []
        self.fetched: list[JobId] = []
        self.script: list[DeliveryError] = []
        self.hold: asyncio.Event | None = None

    async def upload_limit(self, comparison: Comparison) -> int:
        return self.limit

    async def fetch(self, job: Job, target: Path) -> None:
        if job.still_file is not None:
            raise Gone("a still is all there is")
        self.fetched.append(job.id)
        await asyncio.to_thread(target.write_bytes, b"posted")

    async def open(self, comparison: Comparison, videos: Mapping[Side, Path]) -> None:
        if self.hold is not None:
            await self.hold.wait()
        sizes = {
            side: (path.name, len(await asyncio.to_thread(path.read_bytes))) for side, path in videos.items()
        }
        if self.script:
            raise self.script.pop(0)
        self.opened.append(sizes)

    async def reveal(self, comparison: Comparison, left: Job, right: Job, votes: Votes) -> None:
        if self.script:
            raise self.script.pop(0)
        self.revealed.append((left.id, right.id, votes))

    async def give_up(self, comparison: Comparison, code: Code) -> None:
        self.given_up.append(code)


@dataclass(slots=True, kw_only=True)
class Stand:
    """The use cases and the runner over one database."""

    world: World
    channel: Channel = field(default_factory=Channel)
    woken: int = 0

    def wake(self) -> None:
        self.woken += 1

    @property
    def store(self) -> SqlComparisonStore:
        return SqlComparisonStore(self.world.database)

    @property
    def service(self) -> Comparisons:
        return Comparisons(
            jobs=self.world.store,
            store=self.store,
            feedback=SqlFeedbackStore(self.world.database),
            wake=self.wake,
            clock=self.world.clock,
        )

    def runner(self, *, exclusive: bool = True) -> ComparisonRunner:
        return ComparisonRunner(
            ComparisonPorts(
                store=self.store,
                jobs=self.world.store,
                announcer=self.channel,
                media=self.world.media,
                workspace=self.world.workspace,
                clock=self.world.clock,
            ),
            exclusive=exclusive,
            tick_seconds=0.02,
        )

    @asynccontextmanager
    async def running(self, *, exclusive: bool = True) -> AsyncIterator[None]:
        task = asyncio.create_task(self.runner(exclusive=exclusive).run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def video(self, number: int, *, size: int | None = 1000, **changes: object) -> Job:
        """Keep a delivered video, with an original of so many bytes, or none."""
        name = f"originals/V{number}-{number}.mp4"
        if size is not None:
            await asyncio.to_thread(self.world.workspace.path(name).write_bytes, bytes(size))
        values: dict[str, object] = {
            "id": str(number),
            "state": JobState.DELIVERED,
            "result_file": name,
            "result_message_id": 700 + number,
        }
        return await self.world.store.add(make_job(**(values | changes)))

    async def begin(self, *, key: ComparisonId = KEY, enough: int = 2, ready: bool = True) -> Comparison:
        """Begin a comparison of the videos 1 and 2."""
        first, second = [await self.service.find((await self._job(n)).short_id, ALICE) for n in ("1", "2")]
        comparison = await self.service.begin(
            first, second, key=key, actor=ALICE, place=make_place(), locale="en-US", enough=enough, hours=1
        )
        if ready:
            await self.service.start(comparison)
        return comparison

    async def _job(self, number: str) -> Job:
        job = await self.world.store.get(JobId(number))
        assert job is not None
        return job

    async def get(self, key: ComparisonId = KEY) -> Comparison:
        found = await self.store.get(key)
        assert found is not None
        return found

    async def until_filled(self) -> Comparison:
        async def look() -> Comparison | None:
            found = await self.store.get(KEY)
            return found if found is not None and found.filled else None

        return await eventually(look)

    async def until_shown(self) -> Comparison:
        async def look() -> Comparison | None:
            found = await self.store.get(KEY)
            return found if found is not None and found.shown else None

        return await eventually(look)

    async def until_gone(self) -> None:
        async def look() -> bool | None:
            return await self.store.get(KEY) is None or None

        await eventually(look)

    def copies(self) -> list[str]:
        return sorted(path.name for path in (self.world.data_dir / "fitted").iterdir())


@pytest.fixture
async def stand(world: World) -> Stand:
    return Stand(world=world)


@pytest.fixture
async def filled(stand: Stand) -> Stand:
    """Give a comparison of the videos 1 (alice's) and 2 (bob's) that members can vote on."""
    await stand.video(1)
    await stand.video(2, user_id=BOB.user_id)
    await stand.begin()
    await stand.runner().advance(KEY)
    return stand


async def test_one_is_kept_before_it_is_shown_and_a_repeat_is_the_same(stand: Stand) -> None:
    await stand.video(1)
    await stand.video(2)
    comparison = await stand.begin(ready=False)
    assert {comparison.left, comparison.right} == {"1", "2"}
    assert (comparison.due_at, comparison.ends_at) == (NOW + GRACE, NOW + HOUR)
    assert await stand.begin(enough=9, ready=False) == comparison
    await stand.service.start(comparison)
    assert (await stand.get()).due_at == NOW
    assert stand.woken == 1


async def test_only_videos_that_stand_on_this_server_are_compared(stand: Stand) -> None:
    job = await stand.video(1, result_message_id=None)
    with pytest.raises(InvalidRequest) as caught:
        await stand.service.find(job.short_id, ALICE)
    assert caught.value.code is Code.COMPARE_NOT_HERE
    elsewhere = await stand.video(2, place=make_place(guild_id=101), user_id=BOB.user_id)
    with pytest.raises(JobNotFound):
        await stand.service.find(elsewhere.short_id, ALICE)
    own = await stand.video(3, place=make_place(guild_id=101))
    with pytest.raises(InvalidRequest):
        await stand.service.find(own.short_id, ALICE)


async def test_a_video_is_not_compared_with_itself(stand: Stand) -> None:
    job = await stand.video(1)
    with pytest.raises(InvalidRequest) as caught:
        await stand.service.begin(job, job, key=KEY, actor=ALICE, place=make_place(), locale="en-US")
    assert caught.value.code is Code.COMPARE_ITSELF


async def test_a_member_has_so_many_open_and_more_once_one_has_ended(stand: Stand) -> None:
    await stand.video(1)
    await stand.video(2)
    for number in range(MOST_OPEN):
        await stand.begin(key=ComparisonId(str(number)))
    with pytest.raises(QuotaExceeded) as caught:
        await stand.begin()
    assert caught.value.code is Code.COMPARISONS_FULL
    await stand.service.end(ComparisonId("0"), ALICE)
    await stand.begin()


async def test_the_likeliest_relative_comes_first(stand: Stand) -> None:
    first = await stand.video(1)
    child = await stand.video(2, origin=Origin(parent="1", relation=Relation.AGAIN))
    await stand.video(3, origin=Origin(parent="1", relation=Relation.AGAIN), result_message_id=None)
    await stand.video(4)
    assert [job.id for job in await stand.service.siblings(first, 100)] == ["2"]
    assert [job.id for job in await stand.service.siblings(child, 100)] == ["1"]
    assert await stand.service.siblings(first, 101) == []
    assert {job.id for job in await stand.service.recent(100)} == {"1", "2", "4"}


async def test_the_videos_are_shown_and_nothing_is_left_behind(filled: Stand) -> None:
    comparison = await filled.get()
    [shown] = filled.channel.opened
    names = {side: f"V{comparison.video(side)}-{comparison.video(side)}.mp4" for side in Side}
    assert shown == {side: (name, 1000) for side, name in names.items()}
    assert filled.world.media.shrunk == []
    assert comparison.filled
    assert filled.copies() == []


async def test_what_does_not_fit_beside_the_other_is_made_smaller(stand: Stand) -> None:
    await stand.video(1, size=HALF + 1)
    await stand.video(2)
    await stand.begin()
    await stand.runner().advance(KEY)
    [shown] = stand.channel.opened
    assert sorted(size for _, size in shown.values()) == [len(b"small"), 1000]
    [limit] = stand.world.media.shrunk
    assert HALF - (64 << 10) < limit < HALF
    assert stand.copies() == []


async def test_what_players_may_not_know_is_converted(stand: Stand) -> None:
    stand.world.media.foreign = True
    await stand.video(1)
    await stand.video(2)
    await stand.begin()
    await stand.runner().advance(KEY)
    assert len(stand.world.media.shrunk) == 2


async def test_a_place_that_takes_less_than_it_says_gets_less(stand: Stand) -> None:
    stand.channel.limit, stand.channel.script = 50 << 20, [TooLarge()]
    await stand.video(1, size=HALF + 1)
    await stand.video(2)
    await stand.begin()
    await stand.runner().advance(KEY)
    assert [limit < SMALLEST // 2 for limit in stand.world.media.shrunk] == [True]
    assert (await stand.get()).filled


async def test_what_is_not_kept_here_is_fetched_from_its_message(stand: Stand) -> None:
    await stand.video(1, size=None)
    await stand.video(2)
    await stand.begin()
    await stand.runner().advance(KEY)
    assert stand.channel.fetched == ["1"]
    [shown] = stand.channel.opened
    assert sorted(size for _, size in shown.values()) == [len(b"posted"), 1000]
    assert stand.copies() == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"still_file": "fitted/a-1.jpg", "size": None}, Code.COMPARE_GONE),
        ({"size": 20 << 20}, Code.COMPARE_TOO_LARGE),
    ],
    ids=["nowhere", "too large"],
)
async def test_what_can_never_be_shown_is_said_and_forgotten(
    stand: Stand, wish: dict[str, object], code: Code
) -> None:
    stand.world.media.shrink_script = [CannotFit("too long")]
    await stand.video(1, **wish)  # type: ignore[arg-type]  # fields of Job, or the size
    await stand.video(2)
    await stand.begin()
    await stand.runner().advance(KEY)
    assert stand.channel.given_up == [code]
    assert await stand.store.get(KEY) is None
    assert stand.copies() == []


@pytest.mark.parametrize("error", [Gone(), Forbidden()])
async def test_a_message_that_is_gone_ends_it(stand: Stand, error: DeliveryError) -> None:
    await stand.video(1)
    await stand.video(2)
    await stand.begin()
    stand.channel.script = [error]
    await stand.runner().advance(KEY)
    assert await stand.store.get(KEY) is None


async def test_a_discord_that_is_away_is_waited_for(stand: Stand) -> None:
    await stand.video(1)
    await stand.video(2)
    await stand.begin()
    stand.channel.script = [TryLater(retry_after=90.0)]
    await stand.runner().advance(KEY)
    assert (await stand.get()).due_at == NOW + 90_000
    async with stand.running():
        assert stand.channel.opened == []
        stand.world.clock.advance(90)
        await stand.until_filled()
    assert len(stand.channel.opened) == 1


async def test_a_kill_in_the_middle_is_made_good_by_the_next_start(stand: Stand) -> None:
    await stand.video(1)
    await stand.video(2)
    await stand.begin()
    stand.channel.hold = asyncio.Event()
    async with stand.running():

        async def claimed() -> bool | None:
            rows = await stand.world.database.fetch_all("SELECT claimed_until FROM comparisons")
            return rows[0]["claimed_until"] is not None or None

        await eventually(claimed)
    assert not (await stand.get()).filled
    stand.channel.hold = None
    async with stand.running():
        await stand.until_filled()
    assert len(stand.channel.opened) == 1


async def test_two_processes_do_not_fill_the_same_one(stand: Stand) -> None:
    await stand.video(1)
    await stand.video(2)
    await stand.begin()
    runners = [stand.runner(exclusive=False) for _ in range(4)]
    await asyncio.gather(*(runner.advance(KEY) for runner in runners))
    assert len(stand.channel.opened) == 1


async def test_it_ends_with_enough_votes_and_is_revealed_once(filled: Stand) -> None:
    comparison = await filled.get()
    await filled.service.vote(KEY, Side.A, 1)
    await filled.service.vote(KEY, Side.B, 1)
    voted = await filled.service.vote(KEY, Side.B, 2)
    assert voted.revealed_at == NOW
    with pytest.raises(TooLate) as caught:
        await filled.service.vote(KEY, Side.A, 3)
    assert caught.value.code is Code.COMPARISON_ENDED
    async with filled.running():
        await filled.until_shown()
    await filled.runner().advance(KEY)
    assert filled.channel.revealed == [(comparison.left, comparison.right, Votes(a=0, b=2))]


async def test_it_ends_when_its_time_is_over(filled: Stand) -> None:
    await filled.service.vote(KEY, Side.A, 1)
    async with filled.running():
        filled.world.clock.advance(3600)
        shown = await filled.until_shown()
    assert shown.revealed_at == NOW + HOUR
    assert [votes for _, _, votes in filled.channel.revealed] == [Votes(a=1, b=0)]


async def test_an_end_that_cannot_be_shown_is_not_tried_for_ever(filled: Stand) -> None:
    filled.channel.script = [Gone()]
    filled.world.clock.advance(3600)
    await filled.runner().advance(KEY)
    assert (await filled.get()).shown


async def test_authors_and_moderators_end_it_early(filled: Stand) -> None:
    with pytest.raises(NotYourJob) as caught:
        await filled.service.end(KEY, BOB)
    assert caught.value.code is Code.COMPARISON_NOT_YOURS
    with pytest.raises(NotYourJob):
        await filled.service.end(KEY, replace(BOB, guild_id=101, moderator=True))
    await filled.service.end(KEY, replace(BOB, moderator=True))
    with pytest.raises(TooLate):
        await filled.service.end(KEY, ALICE)
    with pytest.raises(TooLate):
        await filled.service.end(ComparisonId("1"), ALICE)
    await filled.runner().advance(KEY)
    assert [votes for _, _, votes in filled.channel.revealed] == [Votes()]


async def test_authors_of_the_videos_vote_unless_the_server_says_no(filled: Stand) -> None:
    await filled.service.vote(KEY, Side.A, ALICE.user_id)
    settings = FeedbackSettings(guild_id=100, author_votes=False)
    await SqlFeedbackStore(filled.world.database).save(settings)
    for author in (ALICE, BOB):
        with pytest.raises(NotYourJob) as caught:
            await filled.service.vote(KEY, Side.A, author.user_id)
        assert caught.value.code is Code.COMPARISON_OWN_VIDEO
    await filled.service.vote(KEY, Side.A, 3)


async def test_a_vote_on_nothing_is_too_late(stand: Stand) -> None:
    with pytest.raises(BotError) as caught:
        await stand.service.vote(KEY, Side.A, 1)
    assert caught.value.code is Code.COMPARISON_ENDED


async def test_a_video_deleted_later_is_taken_out_of_the_message(filled: Stand) -> None:
    await filled.service.vote(KEY, Side.A, 1)
    job = await filled.world.store.get(JobId("1"))
    assert job is not None
    await filled.world.store.save(job, replace(job, result_message_id=None))
    await filled.service.withdraw(job.id)
    await filled.runner().advance(KEY)
    assert len(filled.channel.revealed) == 1
    assert (await filled.get()).shown
    await filled.service.withdraw(JobId("2"))
    await filled.runner().advance(KEY)
    assert len(filled.channel.revealed) == 2


async def test_a_video_deleted_before_it_is_shown_is_not_shown(stand: Stand) -> None:
    job = await stand.video(1)
    await stand.video(2)
    await stand.begin()
    await stand.world.store.save(job, replace(job, result_message_id=None))
    async with stand.running():
        await stand.until_gone()
    assert (stand.channel.opened, stand.channel.given_up) == ([], [Code.COMPARE_GONE])
