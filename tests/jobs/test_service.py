import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, JobNotFound, NoRoom, NotYourJob, QuotaExceeded, TooLate
from bot.domain.job import Job, JobId
from bot.domain.progress import Progress
from bot.domain.settings import GuildSettings
from bot.domain.states import JobState
from bot.domain.video import Size
from bot.jobs.actor import Actor
from bot.jobs.models import Options
from bot.jobs.service import VideoService
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace
from tests.factories import NOW, TALL, make_job, make_place
from tests.fakes import FakeCatalog
from tests.jobs.conftest import World

S = JobState
MINUTE = 60_000
HOUR = 60 * MINUTE
AUTHOR = Actor(user_id=42, guild_id=100)
STRANGER = Actor(user_id=7, guild_id=100)
MODERATOR = Actor(user_id=7, guild_id=100, moderator=True)


class Engine:
    def __init__(self) -> None:
        self.cancelled: list[JobId] = []
        self.over: list[Job] = []

    def wake(self) -> None: ...

    def cancel(self, job_id: JobId) -> None:
        self.cancelled.append(job_id)

    def ended(self, job: Job) -> None:
        self.over.append(job)


def service_of(world: World, engine: Engine, workspace: FileWorkspace | None = None) -> VideoService:
    return VideoService(
        store=world.store,
        settings=SqlSettingsStore(world.database),
        ratings=SqlRatingStore(world.database),
        catalog=FakeCatalog(world.provider),
        media=world.media,
        workspace=workspace or world.workspace,
        engine=engine,
        clock=world.clock,
    )


async def submit(
    videos: VideoService, key: str = "1", picture: bytes | None = None, **options: object
) -> Job:
    chosen = Options(**({"prompt": "a fox"} | options))  # type: ignore[arg-type]  # tables mix types
    return await videos.submit(
        chosen, key=JobId(key), user_id=42, place=make_place(), locale="en-US", picture=picture
    )


async def test_the_same_interaction_is_the_same_job(world: World) -> None:
    videos = service_of(world, Engine())
    first = await submit(videos)
    again = await submit(videos, prompt="something else")
    assert again == first
    assert len(await world.store.line()) == 1


async def test_a_picture_is_fitted_and_kept_before_the_job_is_committed(world: World) -> None:
    world.media.picture = Size(600, 1000)
    job = await submit(service_of(world, Engine()), picture=b"photo")
    assert job.request.size == TALL
    assert job.request.picture is not None
    assert world.workspace.path(job.request.picture).read_bytes() == b"fitted"


async def test_what_is_no_picture_is_refused_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await submit(service_of(world, Engine()), picture=b"not a picture")
    assert caught.value.code is Code.PICTURE_UNREADABLE
    assert await world.store.line() == []


async def test_a_full_disk_refuses_before_anything_is_paid(world: World) -> None:
    full = FileWorkspace(world.data_dir, min_free_bytes=1 << 60)
    with pytest.raises(NoRoom):
        await submit(service_of(world, Engine(), full))
    assert await world.store.line() == []


async def test_a_member_may_have_ten_in_line(world: World) -> None:
    videos = service_of(world, Engine())
    for number in range(10):
        await submit(videos, key=str(number))
    with pytest.raises(QuotaExceeded) as caught:
        await submit(videos, key="10")
    assert dict(caught.value.facts) == {"limit": 10}


async def test_the_place_in_line_is_counted(world: World) -> None:
    videos = service_of(world, Engine())
    jobs = [await submit(videos, key=str(number)) for number in range(3)]
    assert [(await videos.standing(job)).place for job in jobs] == [1, 2, 3]
    assert await videos.standing(make_job(id="999")) == Progress()


async def test_the_wait_follows_from_what_the_last_videos_took(world: World) -> None:
    for number, minutes in enumerate((2, 4, 30)):
        started = NOW - (number + 1) * HOUR
        await world.store.add(
            make_job(
                id=f"done{number}",
                state=S.DELIVERED,
                started_at=started,
                finished_at=started + minutes * MINUTE,
            )
        )
    for number in range(2):
        await world.store.add(
            make_job(id=f"busy{number}", state=S.RENDERING, started_at=NOW - number * MINUTE)
        )
    videos = service_of(world, Engine())
    job = await submit(videos)
    assert await videos.standing(job) == Progress(place=1, wait=3 * MINUTE)


async def test_a_full_line_refuses_before_a_picture_is_worked_on(world: World) -> None:
    videos = service_of(world, Engine())
    await SqlSettingsStore(world.database).save_guild(GuildSettings(guild_id=100, waiting_per_server=1))
    await world.store.add(make_job(user_id=7))
    with pytest.raises(QuotaExceeded) as caught:
        await submit(videos, picture=b"photo")
    assert caught.value.code is Code.LINE_FULL
    assert not list(world.data_dir.rglob("*.jpg"))


async def test_the_queue_shows_everybody_or_oneself(world: World) -> None:
    videos = service_of(world, Engine())
    for user in (42, 7):
        await world.store.add(make_job(id=str(user), user_id=user))
    assert [job.id for job in await videos.queue(AUTHOR)] == ["42", "7"]
    assert [job.id for job in await videos.queue(AUTHOR, mine=True)] == ["42"]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(AUTHOR, None), (MODERATOR, None), (STRANGER, NotYourJob), (Actor(user_id=7, guild_id=5), JobNotFound)],
    ids=["author", "moderator", "stranger", "another server"],
)
async def test_who_may_cancel(world: World, actor: Actor, expected: type[Exception] | None) -> None:
    engine = Engine()
    videos = service_of(world, engine)
    job = await submit(videos)
    if expected is not None:
        with pytest.raises(expected):
            await videos.cancel(job.short_id, actor)
        return
    assert (await videos.cancel(job.short_id.lower(), actor)).state is S.CANCELLED
    assert [ended.id for ended in engine.over] == [job.id]


async def test_a_moderator_of_another_server_sees_nothing(world: World) -> None:
    videos = service_of(world, Engine())
    job = await submit(videos)
    with pytest.raises(JobNotFound):
        await videos.cancel(job.short_id, Actor(user_id=7, guild_id=5, moderator=True))


@pytest.mark.parametrize("state", [S.FETCHING, S.FITTING, S.DELIVERING, S.DELIVERED, S.FAILED])
async def test_what_is_paid_or_over_cannot_be_cancelled(world: World, state: JobState) -> None:
    videos = service_of(world, Engine())
    job = await world.store.add(make_job(state=state))
    with pytest.raises(TooLate):
        await videos.cancel(job.short_id, AUTHOR)


async def test_a_running_job_is_flagged_for_its_driver(world: World) -> None:
    engine = Engine()
    job = await world.store.add(make_job(state=S.RENDERING, remote_id="v"))
    flagged = await service_of(world, engine).cancel(job.short_id, AUTHOR)
    assert flagged.cancel_requested
    assert engine.cancelled == [job.id]


async def test_the_queue_of_direct_messages_is_ones_own(world: World) -> None:
    videos = service_of(world, Engine())
    await world.store.add(make_job(id="1", place=make_place(guild_id=None), user_id=42))
    await world.store.add(make_job(id="2", place=make_place(guild_id=None), user_id=7))
    own = await videos.queue(Actor(user_id=42, guild_id=None))
    assert [job.id for job in own] == ["1"]


async def test_again_is_the_same_request_with_another_seed_and_owner(world: World) -> None:
    videos = service_of(world, Engine())
    first = await submit(videos, size="720x1280", seconds=4)
    places = [make_place(status_message_id=number) for number in (1, 2)]
    jobs = [
        await videos.again(first.short_id, STRANGER, key=JobId(key), place=place, locale="en-US")
        for key, place in zip("ab", places, strict=True)
    ]
    for job in jobs:
        assert (job.user_id, job.request.prompt, job.request.size) == (7, "a fox", TALL)
        assert job.request.seconds == 4
    assert len({first.request.seed, *(job.request.seed for job in jobs)}) == 3
    once_more = await videos.again(first.short_id, STRANGER, key=JobId("a"), place=places[0], locale="en-US")
    assert once_more == jobs[0], "a redelivered press is the same job"


async def test_again_counts_against_the_limits_of_who_presses(world: World) -> None:
    videos = service_of(world, Engine())
    first = await submit(videos)
    for number in range(10):
        await videos.again(
            first.short_id, STRANGER, key=JobId(f"k{number}"), place=make_place(), locale="en-US"
        )
    with pytest.raises(QuotaExceeded):
        await videos.again(first.short_id, STRANGER, key=JobId("more"), place=make_place(), locale="en-US")
    await videos.again(first.short_id, AUTHOR, key=JobId("mine"), place=make_place(), locale="en-US")


async def test_again_keeps_the_picture_or_says_that_it_is_gone(world: World) -> None:
    videos = service_of(world, Engine())
    first = await submit(videos, picture=b"photo")
    again = await videos.again(first.short_id, AUTHOR, key=JobId("a"), place=make_place(), locale="en-US")
    assert again.request.picture not in {None, first.request.picture}
    world.workspace.path(str(first.request.picture)).unlink()
    with pytest.raises(InvalidRequest) as caught:
        await videos.again(first.short_id, AUTHOR, key=JobId("b"), place=make_place(), locale="en-US")
    assert caught.value.code is Code.PICTURE_GONE


async def test_again_is_for_those_who_see_the_first(world: World) -> None:
    videos = service_of(world, Engine())
    first = await submit(videos)
    elsewhere = Actor(user_id=7, guild_id=5)
    with pytest.raises(JobNotFound):
        await videos.again(first.short_id, elsewhere, key=JobId("a"), place=make_place(), locale="en-US")
