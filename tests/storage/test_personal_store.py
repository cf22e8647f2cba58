"""Counting, copying and deleting everything about one person, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, StaleJob
from bot.domain.job import JobId
from bot.domain.mydata import NOBODY, Holdings, Removal
from bot.domain.states import JobState
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.mydata import RECORDS, SqlPersonalStore
from tests.storage.personal_rows import OTHER, PERSON, SECRET, fill, schema, video

KNOWN = {
    *("jobs.user_id", "votes.user_id", "drafts.user_id", "boards.user_id", "favourites.user_id"),
    *("evaluations.user_id", "evaluation_scores.user_id", "comparisons.user_id", "comparison_votes.user_id"),
    *("galleries.user_id", "galleries.member_id", "exports.user_id"),
}
"""Columns that name a person, all of them emptied by a deletion."""


async def everything(database: Database) -> str:
    """Write out every value of every table."""
    rows = [
        f"{table} {dict(row)}"
        for table in schema()
        for row in await database.fetch_all(f"SELECT * FROM {table}")
    ]
    return "\n".join(rows)


@pytest.fixture
async def personal(database: Database) -> SqlPersonalStore:
    await fill(database)
    return SqlPersonalStore(database)


def test_every_column_that_names_a_person_is_known() -> None:
    named = {
        f"{table}.{column}"
        for table, columns in schema().items()
        for column in columns
        if column.endswith(("user_id", "member_id", "author_id", "person_id"))
    }
    assert named == KNOWN, "a deletion must know it: storage/sql/mydata.sql"


async def test_what_is_kept_is_counted(personal: SqlPersonalStore, database: Database) -> None:
    held = Holdings(videos=2, votes=2, favourites=2, evaluations=2, comparisons=2, boards=1, drafts=1)
    assert await personal.holdings(PERSON) == held
    assert (await personal.holdings(1)).nothing
    for number, state in enumerate((JobState.UNSURE, JobState.QUEUED, JobState.CANCELLED)):
        await SqlJobStore(database).add(replace(video(f"5{number}"), state=state))
    assert len((await personal.holdings(PERSON)).under_way) == 2


async def test_jobs_come_in_pages_and_records_by_kind(personal: SqlPersonalStore) -> None:
    first = await personal.jobs(PERSON, after=None, limit=1)
    second = await personal.jobs(PERSON, after=first[0], limit=5)
    assert [job.id for job in (*first, *second)] == ["1", "2"]
    assert await personal.jobs(PERSON, after=second[0], limit=5) == []
    records = await personal.records(PERSON)
    assert set(records) == set(RECORDS)
    assert {kind: len(rows) for kind, rows in records.items()} == {
        **dict.fromkeys(("votes", "favourites", "evaluations", "evaluation_scores"), 2),
        **dict.fromkeys(("comparisons", "comparison_votes", "lists"), 2),
        **dict.fromkeys(("boards", "board_clips", "drafts"), 1),
    }
    assert records["votes"][0]["video"] == video("1").short_id
    assert SECRET in str(records["board_clips"][0]["plan"])
    assert "horse" not in str(records)


async def test_one_copy_in_a_while(personal: SqlPersonalStore) -> None:
    assert await personal.begin_export(3, "pictures/x.given", now=100, before=50) is None
    assert await personal.begin_export(3, "pictures/y.given", now=120, before=99) == 100
    await personal.undo_export(3, "pictures/other.given")
    assert await personal.begin_export(3, "pictures/y.given", now=120, before=99) == 100
    await personal.undo_export(3, "pictures/x.given")
    assert await personal.begin_export(3, "pictures/y.given", now=121, before=99) is None
    assert await personal.begin_export(3, "pictures/z.given", now=500, before=121) is None


async def test_nothing_names_the_person_afterwards_and_others_keep_theirs(
    personal: SqlPersonalStore, database: Database
) -> None:
    before = await everything(database)
    assert str(PERSON) in before
    assert before.count("horse") > 5
    await personal.forget(PERSON, now=10, messages=False)
    after = await everything(database)
    assert str(PERSON) not in after
    assert SECRET not in after
    assert after.count("horse") == before.count("horse"), "the other one's words all stand"
    assert "7777" not in after, "a channel of direct messages is a person's"
    kept = await personal.holdings(OTHER)
    assert kept == Holdings(videos=1, votes=2, favourites=2, evaluations=2, comparisons=2, boards=1, drafts=1)
    assert (await personal.holdings(PERSON)).nothing


async def test_their_videos_leave_every_comparison(personal: SqlPersonalStore, database: Database) -> None:
    await database.execute("UPDATE comparisons SET shown = 1, revealed_at = 5 WHERE user_id = :id", id=PERSON)
    await personal.forget(PERSON, now=10, messages=False)
    rows = await database.fetch_all("SELECT * FROM comparisons WHERE left_job_id = '1'")
    assert rows
    assert {(row["withdrawn"], row["shown"], row["due_at"]) for row in rows} == {(1, 0, 10)}
    assert {row["revealed_at"] for row in rows} == {5, 10}, "one that had ended keeps its end"


async def test_accounting_keeps_its_line(personal: SqlPersonalStore, database: Database) -> None:
    store, was = SqlJobStore(database), video("1")
    await personal.forget(PERSON, now=10, messages=False)
    job = await store.get(JobId("1"))
    assert job is not None
    assert (job.user_id, job.request.prompt, job.result, job.result_file) == (NOBODY, "", None, None)
    assert (job.request.model, job.request.size, job.request.seconds) == ("m", was.request.size, 8)
    assert (job.state, job.provider, job.remote_id) == (was.state, was.provider, was.remote_id)
    assert (job.created_at, job.started_at, job.finished_at) == (1_000, 2_000, 3_000)
    assert job.place.guild_id == 100
    assert [event.to_state for event in await store.history(job.id)][-1] == JobState.DELIVERED


async def test_files_are_left_to_be_deleted_then_the_rows_bytes(personal: SqlPersonalStore) -> None:
    await personal.forget(PERSON, now=10, messages=False)
    removals = await personal.removals(messages=False)
    assert {removal.file for removal in removals if removal.file is not None} == {
        *(f"originals/{n}.mp4" for n in "12"),
        *(f"fitted/{n}.{ending}" for n in "12" for ending in ("mp4", "jpg")),
        *(f"pictures/{n}{end}.jpg" for n in "12" for end in ("", "-last")),
        *("pictures/d1.given", "pictures/e1.given", "pictures/b1.jpg"),
    }
    assert removals[-1] == Removal(id="rows")
    assert await personal.removals(messages=True) == []
    for removal in removals:
        await personal.removed(removal)
    assert await personal.removals(messages=False) == []


async def test_messages_are_left_to_be_deleted_where_that_is_wished(personal: SqlPersonalStore) -> None:
    await personal.forget(PERSON, now=10, messages=True)
    removals = await personal.removals(messages=True)
    assert {(removal.channel_id, removal.message_id) for removal in removals} == {
        *((5, 9_001), (7_777, 9_002)),  # results; the status of a clip stands in its board's message
        *((5, 70), (44, 4_444)),  # the board, and the copy in another channel
    }
    for removal in removals:
        await personal.removed(removal)
    assert await personal.removals(messages=True) == []


async def test_nothing_is_deleted_while_a_job_is_under_way(
    personal: SqlPersonalStore, database: Database
) -> None:
    await SqlJobStore(database).add(replace(video("6"), state=JobState.RENDERING))
    before = await everything(database)
    with pytest.raises(InvalidRequest) as refused:
        await personal.forget(PERSON, now=10, messages=True)
    assert refused.value.code is Code.STILL_UNDER_WAY
    assert dict(refused.value.facts) == {"count": 1, "id": video("6").short_id}
    assert await everything(database) == before


async def test_who_read_the_row_before_writes_nothing_over_it(
    personal: SqlPersonalStore, database: Database
) -> None:
    store = SqlJobStore(database)
    job = await store.get(JobId("1"))
    assert job is not None
    await personal.forget(PERSON, now=10, messages=False)
    with pytest.raises(StaleJob):
        await store.save(job, replace(job, upload_limit=5))
    with pytest.raises(StaleJob):
        await store.decide(job, replace(job, result_message_id=None), "deleted")
    assert SECRET not in await everything(database)


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[tuple[Path, Database]]:
    path = tmp_path / "reelbot.db"
    database = await open_database(f"sqlite:///{path}")
    await migrate(database)
    yield path, database
    await database.close()


async def test_the_bytes_are_gone_from_the_file_and_its_log(file: tuple[Path, Database]) -> None:
    path, database = file
    await fill(database)
    # A row that was deleted before anybody thought of overwriting.
    await database.execute("INSERT INTO notes (key, value) VALUES ('old', :text)", text=f"{SECRET} {PERSON}")
    await database.execute("DELETE FROM notes WHERE key = 'old'")
    wanted = (SECRET.encode(), str(PERSON).encode(), PERSON.to_bytes(8))
    kept = [path, path.with_name("reelbot.db-wal")]
    assert all(any(bytes_ in file.read_bytes() for file in kept) for bytes_ in wanted)
    personal = SqlPersonalStore(database)
    await personal.forget(PERSON, now=10, messages=False)
    await personal.overwrite()
    assert not [(file.name, bytes_) for file in kept for bytes_ in wanted if bytes_ in file.read_bytes()]
