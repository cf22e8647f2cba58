"""Opening a PostgreSQL database: the spellings of its URL, or one sentence without the password."""

import asyncio
import sys
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

import storage
from bot.domain.errors import ConfigError, DatabaseUnavailable
from storage.database import open_database
from storage.migrate import migrate
from tests.storage.postgres_server import PASSWORD, PostgresServer

ROOT = Path(storage.__file__).parents[1]
SECRET = "hunter2"


def assert_says_it_in_one_sentence(error: BaseException) -> None:
    sentence = str(error)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    whole = "".join(traceback.format_exception(error))
    for secret in (SECRET, PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in whole


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
@pytest.mark.parametrize(
    "options", ["", "?sslmode=disable", "?sslmode=prefer&application_name=x&search_path=public"]
)
async def test_a_url_opens_its_database(
    scheme: str, options: str, postgres_server: PostgresServer, postgres: str
) -> None:
    url = postgres_server.url(postgres).replace("postgresql:", f"{scheme}:") + options
    database = await open_database(url)
    assert await migrate(database)
    assert await database.fetch_all("SELECT current_database() AS name") == [{"name": postgres}]
    assert database.shared
    await database.close()


async def test_the_host_may_stand_in_the_options(postgres_server: PostgresServer, postgres: str) -> None:
    password = quote(PASSWORD, safe="")
    options = f"host=127.0.0.1&port={postgres_server.port}&user=reelbot&password={password}"
    database = await open_database(f"postgresql:///{postgres}?{options}")
    assert await database.fetch_all("SELECT 1 AS one") == [{"one": 1}]
    await database.close()


@pytest.mark.parametrize(
    ("tail", "kind", "sentence"),
    [
        pytest.param("/x?sslmode=sometimes", ConfigError, "option after the question mark", id="ssl mode"),
        pytest.param(
            "/x?sslmode", ConfigError, "option after the question mark", id="option without a value"
        ),
        pytest.param("/x?channel_bind=1", ConfigError, '"channel_bind"', id="option that no server knows"),
        pytest.param("/x?work_mem=much", ConfigError, '"work_mem"', id="option with a wrong value"),
        pytest.param("/x?sslmode=require", DatabaseUnavailable, "SSL", id="a server without SSL"),
        pytest.param("/missing", ConfigError, 'database "missing" does not exist', id="no such database"),
    ],
)
async def test_what_the_server_or_the_driver_refuses(
    tail: str, kind: type[Exception], sentence: str, postgres_server: PostgresServer, postgres: str
) -> None:
    url = postgres_server.url(postgres).removesuffix(f"/{postgres}") + tail.replace("/x", f"/{postgres}")
    with pytest.raises(kind, match=sentence) as caught:
        await open_database(url)
    assert_says_it_in_one_sentence(caught.value)


@pytest.mark.parametrize(("user", "password"), [("reelbot", SECRET), ("nobody", PASSWORD)])
async def test_a_wrong_user_or_password(
    user: str, password: str, postgres_server: PostgresServer, postgres: str
) -> None:
    with pytest.raises(ConfigError, match="refuses the user or the password: correct DATABASE_URL") as caught:
        await open_database(postgres_server.url(postgres, user=user, password=password))
    assert_says_it_in_one_sentence(caught.value)
    assert f"{postgres} at 127.0.0.1" in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nowhere.invalid", "[::1]:1", "127.0.0.1:1,127.0.0.1:2"])
async def test_a_server_that_is_not_there(host: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"reelbot at .* cannot be reached") as caught:
        await open_database(f"postgresql://bot:{SECRET}@{host}/reelbot")
    assert_says_it_in_one_sentence(caught.value)


async def test_a_server_that_never_answers() -> None:
    ends = asyncio.Event()

    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ends.wait()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DatabaseUnavailable, match="did not answer in time") as caught:
            await open_database(f"postgresql://bot:{SECRET}@127.0.0.1:{port}/reelbot", timeout=0.3)
        ends.set()
    assert_says_it_in_one_sentence(caught.value)


async def test_something_else_that_answers() -> None:
    async def be_a_web_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(be_a_web_server, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DatabaseUnavailable, match="cannot be reached") as caught:
            await open_database(f"postgresql://bot:{SECRET}@127.0.0.1:{port}/reelbot", timeout=5)
    assert_says_it_in_one_sentence(caught.value)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(f"bot:{SECRET}/x@db:5432/reelbot", id="slash in the password"),
        pytest.param(f"bot:a@{SECRET}@db:5432/reelbot", id="at in the password"),
        pytest.param(f"bot:a#{SECRET}@db:5432/reelbot", id="hash in the password"),
        pytest.param(f"bot:a?{SECRET}@db:5432/reelbot", id="question mark in the password"),
        pytest.param(f"bot:a:{SECRET}@db:5432/reelbot", id="colon in the password"),
        pytest.param(f"bot:a {SECRET}@db:5432/reelbot", id="space in the password"),
        pytest.param(f"bot:{SECRET}@db:port/reelbot", id="port that is no number"),
        pytest.param(f"bot:{SECRET}@db:5432/", id="no database"),
        pytest.param(f"bot:{SECRET}@db:5432", id="no path"),
        pytest.param("", id="nothing"),
    ],
)
async def test_a_url_that_is_none(rest: str) -> None:
    with pytest.raises(ConfigError, match=r"must look like postgresql://user:password@host:5432") as caught:
        await open_database(f"postgresql://{rest}")
    assert_says_it_in_one_sentence(caught.value)


@pytest.mark.parametrize("port", ["70000", "99999999999999999999"])
async def test_a_port_that_does_not_exist(port: str) -> None:
    with pytest.raises((ConfigError, DatabaseUnavailable)) as caught:
        await open_database(f"postgresql://bot:{SECRET}@127.0.0.1:{port}/reelbot")
    assert_says_it_in_one_sentence(caught.value)


async def test_a_database_with_another_encoding(postgres_server: PostgresServer) -> None:
    await postgres_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    with pytest.raises(ConfigError, match="has the encoding LATIN1: create it with UTF8") as caught:
        await open_database(postgres_server.url("latin"))
    assert_says_it_in_one_sentence(caught.value)
    await postgres_server.run("DROP DATABASE latin WITH (FORCE)")


async def test_without_the_driver_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("storage.postgres")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(ConfigError, match=r"install reelbot\[postgres\]") as caught:
        await open_database(f"postgresql://bot:{SECRET}@db/reelbot")
    assert_says_it_in_one_sentence(caught.value)


async def test_sqlite_does_not_import_the_driver(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, storage.database as d\n"
        "async def main():\n"
        "    await (await d.open_database('sqlite:///' + sys.argv[1])).close()\n"
        "asyncio.run(main()); sys.exit('asyncpg' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(tmp_path / "r.db"), cwd=ROOT
    )
    assert await process.wait() == 0
