"""Every statement of the common subset on PostgreSQL: it prepares, and it uses its index."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

import storage
from storage.database import open_database
from storage.migrate import migrate
from storage.postgres_statement import Statement
from storage.queries import load_queries
from tests.storage.postgres_server import PostgresServer

TOPICS = sorted(path.stem for path in (Path(storage.__file__).parent / "sql").glob("*.sql"))
NUMBERS_AND_TEXTS = {"int4", "int8", "text"}


@pytest.fixture
async def connection(postgres_server: PostgresServer, postgres: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the driver itself to a database with the schema."""
    url = postgres_server.url(postgres)
    database = await open_database(url)
    await migrate(database)
    await database.close()
    opened = await asyncpg.connect(url, timeout=20)
    yield opened
    await opened.close()


async def test_every_statement_takes_numbers_and_texts_and_gives_them(connection: asyncpg.Connection) -> None:
    """A parameter of another type would need a cast, which the common subset does not have."""
    for topic in TOPICS:
        for name, sql in load_queries(topic).items():
            prepared = await connection.prepare(Statement.parse(sql).sql)
            kinds = {kind.name for kind in prepared.get_parameters()}
            kinds |= {attribute.type.name for attribute in prepared.get_attributes()}
            assert kinds <= NUMBERS_AND_TEXTS, f"{topic}.{name}"


# A server that has made five thousand videos, with a long line and a few jobs running.
FILL = """INSERT INTO jobs
SELECT 'j' || n, lpad(n::text, 5, '0'), 'p', n % 50, n % 7, 1, 1,
    'x', '2x2', 4, 'm', NULL, NULL, NULL, n, 'en',
    CASE WHEN n <= 300 THEN 'queued' WHEN n <= 310 THEN 'rendering' ELSE 'delivered' END,
    0, 0, NULL, 0, 0, CASE WHEN n < 9 THEN 'w' END, 1,
    n, n, NULL, 'r' || n, NULL, NULL, NULL, NULL, NULL, NULL, n, NULL, NULL, 1
FROM generate_series(1, 5000) AS n;
INSERT INTO job_events SELECT id, 1, 1, NULL, state, '' FROM jobs;
ANALYZE"""
INDEXES = {
    "by_id": ["jobs_pkey"],
    "by_short_id": ["jobs_short_id_key"],
    "by_result_message": ["jobs_by_result_message"],
    "by_remote_id": ["jobs_by_remote_id"],
    "active_in_place": ["jobs_by_state"],
    "active_of_member": ["jobs_of_user"],
    "count_waiting": ["jobs_line"],
    "count_waiting_of_member": ["jobs_line"],
    "recently_delivered": ["jobs_by_state"],
    "cancel_flags": ["jobs_by_owner"],
    "history": ["job_events_pkey"],
    "take_over": ["jobs_by_state"],
    "take_over_without_card": ["jobs_by_state"],
    "take_over_ends": ["jobs_unclosed"],
    "slots_used": ["jobs_by_state"],
    "running_of_members": ["jobs_by_state"],
    "running": ["jobs_by_state"],
    "first_of_members": ["jobs_line"],
    "first_of_member": ["jobs_line"],
    "waiting": ["jobs_by_state"],  # the line is all that it reads, by either index
    "last_starts": ["jobs_started"],
    "lengths": ["jobs_lengths"],
}


async def test_a_statement_uses_its_indexes_and_never_reads_all_jobs(connection: asyncpg.Connection) -> None:
    """With the plan that a prepared statement gets, which does not look at the values."""
    await connection.execute(FILL)
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    for name, indexes in INDEXES.items():
        statement = Statement.parse({**load_queries("line"), **load_queries("jobs")}[name])
        await connection.execute(f"PREPARE {name} AS {statement.sql}")
        values = f"({', '.join('NULL' for _ in statement.names)})" if statement.names else ""
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE {name} {values}"))
        used = set(re.findall(r"(?:using|Bitmap Index Scan on) (\w+)", plan))
        assert used >= set(indexes), f"{name}\n{plan}"
        assert "Seq Scan on job" not in plan, f"{name}\n{plan}"
