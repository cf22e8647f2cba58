"""`/best`: titles, captions, credits, first answers, and what is posted with the reel."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from simcord import Env, InteractionResult

from bot.client import Reelbot
from bot.domain.feedback import ReelEvery
from bot.domain.job import Job
from bot.domain.join import Caption
from bot.domain.ratings import Scale
from bot.domain.reel import Period, ended, lately, scheduled_id
from bot.domain.states import JobState
from bot.jobs.studio import STUDIO
from cogs.buttons.views import result_view, status_view
from cogs.delivery import SHEET, DiscordAnnouncer
from cogs.reels import ReelShow, credit, reel_title
from cogs.result_message import Beside, result_forms
from cogs.texts import load_library
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_job, make_place
from tests.fakes import FakeClock, FakeMedia

LIBRARY = load_library()
TEXTS = LIBRARY.texts("en-US")


@pytest.fixture
def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
def show(simcord_bot: Reelbot, store: SqlJobStore, media: FakeMedia, workspace: FileWorkspace) -> ReelShow:
    return ReelShow(client=simcord_bot, library=LIBRARY, jobs=store, media=media, workspace=workspace)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def said(result: InteractionResult) -> str:
    return "\n".join(message.content for message in (result.response, *result.followups) if message)


class Videos:
    """Puts delivered videos with votes there."""

    def __init__(
        self, place: Place, store: SqlJobStore, database: Database, workspace: FileWorkspace
    ) -> None:
        self.place = place
        self._store = store
        self._database = database
        self._workspace = workspace

    async def add(self, number: int, *votes: int, user_id: int | None = None, kept: bool = True) -> Job:
        name = f"originals/{number}-0.mp4"
        path = self._workspace.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if kept:
            path.write_bytes(b"video")
        where = make_place(guild_id=self.place.guild.id, channel_id=self.place.channel.id)
        job = await self._store.add(
            make_job(
                id=str(number),
                user_id=user_id or self.place.alice.id,
                state=JobState.DELIVERED,
                finished_at=NOW - number,
                result_file=name,
                result_message_id=900 + number,
                place=where,
            )
        )
        for member, value in enumerate(votes, 1):
            await self._database.execute(
                "INSERT INTO votes (job_id, user_id, emoji, value, at, counts)"
                " VALUES (:job_id, :user_id, '👍', :value, 5, 1)",
                job_id=job.id,
                user_id=member,
                value=value,
            )
        return job


@pytest.fixture
def videos(place: Place, store: SqlJobStore, database: Database, workspace: FileWorkspace) -> Videos:
    return Videos(place, store, database, workspace)


@pytest.mark.parametrize(
    ("period", "title"),
    [
        (ended(ReelEvery.WEEK, at("2026-11-23T08:00")), "Best of the week · 16–22 Nov"),
        (ended(ReelEvery.WEEK, at("2026-12-08T08:00")), "Best of the week · 30 Nov – 6 Dec"),
        (ended(ReelEvery.WEEK, at("2027-01-04T08:00")), "Best of the week · 28 Dec – 3 Jan"),
        (ended(ReelEvery.MONTH, at("2027-01-04T08:00")), "Best of the month · December 2026"),
        (lately(ReelEvery.WEEK, at("2026-11-22T08:00")), "Best of the week · 16–22 Nov"),
        (lately(ReelEvery.MONTH, at("2026-11-22T08:00")), "Best of the month · 24 Oct – 22 Nov"),
        (lately(ReelEvery.MONTH, at("2026-10-30T08:00")), "Best of the month · 1–30 Oct"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_title_names_the_days(period: Period, title: str) -> None:
    assert reel_title(period, TEXTS) == title


async def test_the_reel_is_a_job_of_whoever_asked(videos: Videos, place: Place, store: SqlJobStore) -> None:
    await videos.add(1, 100, 100, 100)
    await videos.add(2, 100, 0, user_id=place.bob.id)
    result = await place.bob.slash(place.channel, "best", period="week")
    assert not result.ephemeral
    (job,) = await store.line()
    assert (job.provider, job.user_id) == (STUDIO, place.bob.id)
    assert job.request.join is not None
    assert job.request.join.sources == ("1", "2")
    assert result.response is not None
    assert job.place.status_message_id == result.response.id
    assert "🎬 Best of the week" in result.response.content


async def test_only_a_members_own_videos_are_shown_where_that_is_asked(
    videos: Videos, place: Place, store: SqlJobStore
) -> None:
    for number in range(1, 5):
        await videos.add(number, 100)
    await videos.add(9, 100, 100, user_id=place.bob.id)
    await place.bob.slash(place.channel, "best", period="month", count=3, member=place.alice)
    (job,) = await store.line()
    assert job.request.join is not None
    assert len(job.request.join.sources) == 3
    assert "9" not in job.request.join.sources


async def test_nothing_to_show_is_said_privately_with_the_numbers(
    videos: Videos, place: Place, store: SqlJobStore
) -> None:
    result = await place.bob.slash(place.channel, "best", period="week")
    assert result.response is None, "the public thinking is gone"
    assert result.followups[0].ephemeral
    assert "No video was made here" in said(result)
    await videos.add(1)
    await videos.add(2)
    assert "any of the 2 videos" in said(await place.bob.slash(place.channel, "best", period="week"))
    await videos.add(3, 100, kept=False)
    told = said(await place.bob.slash(place.channel, "best", period="week"))
    assert "3 videos were made in that time, 1 of them have votes; 1 I do not keep" in told
    assert await store.line() == []


async def reel_of(videos: Videos, place: Place, store: SqlJobStore) -> Job:
    """Order a reel of two videos, of which one more is no longer kept."""
    await videos.add(1, 100, 100, 100)
    await videos.add(2, 100, user_id=place.bob.id)
    await videos.add(3, 75, kept=False, user_id=place.bob.id)
    await place.bob.slash(place.channel, "best", period="week")
    (job,) = await store.line()
    return job


async def test_credits_name_the_members_and_call_nobody(
    videos: Videos, place: Place, store: SqlJobStore, show: ReelShow, media: FakeMedia
) -> None:
    job = await reel_of(videos, place, store)
    beside = await show.beside(job)
    assert beside is not None
    first, second, left_out = beside.lines
    address = f"https://discord.com/channels/{place.guild.id}/{place.channel.id}"
    assert first.startswith("🥇 **[")
    assert f"]({address}/901)** by <@{place.alice.id}> · 100 % · 3 votes" in first
    assert second.startswith("🥈")
    assert f"<@{place.bob.id}> · 100 % · 1 vote" in second
    assert f"{address}/903" in left_out
    assert beside.sheet == b"sheet of 2"
    assert media.sheets == [((), (1, 2))]
    gone = credit(4, None, job.request.join.scores[1], TEXTS)  # type: ignore[union-attr]
    assert gone == "**4.** a video that has been deleted since · 100 % · 1 vote"


async def test_captions_carry_the_names_of_the_server(
    videos: Videos, place: Place, store: SqlJobStore, show: ReelShow
) -> None:
    job = await reel_of(videos, place, store)
    assert await show.captions(job) == [
        Caption(place=1, name="alice", facts="100 % · 3 votes"),
        Caption(place=2, name="bob", facts="100 % · 1 vote"),
    ]


async def test_a_member_whom_discord_does_not_know_has_no_name(
    videos: Videos, place: Place, store: SqlJobStore, show: ReelShow
) -> None:
    await videos.add(1, 100, user_id=12345)
    await place.bob.slash(place.channel, "best", period="week")
    (job,) = await store.line()
    (caption,) = await show.captions(job)
    assert caption.name == "A member"


async def test_the_words_of_a_reel(videos: Videos, place: Place, store: SqlJobStore) -> None:
    job = await reel_of(videos, place, store)
    beside = Beside(lines=("🥇 one", "🥈 two"), sheet=b"jpeg")
    asked = result_forms(job, TEXTS, in_doubt=False, beside=beside)
    assert asked[0].text.startswith(f"<@{place.bob.id}> Your reel is ready: 🏆 **Best of the week")
    assert "\n🥇 one\n🥈 two\n" in asked[0].text
    assert asked[0].sheet == b"jpeg"
    assert (asked[1].text, asked[1].sheet) == (asked[0].text, None)
    assert "🥇" not in asked[2].text
    assert asked[0].file_name.startswith("best-week-")
    period = ended(ReelEvery.WEEK, NOW)
    by_itself = make_job(id=scheduled_id(1, period), request=job.request, user_id=0)
    text = result_forms(by_itself, TEXTS, in_doubt=False, beside=beside)[0].text
    assert text.startswith("Here it is: 🏆")
    assert "<@0>" not in text
    full = Beside(lines=("x" * 170,) * 10)
    assert len(result_forms(job, TEXTS, in_doubt=True, beside=full)[0].text) < 2000


async def test_the_sheet_is_posted_with_the_video(
    videos: Videos, place: Place, store: SqlJobStore, show: ReelShow, simcord_bot: Reelbot, tmp_path: Path
) -> None:
    job = await reel_of(videos, place, store)

    async def scale(_guild_id: int | None) -> Scale:
        return Scale()

    announcer = DiscordAnnouncer(
        client=simcord_bot,
        library=LIBRARY,
        clock=FakeClock(),
        status_view=status_view,
        result_view=result_view,
        scale_of=scale,
        beside_of=show.beside,
    )
    file = tmp_path / "reel.mp4"
    file.write_bytes(b"reel")
    posted = await announcer.deliver(job, file, in_doubt=False)
    channel = simcord_bot.get_channel(posted.channel_id)
    message = await channel.fetch_message(posted.message_id)  # type: ignore[union-attr]
    assert "🥇" in message.content
    assert message.attachments[0].filename.endswith(f"-{job.short_id}.mp4")
    assert SHEET in str(message.embeds[0].image.url)
    await announcer.stop()
