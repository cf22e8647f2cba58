"""What happens between the command and the choice how the picture fits."""

import asyncio

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.fit import Fit
from bot.domain.job import Job, JobId
from bot.domain.video import Size
from bot.jobs.drafts import Drafts, Offer, loses_much, preview_size
from bot.jobs.models import Options
from storage.drafts import SqlDraftStore
from tests.factories import TALL, WIDE, make_place
from tests.jobs.conftest import World
from tests.jobs.test_service import Engine, service_of

KEY = JobId("1423")


def drafts_of(world: World) -> Drafts:
    return Drafts(
        store=SqlDraftStore(world.database),
        videos=service_of(world, Engine()),
        media=world.media,
        workspace=world.workspace,
        clock=world.clock,
    )


async def opened(world: World, *, size: str | None = "1280x720", anyway: bool = False) -> Offer | None:
    return await drafts_of(world).open(
        Options(prompt="a fox", size=size, seed=7),
        key=KEY,
        user_id=42,
        picture=b"first",
        last_picture=b"last",
        anyway=anyway,
    )


async def accepted(
    world: World, *, user_id: int = 42, message: int = 300, drafts: Drafts | None = None
) -> Job:
    return await (drafts or drafts_of(world)).accept(
        KEY, Fit.BLUR, user_id=user_id, place=make_place(status_message_id=message), locale="en-US"
    )


@pytest.mark.parametrize(
    ("size", "picture", "much"),
    [
        (WIDE, Size(1600, 900), False),
        (WIDE, Size(1600, 1200), False),  # 4:3 in 16:9 loses exactly a quarter
        (WIDE, Size(1599, 1200), True),
        (WIDE, Size(1000, 1000), True),
        (WIDE, Size(900, 1600), True),
        (TALL, Size(900, 1600), False),
        (TALL, Size(1, 10000), True),
    ],
    ids=str,
)
def test_a_quarter_may_be_lost(size: Size, picture: Size, much: bool) -> None:
    assert loses_much(size, picture) is much


@pytest.mark.parametrize(
    ("size", "small"),
    [
        (WIDE, Size(384, 216)),
        (TALL, Size(216, 384)),
        (Size(64, 64), Size(384, 384)),
        (Size(9000, 1), Size(384, 1)),
    ],
    ids=str,
)
def test_previews_have_the_shape_of_the_video(size: Size, small: Size) -> None:
    assert preview_size(size) == small


async def test_where_little_is_lost_nothing_is_asked_or_kept(world: World) -> None:
    world.media.picture = Size(1600, 900)
    assert await opened(world) is None
    assert await world.workspace.stored() == []
    assert world.media.fits == []


async def test_it_is_asked_all_the_same_where_discord_told_another_shape(world: World) -> None:
    world.media.picture = Size(1600, 900)
    assert await opened(world, anyway=True) is not None


async def test_the_draft_becomes_the_job_with_all_that_was_asked_for(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    assert await opened(world) is not None
    world.media.fits.clear()
    job = await accepted(world)
    request = job.request
    assert (job.id, request.prompt, request.size, request.seed) == (KEY, "a fox", WIDE, 7)
    assert world.media.fits == [(b"first", WIDE, Fit.BLUR), (b"last", WIDE, Fit.BLUR)]
    names = {file.name for file in await world.workspace.stored()}
    assert names == {request.picture, request.last_picture}, "what was given is discarded"


async def test_two_presses_at_once_are_one_job_and_one_of_them_is_told(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    await opened(world)
    drafts = drafts_of(world)
    presses = [accepted(world, message=message, drafts=drafts) for message in (301, 302)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    jobs = [result for result in results if isinstance(result, Job)]
    errors = [result for result in results if isinstance(result, InvalidRequest)]
    assert (len(jobs), len(errors)) == (1, 1)
    assert errors[0].code is Code.DRAFT_GONE
    (row,) = await world.store.line()
    assert row.place == jobs[0].place


async def test_a_press_after_another_process_has_ordered_is_told(world: World) -> None:
    """The draft of a process that was killed right after its commit stands still."""
    world.media.picture = Size(1000, 1000)
    offer = await opened(world)
    assert offer is not None
    job = await accepted(world, message=301)
    await SqlDraftStore(world.database).add(offer.draft)
    for name in (offer.draft.request.picture, offer.draft.request.last_picture):
        world.workspace.path(name or "").write_bytes(b"photo")
    with pytest.raises(InvalidRequest) as caught:
        await accepted(world, message=302)
    assert caught.value.code is Code.DRAFT_GONE
    assert await world.store.line() == [job]


async def test_a_draft_is_for_its_author_alone(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    await opened(world)
    with pytest.raises(InvalidRequest) as caught:
        await accepted(world, user_id=7)
    assert caught.value.code is Code.DRAFT_GONE
    assert (await accepted(world)).user_id == 42


async def test_a_day_is_the_end_of_a_draft(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    await opened(world)
    world.clock.advance(24 * 3600 + 1)
    with pytest.raises(InvalidRequest) as caught:
        await accepted(world)
    assert caught.value.code is Code.DRAFT_GONE


async def test_a_dropped_draft_is_gone(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    await opened(world)
    await drafts_of(world).drop(KEY, user_id=42)
    assert await world.workspace.stored() == []
    with pytest.raises(InvalidRequest):
        await accepted(world)


async def test_a_draft_whose_file_is_gone_is_gone(world: World) -> None:
    world.media.picture = Size(1000, 1000)
    offer = await opened(world)
    assert offer is not None
    world.workspace.path(offer.draft.request.picture or "").unlink()
    with pytest.raises(InvalidRequest) as caught:
        await accepted(world)
    assert caught.value.code is Code.DRAFT_GONE


async def test_the_previews_show_the_picture_that_loses_most(world: World) -> None:
    shapes = {b"first": Size(1600, 900), b"last": Size(900, 1600)}

    async def picture_size(data: bytes) -> Size:
        return shapes[data]

    world.media.picture_size = picture_size  # type: ignore[method-assign]  # two pictures of two shapes
    assert await opened(world) is not None
    assert {data for data, _, _ in world.media.fits} == {b"last"}
