"""Thumbs from before servers had scales are votes like others."""

from collections.abc import Awaitable, Callable

from bot.domain.job import JobId
from bot.domain.ratings import Tally
from bot.domain.votes import NORMAL
from storage.database import Database
from storage.migrate import load_migrations, migrate
from storage.ratings import SqlRatingStore

Connect = Callable[[], Awaitable[Database]]


async def test_thumbs_of_the_first_schema_keep_their_meaning_and_time(connect_empty: Connect) -> None:
    database = await connect_empty()
    await migrate(database, load_migrations()[:1])
    await database.execute(
        "INSERT INTO jobs (id, short_id, provider, user_id, guild_id, channel_id, status_message_id, prompt,"
        " size, seconds, model, created_at, locale, state, priority, due_at, attempt, cancel_requested,"
        " fence, result_message_id, status_closed)"
        " VALUES ('1', 'AAAAA', 'p', 1, 2, 3, 4, 'x', '2x2', 4, 'm', 5, 'en', 'delivered', 0, 0, 0, 0,"
        " 0, 9, 1)"
    )
    sql = "INSERT INTO ratings VALUES ('1', :user, :value, 5)"
    for user_id, value in ((7, 1), (8, 1), (9, -1)):
        await database.execute(sql, user=user_id, value=value)
    await migrate(database)
    ratings, job = SqlRatingStore(database), JobId("1")
    assert await ratings.tally(job) == Tally(
        people=3, total=200, by_value={100: 2, 0: 1}, by_emoji={"👍": 2, "👎": 1}
    )
    rows = await database.fetch_all("SELECT DISTINCT at, held FROM votes")
    assert [tuple(row.values()) for row in rows] == [(5, NORMAL)]
    await ratings.retract(job, 7, "👍")
    assert (await ratings.tally(job)).people == 2
