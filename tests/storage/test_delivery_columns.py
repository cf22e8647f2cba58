"""Rows from before results could stand elsewhere keep their meaning."""

from collections.abc import Awaitable, Callable

from bot.domain.job import JobId, Posted, Venue
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.migrate import load_migrations, migrate

Connect = Callable[[], Awaitable[Database]]


async def test_a_delivered_row_of_the_first_schema_stands_in_its_place(connect_empty: Connect) -> None:
    database = await connect_empty()
    await migrate(database, load_migrations()[:1])
    await database.execute(
        "INSERT INTO jobs (id, short_id, provider, user_id, guild_id, channel_id, status_message_id, prompt,"
        " size, seconds, model, created_at, locale, state, priority, due_at, attempt, cancel_requested,"
        " fence, result_message_id, status_closed)"
        " VALUES ('1', 'AAAAA', 'p', 1, 2, 3, 4, 'x', '2x2', 4, 'm', 5, 'en', 'delivered', 0, 0, 0, 0,"
        " 0, 9, 1)"
    )
    await migrate(database)
    job = await SqlJobStore(database).get(JobId("1"))
    assert job is not None
    assert (job.venue, job.still_file) == (Venue.PLACE, None)
    assert job.result == Posted(channel_id=3, message_id=9)
