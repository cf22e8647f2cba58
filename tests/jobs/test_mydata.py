"""A copy of a person's data in parts, and deletions that are cut short."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, StorageError
from bot.domain.job import Job
from bot.domain.mydata import EXPORT_EVERY
from bot.domain.states import JobState
from bot.jobs import mydata
from bot.jobs.mydata import MyData
from bot.jobs.parcel import Parcel
from storage.mydata import SqlPersonalStore
from storage.workspace import FileWorkspace
from tests.factories import NOW, make_job, make_request
from tests.jobs.conftest import World

ALICE = 42
LIMIT = 100_000


def link(job: Job) -> str:
    return f"https://discord.com/channels/{job.short_id}" if job.result is not None else ""


def mydata_of(world: World, workspace: FileWorkspace | None = None) -> MyData:
    return MyData(
        store=SqlPersonalStore(world.database),
        workspace=workspace or world.workspace,
        clock=world.clock,
        link=link,
    )


async def make(world: World, number: int, *, size: int | None = None, prompt: str = "a fox") -> Job:
    """Keep a delivered video, with a file of so many bytes."""
    file = None
    if size is not None:
        file = f"originals/{number}.mp4"
        world.workspace.path(file).write_bytes(b"v" * size)
    job = make_job(id=str(5_000 + number), created_at=NOW + number, request=make_request(prompt=prompt))
    done = replace(job, state=JobState.DELIVERED, result_message_id=7_000 + number, result_file=file)
    return await world.store.add(done)


async def copied(service: MyData, *, limit: int = LIMIT) -> tuple[list[dict[str, bytes]], list[str]]:
    """Make a copy; return each part's files by name, and the links of what is not in it."""
    parts = []
    async with service.copying(ALICE, key="900", limit=limit) as copy:
        async for part in service.parts(copy):
            assert part.stat().st_size <= limit
            with zipfile.ZipFile(part) as archive:
                assert archive.testzip() is None
                parts.append({name: archive.read(name) for name in archive.namelist()})
        assert copy.parts == len(parts)
        return parts, copy.left_out


async def test_a_copy_of_nothing_says_so(world: World) -> None:
    [part], left_out = await copied(mydata_of(world))
    data = json.loads(part["data.json"])
    assert data["user"] == str(ALICE)
    assert data["jobs"] == data["votes"] == data["boards"] == []
    assert left_out == []


async def test_videos_are_spread_over_parts_and_those_too_large_are_linked(world: World) -> None:
    sizes = {1: 60_000, 2: 60_000, 3: 200_000, 4: 30_000, 5: None}
    jobs = {number: await make(world, number, size=size) for number, size in sizes.items()}
    parts, left_out = await copied(mydata_of(world))
    names = [set(part) for part in parts]
    names_of = {number: f"videos/{job.short_id}.mp4" for number, job in jobs.items()}
    assert names == [
        {"data.json", names_of[1]},
        {names_of[2], names_of[4], "links.txt"},
    ]
    assert parts[0][names_of[1]] == b"v" * 60_000
    assert left_out == [link(jobs[3]), link(jobs[5])]
    assert parts[1]["links.txt"].decode().split() == left_out
    assert not list(world.workspace.path("pictures/x.jpg").parent.iterdir())


async def test_pictures_go_along(world: World) -> None:
    job = await make(world, 1)
    name = await world.workspace.keep_picture(job.id, b"a picture")
    await world.database.execute("UPDATE jobs SET picture = :name", name=name)
    [part], _ = await copied(mydata_of(world))
    assert part[name] == b"a picture"


async def test_many_words_become_several_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mydata, "DOCUMENT", 1_500)
    for number in range(9):
        await make(world, number, prompt=f"fox {number}")
    parts, _ = await copied(mydata_of(world))
    documents = [json.loads(text) for part in parts for name, text in part.items() if name.endswith(".json")]
    assert len(documents) > 2
    told = [job["prompt"] for document in documents for job in document.get("jobs", [])]
    assert told == [f"fox {number}" for number in range(9)]


async def test_parts_are_bounded_in_number_and_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mydata, "PARTS", 2)
    jobs = [await make(world, number, size=60_000) for number in range(4)]
    service = mydata_of(world)
    parts, left_out = await copied(service)
    assert left_out == [link(jobs[3])]
    assert len(parts) == 3
    world.clock.advance(EXPORT_EVERY / 1000 + 1)
    async with service.copying(ALICE, key="901", limit=LIMIT) as copy:
        world.clock.advance(mydata.EXPORT_SECONDS + 1)
        assert [part async for part in service.parts(copy)]
        assert len(copy.left_out) == 4


async def test_one_that_fails_can_be_had_again_at_once(world: World) -> None:
    service = mydata_of(world)

    async def fail() -> None:
        async with service.copying(ALICE, key="900", limit=LIMIT) as copy:
            async for _ in service.parts(copy):
                raise RuntimeError("Discord is away")

    with pytest.raises(RuntimeError, match="Discord is away"):
        await fail()
    assert not list(world.workspace.path("pictures/x.jpg").parent.iterdir())
    await copied(service)
    with pytest.raises(InvalidRequest) as refused:
        await copied(service)
    assert refused.value.code is Code.EXPORT_TOO_SOON


class Stubborn(FileWorkspace):
    """A folder whose disk fails at the second file."""

    deleted = 0

    async def discard(self, names: object) -> None:
        self.deleted += 1
        if self.deleted == 2:
            raise StorageError("the disk is away")
        await super().discard(names)  # type: ignore[arg-type]  # names of files


async def test_files_go_later_where_a_deletion_was_cut_short(world: World) -> None:
    jobs = [await make(world, number, size=10) for number in range(3)]
    files = [world.workspace.path(job.result_file or "") for job in jobs]
    with pytest.raises(StorageError):
        await mydata_of(world, Stubborn(world.data_dir)).forget(ALICE, messages=False)
    assert sum(file.exists() for file in files) == 2
    assert (await SqlPersonalStore(world.database).holdings(ALICE)).nothing, "the rows are gone at once"
    await mydata_of(world).clear()  # as a new process does
    assert not [file for file in files if file.exists()]
    assert await SqlPersonalStore(world.database).removals(messages=False) == []


async def test_messages_that_stay_are_tried_again(world: World) -> None:
    for number in range(3):
        await make(world, number)
    service = mydata_of(world)
    await service.forget(ALICE, messages=True)
    asked: list[tuple[int, int]] = []

    async def delete(channel_id: int, message_id: int) -> bool:
        asked.append((channel_id, message_id))
        return message_id != 7_001

    assert await service.take_back(delete) == 1
    # Each has a status message of its own; here they share one.
    assert sorted(asked) == [(200, 300), (200, 7_000), (200, 7_001), (200, 7_002)]
    asked.clear()
    assert await service.take_back(delete) == 1
    assert asked == [(200, 7_001)]


async def test_nothing_goes_while_a_job_is_under_way(world: World) -> None:
    job = await make(world, 1, size=10)
    await world.store.add(replace(make_job(id="77"), state=JobState.RENDERING))
    with pytest.raises(InvalidRequest) as refused:
        await mydata_of(world).forget(ALICE, messages=True)
    assert refused.value.code is Code.STILL_UNDER_WAY
    assert world.workspace.path(job.result_file or "").exists()


def test_a_parcel_takes_what_fits(tmp_path: Path) -> None:
    parcel = Parcel(tmp_path / "p.zip", 10_000)
    large, small = tmp_path / "large", tmp_path / "small"
    large.write_bytes(b"x" * 9_900)
    small.write_bytes(b"x" * 500)
    assert not parcel.put_file("large", large)
    assert not parcel.put_file("gone", tmp_path / "gone")
    assert parcel.put_file("small", small)
    assert parcel.put_text("text", "y" * 50_000), "what counts is its packed size"
    parcel.close()
    assert parcel.pieces == 2
    assert (tmp_path / "p.zip").stat().st_size <= 10_000
