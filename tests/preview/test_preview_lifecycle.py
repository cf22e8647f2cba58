"""What happens to jobs that are cancelled, fail or grow old, and to the server that stops."""

import asyncio
import base64
import threading
from pathlib import Path

import aiohttp
import pytest

from bot.preview import PreviewServer
from tests.preview.preview_client import Client, Clock, file_of, files_in, photo

DAY = 24 * 3600


async def test_a_delete_stops_the_render_and_the_next_one_starts(
    slow: Client, slow_server: PreviewServer
) -> None:
    running = await slow.create()
    waiting = await slow.create()
    await slow.wait(running["id"], until=("in_progress",))
    status, body, _ = await slow.ask("DELETE", f"/videos/{running['id']}")
    assert (status, body) == (200, {"id": running["id"], "object": "video.deleted", "deleted": True})
    assert (await slow.ask("GET", f"/videos/{running['id']}"))[0] == 404
    await slow.wait(waiting["id"], until=("in_progress",))
    assert len(slow_server.videos) == 1


async def test_a_deleted_job_that_waits_is_never_rendered(slow: Client, slow_server: PreviewServer) -> None:
    first = await slow.create()
    second = await slow.create("second")
    await slow.ask("DELETE", f"/videos/{second['id']}")
    third = await slow.create("third")
    await slow.ask("DELETE", f"/videos/{first['id']}")
    await slow.wait(third["id"], until=("in_progress",))
    assert len(slow_server.videos) == 1


async def test_a_delete_leaves_no_file(tmp_path: Path, client: Client) -> None:
    url = "data:image/jpeg;base64," + base64.b64encode(file_of(photo(720, 1280), "JPEG")).decode()
    video = await client.create(input_reference={"image_url": url})
    await client.wait(video["id"])
    await client.ask("GET", f"/videos/{video['id']}/content?variant=thumbnail")
    assert {path.suffix for path in files_in(tmp_path / "preview")} == {".json", ".mp4", ".rgb", ".webp"}
    await client.ask("DELETE", f"/videos/{video['id']}")
    assert files_in(tmp_path / "preview") == []


async def test_a_job_expires_24_hours_after_completion(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    clock = Clock()
    async with PreviewServer(data_dir=tmp_path, clock=clock) as server:
        client = Client(server.base_url, session)
        video = await client.create()
        assert video["created_at"] == clock.now
        done = await client.wait(video["id"])
        assert done["expires_at"] == clock.now + DAY

        clock.now += DAY - 1
        await client.content(video["id"])
        clock.now += 1
        status, body, _ = await client.ask("GET", f"/videos/{video['id']}/content")
        assert (status, body["error"]["code"]) == (404, "video_not_found")
        assert "expired" in body["error"]["message"]
        assert len(server.videos) == 0
        assert files_in(tmp_path) == []


async def test_a_moderated_prompt_fails_with_the_code_of_the_api(client: Client) -> None:
    video = await client.create("a cat [[moderated]]")
    failed = await client.wait(video["id"])
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "moderation_blocked"
    assert (failed["completed_at"], failed["expires_at"], failed["progress"]) == (None, None, 0)
    status, body, _ = await client.ask("GET", f"/videos/{video['id']}/content")
    assert (status, body["error"]["code"]) == (404, "video_failed")


async def test_a_failing_prompt_fails_half_way_and_leaves_no_video(tmp_path: Path, client: Client) -> None:
    video = await client.create("a cat [[fail]]", size="1280x720")
    failed = await client.wait(video["id"])
    assert (failed["status"], failed["error"]["code"], failed["progress"]) == ("failed", "internal_error", 50)
    assert [path.suffix for path in files_in(tmp_path / "preview")] == [".json"]


async def test_a_render_that_cannot_write_fails_and_the_next_one_works(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    folder = tmp_path / "preview"
    async with PreviewServer(data_dir=folder, pace=0.2) as server:
        client = Client(server.base_url, session)
        video = await client.create()
        folder.rename(tmp_path / "away")
        failed = await client.wait(video["id"])
        assert (failed["status"], failed["error"]["code"]) == ("failed", "internal_error")
        folder.mkdir()
        assert (await client.wait((await client.create())["id"]))["status"] == "completed"


async def test_a_video_that_cannot_be_written_down_is_not_accepted(tmp_path: Path, client: Client) -> None:
    folder = tmp_path / "preview"
    folder.rename(tmp_path / "away")
    status, body, _ = await client.ask("POST", "/videos", json={"prompt": "x"})
    assert (status, body["error"]["type"]) == (500, "server_error")
    _, page, _ = await client.ask("GET", "/videos")
    assert page["data"] == []
    folder.mkdir()
    await client.create()


async def test_a_start_clears_files_without_a_record_and_nothing_else(tmp_path: Path) -> None:
    nobodys = [
        tmp_path / f"video_{'0f' * 16}{suffix}" for suffix in (".mp4", ".part", ".json.tmp", ".webp.1f")
    ]
    others = [tmp_path / "video_of_my_holiday.mp4", tmp_path / "notes.json"]
    for path in (*nobodys, *others):
        path.write_bytes(b"x")
    async with PreviewServer(data_dir=tmp_path):
        assert not any(path.exists() for path in nobodys)
        assert all(path.exists() for path in others)


async def test_close_stops_the_render_at_once_and_leaves_no_thread_or_task(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    server = PreviewServer(data_dir=tmp_path, pace=60)
    await server.start()
    client = Client(server.base_url, session)
    video = await client.create()
    await client.create()
    await client.wait(video["id"], until=("in_progress",))
    await session.close()
    async with asyncio.timeout(60):
        await server.close()
    await asyncio.get_running_loop().shutdown_default_executor()  # the loop's own threads, not the server's
    assert asyncio.all_tasks() == tasks
    assert set(threading.enumerate()) - threads == set()
    assert list(tmp_path.glob("*.part")) == []


async def test_a_taken_port_is_an_error_that_leaves_nothing_running(tmp_path: Path) -> None:
    async with PreviewServer(data_dir=tmp_path / "one") as first:
        port = int(first.base_url.split(":")[2].removesuffix("/v1"))
        tasks = asyncio.all_tasks()
        second = PreviewServer(data_dir=tmp_path / "two", port=port)
        with pytest.raises(OSError, match=str(port)):
            await second.start()
        assert asyncio.all_tasks() == tasks
