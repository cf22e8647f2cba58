"""Choosing a reel's clips, ordering it, and reels that come by themselves, on a real SQLite file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import Forbidden, InvalidRequest, TryLater
from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.job import Job, JobId, Place, WorkerId
from bot.domain.join import Caption
from bot.domain.posting import Posting, PostingState, reel_id
from bot.domain.reel import ended, lately, scheduled_id
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.domain.states import JobState
from bot.domain.video import Size
from bot.jobs.reel_schedule import ReelRunner
from bot.jobs.reels import Reels, Wish
from bot.jobs.studio import STUDIO, Studio
from storage.database import Database, open_database
from storage.feedback import SqlFeedbackStore
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.postings import SqlPostingStore
from storage.reels import SqlReelStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace
from tests.factories import make_job, make_place, make_request
from tests.fakes import FakeClock, FakeMedia

GUILD, HALL, CELLAR, BOT = 100, 200, 666, 77


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


MONDAY = at("2026-11-23T00:04")


class Channels:
    """Knows which channels are for adults, and which nobody can ask about."""

    def __init__(self) -> None:
        self.adult: set[int] = set()
        self.errors: dict[int, Exception] = {}

    async def is_restricted(self, channel_id: int) -> bool:
        if channel_id in self.errors:
            raise self.errors[channel_id]
        return channel_id in self.adult


class Engine:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    def cancel(self, job_id: JobId) -> None:
        raise AssertionError

    def ended(self, job: Job) -> None:
        raise AssertionError


@dataclass(slots=True, kw_only=True)
class House:
    """A server with videos and votes."""

    database: Database
    workspace: FileWorkspace
    clock: FakeClock = field(default_factory=lambda: FakeClock(MONDAY))
    channels: Channels = field(default_factory=Channels)
    engine: Engine = field(default_factory=Engine)

    @property
    def jobs(self) -> SqlJobStore:
        return SqlJobStore(self.database)

    @property
    def postings(self) -> SqlPostingStore:
        return SqlPostingStore(self.database)

    def reels(self) -> Reels:
        return Reels(
            store=SqlReelStore(self.database),
            jobs=self.jobs,
            settings=SqlSettingsStore(self.database),
            channels=self.channels,
            workspace=self.workspace,
            clock=self.clock,
        )

    def runner(self) -> ReelRunner:
        return ReelRunner(
            settings=SqlFeedbackStore(self.database),
            reels=self.reels(),
            jobs=self.jobs,
            postings=self.postings,
            engine=self.engine,
            clock=self.clock,
            title=lambda period: f"Best of {period.key}",
            mark=lambda period: f"🏆 {period.key}",
            whoami=lambda: BOT,
        )

    async def video(
        self, number: int, *votes: int, kept: bool = True, channel: int = HALL, **changes: object
    ) -> Job:
        """Put a delivered video of last week there, with its votes."""
        name = f"originals/{number}-0.mp4"
        if kept:
            path = self.workspace.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"video")
        usual: dict[str, object] = {
            "id": str(number),
            "user_id": number,
            "state": JobState.DELIVERED,
            "created_at": at("2026-11-18T10:00"),
            "finished_at": at("2026-11-18T10:01"),
            "result_file": name,
            "result_message_id": 900 + number,
            "place": make_place(guild_id=GUILD, channel_id=channel),
        }
        job = await self.jobs.add(make_job(**(usual | changes)))
        for user_id, value in enumerate(votes, 1):
            await self.database.execute(
                "INSERT INTO votes (job_id, user_id, emoji, value, at, counts)"
                " VALUES (:job_id, :user_id, '👍', :value, 5, 1)",
                job_id=job.id,
                user_id=user_id,
                value=value,
            )
        return job

    async def wishes_reels(self, every: ReelEvery = ReelEvery.WEEK, since: str = "2026-11-17T00:00") -> None:
        await SqlFeedbackStore(self.database).save(
            FeedbackSettings(guild_id=GUILD, reel_every=every, reel_channel_id=HALL, reel_since=at(since))
        )

    async def posted(self, message_id: int = 5000) -> Posting:
        """Do what sends postings: post the one that is owed."""
        (posting,) = await self.postings.claim(WorkerId("w"), 5)
        return await self.postings.posted(posting, message_id)

    async def made(self) -> list[Job]:
        return [job for job in await self.jobs.line() if job.provider == STUDIO]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    yield House(database=database, workspace=FileWorkspace(tmp_path / "data"))
    await database.close()


def wish(count: int = 5, *, channel: int = HALL, user_id: int | None = None) -> Wish:
    period = lately(ReelEvery.WEEK, at("2026-11-19T12:00"))
    return Wish(guild_id=GUILD, channel_id=channel, period=period, count=count, user_id=user_id)


async def make(house: House, wanted: Wish, key: str = "5001") -> Job:
    return await house.reels().make(
        wanted,
        key=JobId(key),
        user_id=42,
        place=Place(channel_id=wanted.channel_id, guild_id=GUILD, status_message_id=300),
        title="Best of the week",
        locale="en-US",
        limited=True,
    )


async def test_the_best_are_ordered_as_one_job(house: House) -> None:
    tall = make_request(size=Size(720, 1280), seconds=4)
    await house.video(1, 100, 100, 100, 100)
    await house.video(2, 100, 0, request=tall)
    await house.video(3, 100, 100, 75)
    await house.video(4)
    job = await make(house, wish())
    join = job.request.join
    assert join is not None
    assert join.sources == ("1", "3", "2")
    assert [(score.approval, score.votes) for score in join.scores] == [
        (1.0, 4),
        (pytest.approx(275 / 300), 3),
        (0.5, 2),
    ]
    assert (join.title, join.fade, join.longest) == ("Best of the week", True, 8.0)
    assert (job.provider, job.user_id, job.request.size) == (STUDIO, 42, Size(1280, 720))
    assert job.request.seconds == 2 + 8 + 8 + 4 - 1, "a title, three clips, two fades"
    assert await make(house, wish(count=3)) == job, "redelivered, it is the same job"
    assert len(await house.made()) == 1


async def test_what_is_not_kept_makes_room_and_is_named(house: House) -> None:
    await house.video(1, 100, 100, kept=False)
    await house.video(2, 100)
    await house.video(3, 75, kept=False)
    await house.video(4, 50)
    await house.video(5, 25)
    join = (await make(house, wish(count=3))).request.join
    assert join is not None
    assert join.sources == ("2", "4", "5")
    assert join.left_out == ("1", "3")


async def test_videos_for_adults_stay_among_them(house: House) -> None:
    house.channels.adult = {CELLAR}
    house.channels.errors = {404: Forbidden("no access")}
    await house.video(1, 100, 100, 100, channel=CELLAR)
    await house.video(2, 100, 100, channel=404)
    await house.video(3, 100)
    seen = await house.reels().choose(wish())
    assert [job.id for job, _ in seen.best] == ["3"]
    assert (seen.restricted, seen.gone) == (2, ())
    among_them = await house.reels().choose(wish(channel=CELLAR))
    assert [job.id for job, _ in among_them.best] == ["1", "2", "3"]


async def test_a_discord_that_does_not_answer_shows_nothing(house: House) -> None:
    house.channels.errors = {CELLAR: TryLater("away")}
    await house.video(1, 100, channel=CELLAR)
    with pytest.raises(TryLater):
        await make(house, wish())
    assert await house.made() == []


async def test_one_member_fills_a_reel_only_when_asked_for(house: House) -> None:
    for number in range(1, 5):
        await house.video(number, 100, user_id=7)
    await house.video(9, 0)
    assert len((await house.reels().choose(wish())).best) == 3
    own = await house.reels().choose(wish(user_id=7))
    assert len(own.best) == 4
    assert {job.user_id for job, _ in own.best} == {7}


async def test_nothing_to_show_says_how_many_there_were(house: House) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await make(house, wish())
    assert refused.value.code is Code.REEL_NOTHING
    assert refused.value.facts == {"videos": 0, "voted": 0, "gone": 0, "restricted": 0}
    house.channels.adult = {CELLAR}
    await house.video(1)
    await house.video(2, 100, kept=False)
    await house.video(3, 100, channel=CELLAR)
    with pytest.raises(InvalidRequest) as refused:
        await make(house, wish())
    assert refused.value.facts == {"videos": 3, "voted": 2, "gone": 1, "restricted": 1}
    assert await house.made() == []


async def test_a_week_that_ended_is_opened_and_then_made_once(house: House) -> None:
    await house.wishes_reels()
    await house.video(1, 100, 100)
    period = ended(ReelEvery.WEEK, MONDAY)
    runner = house.runner()
    assert await runner.look(), "the message is on its way"
    assert await house.runner().look(), "another process sees the same"
    posting = await house.postings.get(reel_id(GUILD, "2026-W47"))
    assert posting is not None
    assert (posting.channel_id, posting.mark) == (HALL, "🏆 2026-W47")
    assert await house.made() == []
    await house.posted(5000)
    assert not await runner.look()
    assert not await house.runner().look()
    (job,) = await house.made()
    assert job.id == scheduled_id(GUILD, period)
    assert job.place == Place(channel_id=HALL, guild_id=GUILD, status_message_id=5000)
    assert job.user_id == BOT
    assert job.request.prompt == "Best of 2026-W47"
    assert house.engine.woken == 1
    rows = await house.database.fetch_all("SELECT count(*) AS postings FROM postings")
    assert rows[0]["postings"] == 1


async def test_after_a_month_away_there_is_one_reel(house: House) -> None:
    await house.wishes_reels()
    await house.video(1, 100)
    late = at("2026-12-17T12:00")
    await house.video(2, 100, created_at=late, finished_at=late)
    house.clock = FakeClock(at("2026-12-21T09:00"))
    await house.runner().look()
    posting = await house.posted()
    assert posting.id == reel_id(GUILD, "2026-W51")
    await house.runner().look()
    (job,) = await house.made()
    assert job.request.join is not None
    assert job.request.join.sources == ("2",)


async def test_a_month_has_its_reel_too(house: House) -> None:
    await house.wishes_reels(ReelEvery.MONTH)
    await house.video(1, 100)
    assert not await house.runner().look(), "November goes on"
    house.clock = FakeClock(at("2026-12-01T00:01"))
    assert await house.runner().look()
    assert (await house.posted()).id == reel_id(GUILD, "2026-11")


async def test_a_week_without_votes_stays_silent_also_when_votes_come_later(house: House) -> None:
    await house.wishes_reels()
    await house.video(1)
    runner = house.runner()
    assert not await runner.look()
    await house.video(2, 100)
    assert not await runner.look()
    assert await house.database.fetch_all("SELECT * FROM postings") == []


async def test_what_ended_before_the_wish_is_not_made(house: House) -> None:
    await house.wishes_reels(since="2026-11-23T00:00")
    await house.video(1, 100)
    assert not await house.runner().look()


async def test_where_all_is_gone_meanwhile_the_opening_message_is_taken_back(house: House) -> None:
    await house.wishes_reels()
    video = await house.video(1, 100)
    await house.runner().look()
    await house.posted()
    house.workspace.path(video.result_file or "").unlink()
    await house.runner().look()
    assert await house.made() == []
    posting = await house.postings.get(reel_id(GUILD, "2026-W47"))
    assert posting is not None
    assert posting.state is PostingState.LEAVING


async def test_one_servers_trouble_is_not_anothers(house: House) -> None:
    await house.wishes_reels()
    other = replace(
        await SqlFeedbackStore(house.database).settings(GUILD), guild_id=GUILD + 1, reel_channel_id=201
    )
    await SqlFeedbackStore(house.database).save(other)
    await house.video(1, 100)
    await house.video(2, 100, channel=201, place=make_place(guild_id=GUILD + 1, channel_id=201))
    house.channels.errors = {HALL: TryLater("away")}
    assert await house.runner().look()
    rows = await house.database.fetch_all("SELECT id FROM postings")
    assert [row["id"] for row in rows] == [reel_id(GUILD + 1, "2026-W47")]


async def test_the_studio_captions_a_reel_and_no_other_join(house: House, tmp_path: Path) -> None:
    await house.video(1, 100)
    await house.video(2, 50)
    job = await make(house, wish())
    media = FakeMedia()

    async def captions(asked: Job) -> list[Caption]:
        assert asked.id == job.id
        return [Caption(place=1, name="Ada", facts="100 %"), Caption(place=2, name="Bob", facts="50 %")]

    studio = Studio(store=house.jobs, media=media, workspace=house.workspace, captions=captions)
    video = RemoteVideo(id=job.id, status=RemoteStatus.DONE)
    await studio.download(video, into=tmp_path / "reel.mp4", limit=1 << 20)
    assert media.joined == [(["1-0.mp4", "2-0.mp4"], True, "Best of the week")]
    assert media.captioned == [(await captions(job), 8.0)]
    plain = replace(job.request, join=replace(job.request.join, scores=(), longest=None))  # type: ignore[type-var]
    await house.jobs.add(make_job(id="6001", provider=STUDIO, request=plain))
    video = RemoteVideo(id="6001", status=RemoteStatus.DONE)
    await studio.download(video, into=tmp_path / "plain.mp4", limit=1 << 20)
    assert media.captioned[1:] == [([], None)]
