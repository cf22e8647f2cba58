"""The preview API as a process of its own that is killed in the middle of its work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.preview.preview_client import Client, files_in
from tests.processes import command, first_line, kill

ARGUMENTS = ("preview-api", "--port", "0", "--data", "data", "--pace")


@asynccontextmanager
async def running(
    cwd: Path, session: aiohttp.ClientSession, *, pace: float
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Client]]:
    async with command(*ARGUMENTS, str(pace), cwd=cwd) as process:
        yield process, Client(await first_line(process), session)


async def keyed(client: Client, **fields: Any) -> tuple[int, Any]:
    status, body, _ = await client.ask("POST", "/videos", json=fields, headers={"Idempotency-Key": "k"})
    return status, body


async def test_a_kill_loses_no_video_and_brings_none_back(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    order: dict[str, Any] = {"prompt": "a bridge in fog", "size": "1280x720", "seed": 7}
    async with running(tmp_path, session, pace=0.25) as (process, client):
        finished = await client.create("hills")
        await client.wait(finished["id"])
        content = await client.content(finished["id"])
        deleted = await client.create("dunes")
        await client.ask("DELETE", f"/videos/{deleted['id']}")
        _, rendering = await keyed(client, **order)
        async with asyncio.timeout(60):
            while (await client.wait(rendering["id"], until=("queued", "in_progress")))["progress"] < 20:
                await asyncio.sleep(0.01)
        waiting = await client.create("a lake")
        kill(process)  # right after the answer
        await process.wait()
    assert [path.suffix for path in files_in(tmp_path / "data" / "preview") if path.suffix == ".part"]

    async with running(tmp_path, session, pace=0) as (process, client):
        assert await client.content(finished["id"]) == content
        status, again = await keyed(client, **order)
        assert (status, again["id"]) == (200, rendering["id"])
        status, _ = await keyed(client, **order | {"seed": 8})
        assert status == 400
        for video in (rendering, waiting):
            assert (await client.wait(video["id"]))["status"] == "completed"
        _, page, _ = await client.ask("GET", "/videos?order=asc")
        assert [video["id"] for video in page["data"]] == [finished["id"], rendering["id"], waiting["id"]]
        same = await client.create(**order)
        done = await client.wait(same["id"])
        kill(process)  # right after the end was told
        await process.wait()
        assert not list((tmp_path / "data" / "preview").glob("*.part"))

    async with running(tmp_path, session, pace=0) as (_, client):
        assert (await client.ask("GET", f"/videos/{same['id']}"))[1] == done
        assert await client.content(rendering["id"]) == await client.content(same["id"])


async def test_a_second_process_on_the_folder_says_why_it_does_not_start(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with running(tmp_path, session, pace=0) as (_, client):
        async with command(*ARGUMENTS, "0", cwd=tmp_path) as second:
            assert await asyncio.wait_for(second.wait(), 30) == 2
        said = (tmp_path / "preview-api.log").read_text()
        assert "already keeps its videos in" in said
        assert "Traceback" not in said
        await client.create()
