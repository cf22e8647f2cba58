"""Pages of a list: what a member may not see between, how far one looks, whose list it is, and the sheet."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.codes import Code
from bot.domain.errors import CannotFit, InvalidRequest
from bot.domain.gallery import GALLERY_KEPT, PAGE, Page, Wish
from bot.domain.home import Home
from bot.domain.job import Job
from bot.domain.states import JobState
from bot.jobs import gallery
from bot.jobs.actor import Actor
from bot.jobs.gallery import SHEETS_KEPT, Galleries, Sight
from storage.gallery import SqlGalleryStore
from storage.workspace import FileWorkspace
from tests.factories import NOW, make_job, make_request
from tests.jobs.conftest import World

ALICE = Actor(user_id=42, guild_id=100)
BOB = Actor(user_id=7, guild_id=100)


def galleries_of(world: World, workspace: FileWorkspace | None = None) -> Galleries:
    return Galleries(
        store=SqlGalleryStore(world.database),
        jobs=world.store,
        media=world.media,
        workspace=workspace or world.workspace,
        clock=world.clock,
    )


def sight(lists: Callable[[Job], bool] = bool) -> Sight:
    return Sight(lists=lists, pictures=lists)


def made(number: int, **changes: object) -> Job:
    request = make_request(prompt=f"no {number}")
    job = make_job(id=str(5_000 + number), created_at=NOW + number, request=request)
    done = {"state": JobState.DELIVERED, "result_message_id": 7_000 + number}
    return replace(job, **{**done, **changes})  # type: ignore[arg-type]  # the tests name fields of Job


def seen(page: Page) -> list[int]:
    """Return the numbers of the videos on a page."""
    return [int(entry.job.request.prompt.split()[1]) for entry in page.entries]


async def test_pages_are_full_whatever_lies_between_and_nothing_is_twice(world: World) -> None:
    for number in range(120):
        await world.store.add(made(number))
    odd = sight(lambda job: int(job.id) % 2 == 1)
    galleries = galleries_of(world)
    page = await galleries.open("1", ALICE, Wish(), odd, of_server=True)
    pages = [seen(page)]
    while page.more:
        page = await galleries.turn(await galleries.find("1", ALICE), page.number + 1, odd)
        pages.append(seen(page))
    assert [number for page in pages for number in page] == list(range(119, 0, -2))
    assert {len(page) for page in pages[:-1]} == {PAGE}
    back = await galleries.turn(await galleries.find("1", ALICE), 2, odd)
    assert seen(back) == pages[2]
    far = await galleries.turn(await galleries.find("1", ALICE), 999, odd)
    assert seen(far) == pages[3], "the last page that is known from there"


async def test_what_is_made_meanwhile_moves_no_page_but_the_first(world: World) -> None:
    for number in range(2 * PAGE):
        await world.store.add(made(number))
    galleries = galleries_of(world)
    await galleries.open("1", ALICE, Wish(), sight(), of_server=False)
    await world.store.add(made(500))
    second = await galleries.turn(await galleries.find("1", ALICE), 1, sight())
    assert seen(second) == list(range(PAGE - 1, -1, -1))
    first = await galleries.turn(await galleries.find("1", ALICE), 0, sight())
    assert seen(first)[0] == 500
    again = await galleries.turn(await galleries.find("1", ALICE), 1, sight())
    assert seen(again)[0] == PAGE, "found anew after the first page as it is now"


async def test_one_looks_so_far_and_the_next_page_looks_further(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "LOOKED_AT", 2 * gallery.AT_ONCE)
    for number in range(2 * gallery.AT_ONCE + 5):
        await world.store.add(made(number))
    oldest = sight(lambda job: job.created_at < NOW + 2)
    galleries = galleries_of(world)
    first = await galleries.open("1", ALICE, Wish(), oldest, of_server=True)
    assert (seen(first), first.more) == ([], True)
    second = await galleries.turn(await galleries.find("1", ALICE), 1, oldest)
    assert (seen(second), second.more) == ([1, 0], False)


async def test_a_list_is_its_owners_and_not_for_ever(world: World) -> None:
    galleries = galleries_of(world)
    await galleries.open("1", ALICE, Wish(), sight(), of_server=True)
    for who, key in ((BOB, "1"), (ALICE, "2")):
        with pytest.raises(InvalidRequest) as refused:
            await galleries.find(key, who)
        assert refused.value.code is Code.GALLERY_GONE
    world.clock.advance(GALLERY_KEPT / 1000 + 1)
    await galleries.open("3", ALICE, Wish(), sight(), of_server=True)
    with pytest.raises(InvalidRequest):
        await galleries.find("1", ALICE)


async def test_a_sheet_is_of_what_is_here_and_made_once(world: World) -> None:
    for number, file in enumerate(("originals/a.mp4", "originals/gone.mp4", None, "originals/b.mp4")):
        await world.store.add(made(number, result_file=file))
    for name in "ab":
        world.workspace.path(f"originals/{name}.mp4").write_bytes(b"video")
    galleries = galleries_of(world)
    page = await galleries.open("1", ALICE, Wish(), sight(), of_server=True)
    assert await galleries.sheet(page, sight()) == b"sheet of 2"
    assert world.media.filled == [[1, 4]], "the others are empty"
    await galleries.sheet(page, sight())
    assert len(world.media.sheets) == 1
    assert await galleries.sheet(page, sight(lambda job: job.result_file is None)) is None
    elsewhere = FileWorkspace(world.data_dir, home=Home(machine="two", shared=False))
    await world.store.add(made(9, result_file="originals/c.mp4", kept_on="one"))
    elsewhere.path("originals/c.mp4").write_bytes(b"of another job")
    page = await galleries.open("2", ALICE, Wish(), sight(), of_server=True)
    await galleries_of(world, elsewhere).sheet(page, sight())
    assert world.media.filled[-1] == [2, 5], "what another machine has is not looked for here"


async def test_few_sheets_are_kept_and_one_that_fails_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(SHEETS_KEPT + 2):
        name = f"originals/{number}.mp4"
        world.workspace.path(name).write_bytes(b"video")
        await world.store.add(made(number, result_file=name))
    galleries = galleries_of(world)

    async def draw(skipped: int) -> bytes | None:
        some = sight(lambda job: int(job.id) != 5_000 + skipped)
        page = await galleries.open(str(skipped), ALICE, Wish(), some, of_server=True)
        return await galleries.sheet(page, some)

    for skipped in range(SHEETS_KEPT + 2):
        await draw(skipped)
    made_so_far = len(world.media.sheets)
    await draw(SHEETS_KEPT + 1)
    assert len(world.media.sheets) == made_so_far, "the newest is kept"

    async def broken(*_: object, **__: object) -> bytes:
        raise CannotFit("no frame")

    monkeypatch.setattr(world.media, "contact_sheet", broken)
    page = await galleries.open("x", ALICE, Wish(search="no 1"), sight(), of_server=True)
    assert await galleries.sheet(page, sight()) is None
