"""Several machines with folders of their own on one database: the same on both databases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.home import Home
from bot.domain.job import Job, JobId, WorkerId
from bot.domain.states import JobState
from storage.database import Database
from storage.folder_mark import MARK, mark_folder
from storage.jobs import SqlJobStore
from storage.originals import SqlOriginalStore
from storage.pictures import CarryingWorkspace

JobMaker = Callable[..., Job]
S = JobState
ONE, TWO = Home(machine="one", shared=False), Home(machine="two", shared=False)
W1, W2 = WorkerId("w1"), WorkerId("w2")
TTL = 60_000
SLOTS = {"preview": 1}


def kept(make_job: JobMaker, job_id: str, machine: str | None, **changes: object) -> Job:
    name = f"originals/X-{job_id}.mp4"
    row = {"state": S.DELIVERED, "finished_at": int(job_id), "status_closed": True, "result_file": name}
    return make_job(job_id, kept_on=machine, **(row | changes))


@pytest.mark.parametrize("state", [S.FITTING, S.DELIVERING])
async def test_a_job_goes_on_where_its_file_is_while_that_machine_is_alive(
    database: Database, make_job: JobMaker, state: S
) -> None:
    one, two = SqlJobStore(database, machine="one"), SqlJobStore(database, machine="two")
    await one.add(kept(make_job, "1", "one", state=state, status_closed=False))
    await one.beat(W1, TTL)
    await two.beat(W2, TTL)
    assert await two.claim(W2, SLOTS, 2_000) == []
    assert await two.claim(W2, {}, 2_000) == []
    assert [job.id for job in await one.claim(W1, SLOTS, 2_000)] == ["1"]


async def test_a_job_whose_machine_is_gone_is_taken_over_by_another(
    database: Database, make_job: JobMaker
) -> None:
    one, two = SqlJobStore(database, machine="one"), SqlJobStore(database, machine="two")
    await one.add(kept(make_job, "1", "one", state=S.FITTING, status_closed=False))
    await one.beat(W1, TTL)
    await one.leave(W1)
    await two.beat(W2, TTL)
    assert [job.id for job in await two.claim(W2, SLOTS, 2_000)] == ["1"]


@pytest.mark.parametrize("changes", [{"kept_on": None}, {"state": S.FETCHING}], ids=str)
async def test_what_needs_no_file_of_another_machine_is_anybodys(
    database: Database, make_job: JobMaker, changes: dict[str, object]
) -> None:
    store = SqlJobStore(database, machine="one")
    job = kept(make_job, "1", "one", state=S.FITTING, status_closed=False)
    await store.add(replace(job, **changes))  # type: ignore[arg-type]  # the table mixes types
    await store.beat(W1, TTL)
    shared = SqlJobStore(database)
    await shared.beat(W2, TTL)
    assert [found.id for found in await shared.claim(W2, SLOTS, 2_000)] == ["1"]


async def test_each_machine_keeps_and_drops_its_own(
    database: Database, store: SqlJobStore, make_job: JobMaker
) -> None:
    for job_id, machine in (("1", "one"), ("2", "two"), ("3", None)):
        await store.add(kept(make_job, job_id, machine))
    names = {job_id: f"originals/X-{job_id}.mp4" for job_id in "123"}
    for home, ids in ((ONE, "13"), (TWO, "23"), (Home(machine="other"), "123")):
        originals = SqlOriginalStore(database, home)
        assert await originals.kept_names() == {names[job_id] for job_id in ids}
    for home, ids in ((ONE, "13"), (TWO, "23"), (Home(machine="other"), "3")):
        jobs = await SqlOriginalStore(database, home).droppable(failed_before=0, after=None)
        assert "".join(job.id for job in jobs) == ids


async def test_a_row_whose_file_is_dropped_names_no_machine(
    database: Database, store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(kept(make_job, "1", "one"))
    assert await SqlOriginalStore(database, ONE).forget(job)
    row = await store.get(job.id)
    assert row is not None
    assert (row.result_file, row.kept_on) == (None, None)


async def test_a_picture_comes_to_the_machine_that_sends_it(database: Database, tmp_path: Path) -> None:
    taking = CarryingWorkspace(tmp_path / "one", database, home=ONE)
    sending = CarryingWorkspace(tmp_path / "two", database, home=TWO)
    data = bytes(range(256)) * 300
    for kind in ("picture", "last"):
        name = await taking.keep_picture(JobId("7"), data + kind.encode(), kind)
        path = await sending.bring_picture(name)
        assert path == tmp_path / "two" / name
        assert path.read_bytes() == data + kind.encode()
    assert not list((tmp_path / "two").rglob("*.part*"))
    path.write_bytes(b"as it is here")
    assert (await sending.bring_picture(name)).read_bytes() == b"as it is here"
    assert not (await sending.bring_picture("pictures/none.jpg")).exists()


async def test_pictures_leave_the_database_when_their_job_has_ended(
    database: Database,
    store: SqlJobStore,
    make_job: JobMaker,
    tmp_path: Path,
    stop_clock: Callable[[int], None],
) -> None:
    taking = CarryingWorkspace(tmp_path / "one", database, home=ONE)
    for number, (state, at) in enumerate(
        [(S.UNSURE, 1_000), (S.DELIVERED, 1_000), (S.FAILED, 1_000), (None, 1_000), (None, 2_000)]
    ):
        stop_clock(at)
        picture = await taking.keep_picture(JobId(str(number)), b"jpeg")
        last = await taking.keep_picture(JobId(str(number)), b"jpeg", "last")
        if state is not None:
            job = make_job(str(number), state=state)
            request = replace(job.request, picture=picture, last_picture=last)
            await store.add(replace(job, request=request))
    await SqlOriginalStore(database, ONE).drop_pictures(2_000)
    rows = await database.fetch_all("SELECT name FROM pictures")
    assert {row["name"] for row in rows} == {
        *("pictures/0.jpg", "pictures/0-last.jpg"),
        *("pictures/4.jpg", "pictures/4-last.jpg"),
    }


def test_a_folder_is_one_machines_own(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    mark_folder(folder, Home(machine="one", shared=True))
    assert not folder.exists()
    for _ in range(2):
        mark_folder(folder, ONE)
    assert (folder / MARK).read_text() == "one"
    with pytest.raises(ConfigError, match="MACHINE=one"):
        mark_folder(folder, TWO)
    assert (folder / MARK).read_text() == "one"
