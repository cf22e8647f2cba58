"""Several processes that bring one PostgreSQL database up to date, and one that is killed while it does."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

import storage
from storage.migrate import Migration, load_migrations, migrate
from storage.postgres import open_postgres
from tests.storage.postgres_server import PostgresServer

ROOT = Path(storage.__file__).parents[1]

MIGRATE = """
import asyncio, sys
from storage.database import open_database
from storage.migrate import Migration, migrate

STEPS = [Migration(version=n, name=str(n), script=script) for n, script in enumerate(sys.argv[2:], 1)]

async def main():
    database = await open_database(sys.argv[1])
    print(await migrate(database, STEPS or None))
    await database.close()

asyncio.run(main())
"""


@asynccontextmanager
async def migrating(url: str, *scripts: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `migrate` with these steps, or the real ones, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MIGRATE, url, *scripts, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_three_processes_that_start_at_once_apply_each_step_once(
    postgres_server: PostgresServer, postgres: str
) -> None:
    url = postgres_server.url(postgres)
    async with migrating(url) as one, migrating(url) as two, migrating(url) as three:
        for process in (one, two, three):
            output, _ = await asyncio.wait_for(process.communicate(), 60)
            assert (process.returncode, output) == (0, f"{len(load_migrations())}\n".encode())
    rows = await postgres_server.run("SELECT version FROM schema_migrations ORDER BY version", postgres)
    assert [row["version"] for row in rows] == [step.version for step in load_migrations()]


async def test_a_process_killed_in_the_middle_of_a_step_leaves_nothing_of_it(
    postgres_server: PostgresServer, postgres: str
) -> None:
    """It stands in its second step, because the test has locked the table, when it is killed."""
    url = postgres_server.url(postgres)
    one = "CREATE TABLE a (x TEXT);"
    two = "CREATE TABLE b (x TEXT); ALTER TABLE a ADD COLUMN y TEXT; CREATE TABLE c (x TEXT);"
    await postgres_server.run(
        "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT, applied_at BIGINT)", postgres
    )
    await postgres_server.run("CREATE TABLE a (x TEXT)", postgres)
    await postgres_server.run("INSERT INTO schema_migrations VALUES (1, '1', 0)", postgres)
    ours = await asyncpg.connect(url, timeout=20)
    async with ours.transaction():
        await ours.execute("LOCK TABLE a")
        async with migrating(url, one, two) as process:
            async with asyncio.timeout(60):
                while not await postgres_server.run("SELECT 1 FROM pg_locks WHERE NOT granted", postgres):
                    await asyncio.sleep(0.01)
            process.kill()
            await process.wait()
    await ours.close()
    database = await open_postgres(url, timeout=20)
    # The lock of the dead process is free: its server process has found nobody to answer to.
    assert await migrate(database, [Migration(version=1, name="1", script=one)]) == 1
    rows = await postgres_server.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", postgres)
    assert {row["tablename"] for row in rows} == {"schema_migrations", "a"}
    steps = [Migration(version=n, name=str(n), script=script) for n, script in enumerate((one, two), 1)]
    assert await migrate(database, steps) == 2
    assert await database.fetch_all("SELECT y FROM a") == []
    await database.close()
