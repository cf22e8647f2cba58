"""Remixing a video, finding its family, and where its original is."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.board import BoardId
from bot.domain.codes import Code
from bot.domain.errors import CannotFit, InvalidRequest, JobNotFound
from bot.domain.home import Home
from bot.domain.job import Job, JobId
from bot.domain.join import Join
from bot.domain.lineage import FamilyMember
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.lineage import MEMBERS, Lineage, choose_members, may_be_reworded
from bot.jobs.original import Originals
from bot.jobs.service import VideoService
from storage.boards import SqlBoardStore
from storage.family import SqlFamilyStore
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace
from tests.factories import NOW, make_job, make_place, make_request
from tests.fakes import FakeCatalog, FakeMedia
from tests.jobs.conftest import World
from tests.jobs.test_service import Engine

ALICE = Actor(user_id=42, guild_id=100)
BOB = Actor(user_id=7, guild_id=100)
DAY = 86_400_000


def lineage_of(world: World) -> Lineage:
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
    return Lineage(
        jobs=world.store,
        family=SqlFamilyStore(world.database),
        boards=SqlBoardStore(world.database),
        videos=videos,
        media=world.media,
        workspace=world.workspace,
    )


async def remix(world: World, parent: Job, prompt: str = "a blue fox", actor: Actor = BOB) -> Job:
    return await lineage_of(world).remix(
        parent.short_id, prompt, actor, key=JobId("77"), place=make_place(), locale="en-US"
    )


def child(parent: Job, number: int, **changes: object) -> Job:
    origin = Origin(parent=parent.id, relation=Relation.AGAIN)
    return make_job(id=str(number), created_at=NOW + number, origin=origin, **changes)


async def test_a_remix_is_the_pressers_own_job_with_a_new_seed_and_the_rest_as_it_was(world: World) -> None:
    request = make_request(seconds=12, seed=5, typed="fox", style="noir")
    parent = await world.store.add(make_job(request=request, state=JobState.DELIVERED))
    job = await remix(world, parent)
    assert job.user_id == BOB.user_id
    assert job.origin == Origin(parent=parent.id, relation=Relation.REMIX)
    assert job.request.seed not in {None, 5}
    assert job.request == replace(request, prompt="a blue fox", seed=job.request.seed, typed=None, style=None)
    assert job.state is JobState.QUEUED
    assert await remix(world, parent, "other words") == job, "the same press twice is one job"


async def test_its_picture_goes_along_while_it_is_kept(world: World) -> None:
    name = await world.workspace.keep_picture(JobId("1001"), b"photo")
    parent = await world.store.add(make_job(request=make_request(picture=name)))
    job = await remix(world, parent)
    assert job.request.picture not in {None, name}
    assert world.media.fits[0][0] == b"photo"
    world.workspace.path(name).unlink()
    with pytest.raises(InvalidRequest) as refused:
        await lineage_of(world).remix(
            parent.short_id, "x", BOB, key=JobId("78"), place=make_place(), locale="en-US"
        )
    assert refused.value.code is Code.PICTURE_GONE


async def test_another_servers_video_cannot_be_remixed(world: World) -> None:
    parent = await world.store.add(make_job())
    with pytest.raises(JobNotFound):
        await remix(world, parent, actor=Actor(user_id=7, guild_id=999))


def test_a_join_and_a_found_video_have_no_words_to_change() -> None:
    assert may_be_reworded(make_job())
    assert not may_be_reworded(make_job(request=make_request(prompt="")))
    assert not may_be_reworded(make_job(request=make_request(join=Join(sources=("1",)))))


async def test_a_family_begins_with_the_first_that_one_may_see(world: World) -> None:
    hidden = await world.store.add(make_job(id="1", place=make_place(guild_id=999)))
    top = await world.store.add(child(hidden, 2))
    asked = await world.store.add(child(top, 3))
    private = await world.store.add(child(top, 4, place=make_place(guild_id=None), user_id=9))
    sister = await world.store.add(child(top, 5))
    family = await lineage_of(world).family(asked.short_id, BOB)
    assert [job.id for job in family.members] == [top.id, asked.id, sister.id]
    assert (family.asked, family.more) == (asked, 0)
    own = await lineage_of(world).family(private.short_id, Actor(user_id=9, guild_id=100))
    assert private.id in {job.id for job in own.members}


def test_of_a_large_family_the_way_to_the_asked_one_is_named() -> None:
    first = make_job(id="1", created_at=NOW)
    early = [child(first, number) for number in range(2, 80)]
    asked = child(early[-1], 90)
    family = choose_members(asked, [asked, early[-1], first], [*early, asked])
    assert len(family.members) == MEMBERS
    assert family.more == 80 - MEMBERS
    assert family.members[0] == first
    assert {asked.id, early[-1].id} <= {job.id for job in family.members}


def test_of_a_long_line_the_nearest_are_named_and_each_with_its_parent() -> None:
    line = [make_job(id="0", created_at=NOW)]
    for number in range(1, 60):
        line.append(child(line[-1], number))
    asked, later = line[50], line[51:]
    family = choose_members(asked, line[50::-1], [*line[1:51], *later])
    named = {job.id for job in family.members}
    assert asked.id in named
    assert all(job.id in named for job in later)
    assert all(job.origin.parent in named for job in family.members[1:])
    assert family.more == 60 - len(named)


async def test_details_hide_a_parent_that_one_may_not_see(world: World) -> None:
    hidden = await world.store.add(make_job(id="1", place=make_place(guild_id=999)))
    job = await world.store.add(child(hidden, 2))
    details = await lineage_of(world).details(job.short_id, BOB)
    assert (details.parent, details.board, details.service) == (None, None, None)
    assert not details.has_family
    await world.store.add(child(job, 3))
    assert (await lineage_of(world).details(job.short_id, BOB)).has_family
    assert await SqlBoardStore(world.database).get(BoardId("none")) is None


class Stills(FakeMedia):
    """Takes stills of all but one, and remembers the members that it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[FamilyMember] = []

    async def take_still(self, source: Path, target: Path, *, limit: int) -> None:
        if source.read_bytes() == b"broken":
            raise CannotFit("no frame")
        await super().take_still(source, target, limit=limit)

    async def family_picture(self, members: object) -> bytes:
        assert isinstance(members, list)
        self.drawn = members
        assert all(member.thumbnail is None or member.thumbnail.is_file() for member in members)
        return b"drawn"


async def test_kept_videos_are_drawn_with_a_still_and_the_others_without(world: World) -> None:
    media = world.media = Stills()
    first = await world.store.add(make_job(id="1", result_file="originals/A-1.mp4"))
    await world.store.add(child(first, 2, result_file="originals/B-2.mp4"))
    await world.store.add(child(first, 3))
    world.workspace.path("originals/A-1.mp4").write_bytes(b"whole")
    world.workspace.path("originals/B-2.mp4").write_bytes(b"broken")
    lineage = lineage_of(world)
    family = await lineage.family(first.short_id, ALICE)
    assert await lineage.draw(family, lambda job: FamilyMember(short_id=job.short_id)) == b"drawn"
    assert [member.thumbnail is not None for member in media.drawn] == [True, False, False]
    assert not any(member.thumbnail is not None and member.thumbnail.exists() for member in media.drawn)


# --- originals ----------------------------------------------------------------------------------

NAME = "originals/X-1.mp4"
DELIVERED = {
    "state": JobState.DELIVERED,
    "finished_at": NOW,
    "result_file": NAME,
    "result_bytes": 5,
    "result_message_id": 9,
    "result_channel_id": 200,
}


@pytest.mark.parametrize(
    ("changes", "on_disk", "file", "posted", "machine"),
    [
        ({}, True, True, True, None),
        ({"fitted_file": "fitted/X-1.mp4"}, True, True, False, None),
        ({"still_file": "fitted/X-1.jpg"}, True, True, False, None),
        ({"result_file": None}, False, False, True, None),
        ({"fitted_file": "fitted/X-1.mp4", "result_file": None}, False, False, False, None),
        ({"fitted_file": "fitted/X-1.mp4"}, False, False, False, None),
        ({"fitted_file": "fitted/X-1.mp4", "kept_on": "mill"}, True, False, False, "mill"),
        ({"result_message_id": None}, True, True, False, None),
        (
            {"state": JobState.RENDERING, "finished_at": None, "result_message_id": None},
            True,
            False,
            False,
            None,
        ),
    ],
    ids=[
        *("as it came", "smaller copy", "still", "dropped", "copy, dropped", "file gone", "elsewhere"),
        *("deleted message", "being made"),
    ],
)
async def test_everybody_who_may_see_the_job_learns_where_its_original_is(
    world: World,
    changes: dict[str, object],
    on_disk: bool,
    file: bool,
    posted: bool,
    machine: str | None,
) -> None:
    workspace = FileWorkspace(world.data_dir, home=Home(machine="gate", shared=False))
    job = await world.store.add(make_job(**{**DELIVERED, **changes}))
    if on_disk:
        workspace.path(NAME).write_bytes(b"video")
    originals = Originals(jobs=world.store, workspace=workspace, days=2)
    found = await originals.original(job.short_id, BOB)
    assert (found.file is not None, found.posted, found.machine) == (file, posted, machine)
    assert found.until == (NOW + 2 * DAY if file else None)
    with pytest.raises(JobNotFound):
        await originals.original(job.short_id, Actor(user_id=7, guild_id=999))


async def test_originals_that_are_kept_for_ever_have_no_day(world: World) -> None:
    job = await world.store.add(make_job(**DELIVERED))
    world.workspace.path(NAME).write_bytes(b"video")
    found = await Originals(jobs=world.store, workspace=world.workspace, days=0).original(job.short_id, BOB)
    assert found.file is not None
    assert found.until is None
