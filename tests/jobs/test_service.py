import pytest

from bot.domain.errors import Code, InvalidRequest, JobNotFound, NoRoom, NotYourJob, QuotaExceeded, TooLate
from bot.domain.job import Job, JobId
from bot.domain.states import JobState
from bot.domain.video import Size
from bot.jobs.service import Actor, Options, VideoService
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace
from tests.factories import TALL, make_job, make_place
from tests.fakes import FakeCatalog
from tests.jobs.conftest import World

S = JobState
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
    assert [await videos.place_in_line(job) for job in jobs] == [1, 2, 3]
    assert await videos.place_in_line(make_job(id="999")) is None


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
