"""The data folder keeps to its budget and loses nothing that somebody waits for."""

import asyncio
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.draft import Draft
from bot.domain.errors import DatabaseUnavailable
from bot.domain.files import FileKind, StoredFile
from bot.domain.job import Job, JobId
from bot.domain.states import JobState
from bot.jobs.housekeeping import DAY, HOUR, Budget, Housekeeper, leftovers, must_go
from storage.drafts import SqlDraftStore
from storage.originals import SqlOriginalStore
from tests.factories import NOW, make_job, make_request
from tests.jobs.conftest import World, eventually

S = JobState
AGES = 30


class Folder:
    """A world with files of known size and age, and somebody who sweeps it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workspace = world.workspace

    def file(self, name: str, *, size: int = 100, age: int = 2 * HOUR) -> Path:
        path = self.world.data_dir / name
        path.write_bytes(b"x" * size)
        os.utime(path, ns=((NOW - age) * 1_000_000,) * 2)
        return path

    async def delivered(self, job_id: str, *, days: int, size: int = 100, **changes: object) -> Job:
        job = make_job(id=job_id)
        name = self.workspace.new_name(job, "original")
        self.file(name, size=size)
        ended = {"state": S.DELIVERED, "finished_at": NOW - days * DAY, "status_closed": True, **changes}
        return await self.world.store.add(replace(job, result_file=name, **ended))  # type: ignore[arg-type]

    async def sweep(self, *, size: int = 10_000, days: int | None = AGES) -> None:
        await self.keeper(size=size, days=days).sweep()

    def keeper(self, *, size: int = 10_000, days: int | None = AGES) -> Housekeeper:
        return Housekeeper(
            originals=SqlOriginalStore(self.world.database),
            shelf=self.workspace,
            clock=self.world.clock,
            budget=Budget(size=size, age=None if days is None else days * DAY),
        )

    async def kept(self) -> set[str]:
        """Return the ids of the jobs whose original is on disk and promised by its row: never only one."""
        found = set()
        for file in await self.workspace.stored():
            row = await self.world.store.get(file.job_id)
            if file.kind is FileKind.ORIGINAL:
                assert row is not None
                assert row.result_file == file.name
                found.add(str(file.job_id))
        return found


@pytest.fixture
def folder(world: World) -> Folder:
    return Folder(world)


async def test_the_oldest_delivered_go_until_the_rest_fits(folder: Folder) -> None:
    for number in range(5):
        await folder.delivered(str(number), days=5 - number)
    await folder.sweep(size=300)
    assert await folder.kept() == {"2", "3", "4"}
    row = await folder.world.store.get(JobId("0"))
    assert row is not None
    assert row.result_file is None
    assert row.result_bytes == (await folder.world.store.get(JobId("4"))).result_bytes  # type: ignore[union-attr]


async def test_what_is_older_than_the_limit_goes_though_there_is_room(folder: Folder) -> None:
    await folder.delivered("old", days=31)
    await folder.delivered("young", days=29)
    await folder.sweep(days=30)
    assert await folder.kept() == {"young"}


async def test_without_an_age_limit_only_the_budget_counts(folder: Folder) -> None:
    await folder.delivered("old", days=3000)
    await folder.sweep(days=None)
    assert await folder.kept() == {"old"}


@pytest.mark.parametrize("state", [state for state in JobState if state is not S.DELIVERED])
async def test_what_is_not_delivered_stays_whatever_the_budget(state: JobState, folder: Folder) -> None:
    await folder.delivered("1", days=6, state=state)
    await folder.delivered("2", days=1)
    await folder.sweep(size=0, days=1)
    assert await folder.kept() == {"1"}


async def test_what_failed_goes_after_its_seven_days(folder: Folder) -> None:
    await folder.delivered("1", days=8, state=S.FAILED)
    await folder.sweep(size=0)
    assert await folder.kept() == set()


async def test_more_than_one_page_is_dropped_and_a_missing_file_stops_nothing(folder: Folder) -> None:
    for number in range(230):
        await folder.delivered(f"{number:03}", days=29, size=10)
    gone = await folder.delivered("gone", days=30)
    folder.workspace.path(gone.result_file or "").unlink()
    await folder.sweep(size=50)
    assert len(await folder.kept()) == 5


async def test_a_draft_keeps_its_pictures_for_a_day(folder: Folder) -> None:
    drafts = SqlDraftStore(folder.world.database)
    for name, age in (("young", 23 * HOUR), ("old", 25 * HOUR)):
        request = make_request(picture=f"pictures/{name}.given", last_picture=f"pictures/{name}-last.given")
        await drafts.add(
            Draft(id=JobId(name), user_id=42, provider="preview", request=request, created_at=NOW - age)
        )
        for picture in (request.picture, request.last_picture):
            folder.file(str(picture), age=age)
    await folder.sweep()
    assert {file.name for file in await folder.workspace.stored()} == {
        "pictures/young.given",
        "pictures/young-last.given",
    }
    assert await drafts.get(JobId("old")) is None
    assert await drafts.get(JobId("young")) is not None


async def test_the_last_frame_of_a_waiting_job_stays(folder: Folder) -> None:
    await folder.world.store.add(make_job(id="7", state=S.QUEUED))
    frame = folder.file("pictures/7-last.jpg")
    await folder.sweep()
    assert frame.exists()


async def test_leftovers_go_and_what_is_in_work_stays(folder: Folder) -> None:
    await folder.world.store.add(make_job(id="7", short_id="AAAAA", state=S.FETCHING))
    await folder.world.store.add(make_job(id="8", short_id="BBBBB", state=S.FAILED))
    stays = [
        folder.file("originals/AAAAA-7.part.mp4"),
        folder.file("originals/AAAAA-7.part.mp4.note"),
        folder.file("fitted/AAAAA-7.mp4"),
        folder.file("pictures/7.jpg"),
        folder.file("originals/holiday in Rome.mp4"),
        folder.file("pictures/9.jpg", age=HOUR // 2),
    ]
    goes = [
        folder.file("originals/BBBBB-8.part.mp4"),
        folder.file("originals/BBBBB-8.part.mp4.note"),
        folder.file("originals/CCCCC-9.mp4"),
        folder.file("fitted/BBBBB-8.mp4"),
        folder.file("fitted/BBBBB-8.jpg"),
        folder.file("fitted/BBBBB-8.part.mp4.part"),
        folder.file("pictures/8.jpg"),
        folder.file("pictures/8.part.jpg"),
    ]
    await folder.sweep()
    assert [path.name for path in stays if not path.exists()] == []
    assert [path.name for path in goes if path.exists()] == []


async def test_the_picture_of_an_ended_job_stays_as_long_as_an_original_may(folder: Folder) -> None:
    for job_id, age in (("1", 29 * DAY), ("2", 31 * DAY)):
        job = make_job(id=job_id, state=S.DELIVERED)
        name = f"pictures/{job_id}.jpg"
        await folder.world.store.add(replace(job, request=replace(job.request, picture=name)))
        folder.file(name, age=age)
    await folder.sweep(days=30)
    assert [file.job_id for file in await folder.workspace.stored()] == ["1"]


async def test_it_sweeps_at_the_start_and_every_hour_and_outlives_a_bad_one(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = folder.keeper(size=0)
    failures = [DatabaseUnavailable("the disk is away")]
    sweep = keeper.sweep

    async def fail_once() -> None:
        if failures:
            raise failures.pop()
        await sweep()

    monkeypatch.setattr(keeper, "sweep", fail_once)
    await folder.delivered("1", days=1)
    with caplog.at_level(logging.WARNING):
        task = asyncio.create_task(keeper.run())

        async def swept() -> bool | None:
            return not await folder.workspace.stored() or None

        await eventually(swept)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert folder.world.clock.slept[0] == 3600
    assert [record.message for record in caplog.records] == [
        "the data folder could not be swept: the disk is away"
    ]


def test_settings_become_bytes_and_milliseconds() -> None:
    assert Budget.of(gigabytes=20, days=30) == Budget(size=20_000_000_000, age=30 * DAY)
    assert Budget.of(gigabytes=0.5, days=0) == Budget(size=500_000_000, age=None)


def test_a_clock_that_was_set_back_makes_nothing_old() -> None:
    future = StoredFile(
        name="originals/A-1.mp4",
        job_id=JobId("1"),
        kind=FileKind.ORIGINAL,
        size=1,
        modified_at=NOW + 9 * HOUR,
    )
    assert leftovers([future], in_work=(), kept=(), now=NOW, age=1) == []
    job = make_job(finished_at=NOW + 9 * HOUR)
    assert not must_go(job, total=1, now=NOW, budget=Budget(size=1, age=1))
