"""Jobs survive the table unchanged, on every database."""

from dataclasses import fields

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.codes import Code
from bot.domain.job import Failure, Job, JobId, Place, Venue, WorkerId
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.domain.video import Size, Source, SourceUse, VideoRequest
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row, job_values

# PostgreSQL has no NUL in its texts; neither have prompts, addresses and ids.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBER = st.integers(-(2**63), 2**63 - 1)
SMALL = st.integers(-(2**31), 2**31 - 1)  # INTEGER has 32 bits on PostgreSQL
SIDE = st.integers(1, 10**6)
FACTS = st.dictionaries(TEXT, st.one_of(TEXT, st.integers(), st.floats(allow_nan=False)), max_size=3)

JOBS = st.builds(
    Job,
    id=TEXT.map(JobId),
    short_id=TEXT,
    provider=TEXT,
    user_id=NUMBER,
    place=st.builds(Place, channel_id=NUMBER, guild_id=st.none() | NUMBER, status_message_id=NUMBER),
    request=st.builds(
        VideoRequest,
        prompt=TEXT,
        size=st.builds(Size, SIDE, SIDE),
        seconds=SMALL,
        model=TEXT,
        picture=st.none() | TEXT,
        seed=st.none() | NUMBER,
        negative=st.none() | TEXT,
        style=st.none() | TEXT,
        typed=st.none() | TEXT,
        source=st.none() | st.builds(Source, use=st.sampled_from([*SourceUse]), remote_id=TEXT),
        join=st.none()
        | st.builds(Join, sources=st.lists(TEXT).map(tuple), fade=st.booleans(), title=st.none() | TEXT),
    ),
    origin=st.builds(
        Origin,
        parent=st.none() | TEXT,
        relation=st.none() | st.sampled_from([*Relation]),
        board=st.none() | TEXT,
        clip=st.none() | SMALL,
    ),
    created_at=NUMBER,
    locale=TEXT,
    state=st.sampled_from([*JobState]),
    priority=SMALL,
    due_at=NUMBER,
    attempt=SMALL,
    cancel_requested=st.booleans(),
    owner=st.none() | TEXT.map(WorkerId),
    fence=NUMBER,
    failure=st.none() | st.builds(Failure, code=st.sampled_from([*Code]), facts=FACTS),
    status_closed=st.booleans(),
    **{
        name: st.none() | NUMBER
        for name in (
            "deadline_at",
            "started_at",
            "finished_at",
            "submit_intent_at",
            "result_bytes",
            "upload_limit",
            "post_intent_at",
            "result_channel_id",
            "result_message_id",
        )
    },
    venue=st.sampled_from([*Venue]),
    **{
        name: st.none() | TEXT
        for name in ("remote_id", "result_url", "result_file", "fitted_file", "still_file")
    },
)


@settings(
    # The table is emptied between examples.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(job=JOBS)
async def test_any_job_comes_back_as_it_was(job: Job, database: Database) -> None:
    await database.execute("DELETE FROM jobs")
    [row] = await database.fetch_all(load_queries("jobs")["insert"], **job_values(job))
    assert job_from_row(row) == job


async def test_every_column_is_written_and_every_value_has_a_column(database: Database) -> None:
    job = Job(
        id=JobId("1"),
        short_id="AAAAA",
        provider="p",
        user_id=1,
        place=Place(channel_id=1, status_message_id=1),
        request=VideoRequest(prompt="x", size=Size(2, 2), seconds=1),
        created_at=1,
    )
    [row] = await database.fetch_all(load_queries("jobs")["insert"], **job_values(job))
    columns = set(row)
    assert set(job_values(job)) == columns
    parts = {"place", "request", "failure", "origin"}
    assert {field.name for field in fields(Job)} - parts <= columns


async def test_a_failure_code_of_a_newer_version_reads_as_internal(database: Database) -> None:
    job = Job(
        id=JobId("1"),
        short_id="AAAAA",
        provider="p",
        user_id=1,
        place=Place(channel_id=1, status_message_id=1),
        request=VideoRequest(prompt="x", size=Size(2, 2), seconds=1),
        created_at=1,
        failure=Failure(code=Code.DEADLINE, facts={"minutes": 3}),
    )
    await database.execute(load_queries("jobs")["insert"], **job_values(job))
    await database.execute("UPDATE jobs SET failure_code = 'from-the-future'")
    [row] = await database.fetch_all("SELECT * FROM jobs")
    assert job_from_row(row).failure == Failure(code=Code.INTERNAL, facts={"minutes": 3})
