"""Going on from a video: by its API or from its last frame, and joining the parts."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.codes import Code
from bot.domain.errors import CannotFit, InvalidRequest, JobNotFound, QuotaExceeded, RemoteNotFound
from bot.domain.job import Failure, Job, JobId
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.recovery import Remedy, remedy
from bot.domain.remote import RemoteStatus
from bot.domain.settings import GuildSettings
from bot.domain.states import JobState
from bot.domain.video import Source as VideoSource
from bot.domain.video import SourceUse
from bot.jobs.actor import Actor
from bot.jobs.continuing import Continuing, has_part_before, may_be_continued
from bot.jobs.lineage import Lineage
from bot.jobs.service import VideoService
from bot.jobs.studio import STUDIO
from storage.boards import SqlBoardStore
from storage.family import SqlFamilyStore
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from tests.factories import SEED, make_capabilities, make_job, make_place, make_remote, make_request
from tests.fakes import FakeCatalog, FakeProvider
from tests.jobs.conftest import World
from tests.jobs.test_service import Engine

BOB = Actor(user_id=7, guild_id=100)
NOT_FOUND = RemoteNotFound("gone", provider="preview")


def services_of(world: World) -> tuple[Continuing, Lineage]:
    family = SqlFamilyStore(world.database)
    videos = VideoService(
        store=world.store,
        settings=SqlSettingsStore(world.database),
        ratings=SqlRatingStore(world.database),
        catalog=FakeCatalog(world.provider),
        media=world.media,
        workspace=world.workspace,
        engine=Engine(),
        clock=world.clock,
    )
    continuing = Continuing(
        jobs=world.store,
        family=family,
        settings=SqlSettingsStore(world.database),
        videos=videos,
        media=world.media,
        workspace=world.workspace,
        clock=world.clock,
    )
    lineage = Lineage(
        jobs=world.store,
        family=family,
        boards=SqlBoardStore(world.database),
        videos=videos,
        media=world.media,
        workspace=world.workspace,
    )
    return continuing, lineage


async def video(world: World, number: int, parent: Job | None = None, **changes: object) -> Job:
    """Put a finished video there, with its file."""
    name = f"originals/{number}-0.mp4"
    path = world.workspace.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"video")
    origin = Origin() if parent is None else Origin(parent=parent.id, relation=Relation.CONTINUATION)
    usual = {
        "id": str(number),
        "state": JobState.DELIVERED,
        "result_file": name,
        "remote_id": f"r{number}",
        "origin": origin,
    }
    return await world.store.add(make_job(**(usual | changes)))


async def go_on(
    world: World, parent: Job, *, prompt: str = "it runs away", seconds: int | None = None, key: str = "77"
) -> Job:
    return await services_of(world)[0].go_on(
        parent.short_id,
        BOB,
        prompt=prompt,
        seconds=seconds,
        key=JobId(key),
        place=make_place(),
        locale="en-US",
    )


async def join(world: World, part: Job, key: str = "88") -> Job:
    return await services_of(world)[0].join(
        part.short_id, BOB, key=JobId(key), place=make_place(), locale="en-US"
    )


def able(uses: frozenset[SourceUse] = frozenset(SourceUse)) -> FakeProvider:
    return FakeProvider(models=(make_capabilities(sources=uses),))


# --- from the last frame -----------------------------------------------------------------------------


async def test_the_last_good_frame_begins_the_next_part(world: World) -> None:
    first = await video(world, 1, request=make_request(seconds=12, seed=5, negative="rain", style="noir"))
    job = await go_on(world, first)
    assert world.media.frames == [("1-0.mp4", None)]
    assert world.media.fits[0][0] == b"frame of 1-0.mp4"
    assert job.request == replace(
        first.request,
        prompt="it runs away",
        picture="pictures/77.jpg",
        seed=job.request.seed,
        style=None,
    )
    assert job.request.seed not in {None, 5}
    assert job.origin == Origin(parent=first.id, relation=Relation.CONTINUATION)
    assert (job.user_id, job.state) == (BOB.user_id, JobState.QUEUED)
    assert await go_on(world, first, prompt="again") == job, "the same press twice is one job"
    assert len(world.media.frames) == 1


async def test_a_video_whose_words_nobody_knows_can_be_continued(world: World) -> None:
    found = await video(world, 1, request=make_request(prompt=""))
    assert (await services_of(world)[0].beginning(found.short_id, BOB)).prompt == ""
    assert (await go_on(world, found)).request.prompt == "it runs away"


async def test_length_and_unchanged_words_stay_as_they_are_wanted(world: World) -> None:
    first = await video(world, 1, request=make_request(style="noir", typed="fox"))
    job = await go_on(world, first, prompt=first.request.prompt, seconds=4)
    assert (job.request.seconds, job.request.style, job.request.typed) == (4, "noir", "fox")


async def test_colours_are_those_of_the_first_part_that_is_kept(world: World) -> None:
    first = await video(world, 1)
    second = await video(world, 2, first)
    third = await video(world, 3, second)
    await go_on(world, third, key="70")
    world.workspace.path(first.result_file or "").unlink()
    await go_on(world, third, key="71")
    assert world.media.frames == [("3-0.mp4", "1-0.mp4"), ("3-0.mp4", "2-0.mp4")]


async def test_a_joined_video_goes_on_as_its_last_part_would(world: World) -> None:
    first = await video(world, 1)
    second = await video(world, 2, first, request=make_request(prompt="it hides", seconds=4))
    request = make_request(join=Join(sources=(first.id, second.id)), seconds=12, model="")
    whole = await video(world, 3, provider=STUDIO, request=request, origin=Origin())
    beginning = await services_of(world)[0].beginning(whole.short_id, BOB)
    assert beginning.prompt == "it hides"
    job = await go_on(world, whole)
    assert (job.provider, job.request.model, job.request.seconds) == ("preview", "preview", 4)
    assert job.origin.parent == whole.id
    assert world.media.frames == [("3-0.mp4", "1-0.mp4")]
    assert await sources(world, await delivered(world, job)) == (whole.id, job.id)


async def delivered(world: World, job: Job) -> Job:
    """Put the result of a queued job there as if it had been made."""
    name = f"originals/{job.id}-0.mp4"
    world.workspace.path(name).write_bytes(b"video")
    await world.database.fetch_all(
        "UPDATE jobs SET result_file = :name, state = 'delivered' WHERE id = :id RETURNING id",
        name=name,
        id=job.id,
    )
    found = await world.store.get(job.id)
    assert found is not None
    return found


async def test_what_cannot_be_continued_is_said_in_a_sentence_of_its_own(world: World) -> None:
    for number, (job, code) in enumerate(
        [
            (await video(world, 1, state=JobState.RENDERING, result_file=None), Code.CONTINUE_TOO_EARLY),
            (await video(world, 2, result_file=None), Code.NOTHING_TO_CONTINUE),
            (await video(world, 3, result_file="originals/9-9.mp4"), Code.NOTHING_TO_CONTINUE),
            (await video(world, 4, kept_on="mill"), Code.NOTHING_TO_CONTINUE),
        ]
    ):
        with pytest.raises(InvalidRequest) as refused:
            await go_on(world, job, key=str(900 + number))
        assert refused.value.code is code
    world.media.frame_script = [CannotFit("black")]
    with pytest.raises(InvalidRequest) as refused:
        await go_on(world, await video(world, 6))
    assert refused.value.code is Code.NOTHING_TO_CONTINUE
    with pytest.raises(JobNotFound):
        await go_on(world, await video(world, 7, place=make_place(guild_id=999)))


async def test_a_wrong_length_is_refused_before_a_frame_is_looked_for(world: World) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await go_on(world, await video(world, 1), seconds=7)
    assert refused.value.code is Code.SECONDS_UNKNOWN
    assert not world.media.frames


async def test_a_model_that_takes_no_picture_says_so(world: World) -> None:
    options = {**SEED, Option.PICTURE: Known(Support.NO, Source.PROFILE)}
    world.provider = FakeProvider(models=(make_capabilities(options=options),))
    with pytest.raises(InvalidRequest) as refused:
        await go_on(world, await video(world, 1))
    assert refused.value.code is Code.OPTION_UNSUPPORTED


# --- by the API itself -------------------------------------------------------------------------------


async def test_an_api_that_extends_its_own_videos_is_asked_to(world: World) -> None:
    world.provider = able()
    job = await go_on(world, await video(world, 1, result_file=None))
    assert job.request.source == VideoSource(use=SourceUse.EXTEND, remote_id="r1")
    assert job.request.picture is None
    assert not world.media.frames
    assert not has_part_before(replace(job, result_file="x")), "it may hold the part before already"


@pytest.mark.parametrize(
    "answer",
    [NOT_FOUND, make_remote(status=RemoteStatus.FAILED)],
    ids=["forgotten", "failed"],
)
async def test_a_video_that_the_api_has_no_more_goes_on_from_its_last_frame(
    world: World, answer: object
) -> None:
    world.provider = able()
    world.provider.poll_script = [answer]  # type: ignore[list-item]  # an answer or an error
    job = await go_on(world, await video(world, 1))
    assert job.request.source is None
    assert job.request.picture is not None


@pytest.mark.parametrize(
    ("code", "native"),
    [(Code.SOURCE_GONE, False), (Code.PROVIDER_REFUSED, False), (Code.PROVIDER_BUSY, True)],
)
async def test_what_the_api_refused_once_is_made_from_the_last_frame(
    world: World, code: Code, native: bool
) -> None:
    world.provider = able()
    first = await video(world, 1)
    source = VideoSource(use=SourceUse.EXTEND, remote_id="r1")
    refused = await world.store.add(
        make_job(
            id="60",
            state=JobState.FAILED,
            failure=Failure(code=code),
            request=make_request(source=source),
            origin=Origin(parent=first.id, relation=Relation.CONTINUATION),
        )
    )
    job = await go_on(world, first)
    assert (job.request.source == source) is native
    if code is Code.SOURCE_GONE:
        assert remedy(refused) is Remedy.OTHERWISE, "the same order would be refused again"


async def test_a_remix_is_the_apis_own_where_it_has_one_and_keeps_its_scene(world: World) -> None:
    world.provider = able(frozenset({SourceUse.REMIX}))
    name = await world.workspace.keep_picture(JobId("1"), b"photo")
    first = await video(world, 1, request=make_request(picture=name, seed=5))
    lineage = services_of(world)[1]

    async def remix(parent: Job, key: str) -> Job:
        return await lineage.remix(
            parent.short_id, "a blue fox", BOB, key=JobId(key), place=make_place(), locale="en-US"
        )

    job = await remix(first, "70")
    assert job.request == make_request(
        prompt="a blue fox", source=VideoSource(use=SourceUse.REMIX, remote_id="r1")
    )
    world.provider.poll_script = [NOT_FOUND, NOT_FOUND]
    plain = await remix(first, "71")
    assert plain.request.source is None
    assert plain.request.picture == "pictures/71.jpg"
    assert (await remix(job, "72")).request.source is None, (
        "its own remix is not there, and it is not that one's"
    )


@pytest.mark.parametrize("still", [True, False])
async def test_again_of_an_extension_is_another_one_or_refused_but_never_something_else(
    world: World, still: bool
) -> None:
    world.provider = able() if still else FakeProvider()
    source = VideoSource(use=SourceUse.EXTEND, remote_id="r1")
    job = await video(world, 2, request=make_request(source=source))
    again = services_of(world)[1]._videos.again(
        job.short_id, BOB, key=JobId("70"), place=make_place(), locale="en-US"
    )
    if still:
        assert (await again).request.source == source
        return
    with pytest.raises(InvalidRequest) as refused:
        await again
    assert refused.value.code is Code.SOURCE_GONE


# --- joining -----------------------------------------------------------------------------------------


async def sources(world: World, part: Job, key: str = "88") -> Sequence[str]:
    made = (await join(world, part, key)).request.join
    assert made is not None
    return made.sources


async def test_a_part_is_joined_with_all_before_it(world: World) -> None:
    first = await video(world, 1, request=make_request(seconds=4))
    second = await video(world, 2, first)
    third = await video(world, 3, second, request=make_request(prompt="end", seconds=12))
    job = await join(world, third)
    assert job.request == make_request(
        model="", prompt=first.request.prompt, seconds=24, join=Join(sources=("1", "2", "3"))
    )
    assert (job.provider, job.user_id, job.origin.relation) == (STUDIO, BOB.user_id, Relation.JOIN)
    assert await join(world, third) == job, "the same press twice is one job"
    assert (await join(world, third, "89")).id == "89"


async def test_parts_that_are_gone_shorten_the_whole_but_not_below_two(world: World) -> None:
    first = await video(world, 1)
    second = await video(world, 2, first)
    third = await video(world, 3, second)
    world.workspace.path(first.result_file or "").unlink()
    assert await sources(world, third) == ("2", "3")
    for part in (second, await video(world, 5)):
        with pytest.raises(InvalidRequest) as refused:
            await join(world, part, f"9{part.id}")
        assert refused.value.code is Code.JOIN_SOURCE_GONE


async def test_what_the_api_extended_begins_the_whole(world: World) -> None:
    first = await video(world, 1)
    source = VideoSource(use=SourceUse.EXTEND, remote_id="r1")
    second = await video(world, 2, first, request=make_request(source=source))
    third = await video(world, 3, second)
    assert await sources(world, third) == ("2", "3")


async def test_a_circle_in_a_damaged_table_ends(world: World) -> None:
    first = await video(world, 1, origin=Origin(parent="2", relation=Relation.CONTINUATION))
    second = await video(world, 2, first)
    assert len(await sources(world, second)) == 50
    await go_on(world, second)


async def test_joins_count_towards_the_limits(world: World) -> None:
    await SqlSettingsStore(world.database).save_guild(GuildSettings(guild_id=100, waiting_per_member=1))
    second = await video(world, 2, await video(world, 1))
    await join(world, second)
    with pytest.raises(QuotaExceeded):
        await join(world, second, "89")


def test_the_buttons_follow_the_row() -> None:
    origin = Origin(parent="1", relation=Relation.CONTINUATION)
    part = make_job(state=JobState.DELIVERING, result_file="originals/1-0.mp4", origin=origin)
    assert may_be_continued(part)
    assert has_part_before(part)
    assert not may_be_continued(make_job())
    assert not has_part_before(replace(part, origin=Origin()))
    assert not has_part_before(replace(part, origin=replace(origin, board="5", clip=2)))
