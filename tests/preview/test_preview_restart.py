"""What a preview server still knows after it was stopped and started again on the same folder."""

import asyncio
import base64
import json
import logging
import os
import stat
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.preview import PreviewServer
from tests.preview.preview_client import Client, Clock, file_of, files_in, photo

DAY = 24 * 3600

Serve = Callable[..., Any]


@pytest.fixture
def serve(tmp_path: Path, session: aiohttp.ClientSession) -> Serve:
    """Start a server on the one folder of the test; leaving it is the stop."""

    @asynccontextmanager
    async def serving(**options: Any) -> AsyncIterator[Client]:
        async with PreviewServer(data_dir=tmp_path / "preview", **options) as server:
            yield Client(server.base_url, session)

    return serving


async def all_of(client: Client) -> list[dict[str, Any]]:
    _, page, _ = await client.ask("GET", "/videos?order=asc&limit=100")
    return list(page["data"])


async def keyed(client: Client, prompt: str, key: str) -> tuple[int, Any]:
    status, body, _ = await client.ask(
        "POST", "/videos", json={"prompt": prompt}, headers={"Idempotency-Key": key}
    )
    return status, body


def data_url(width: int, height: int) -> dict[str, str]:
    data = base64.b64encode(file_of(photo(width, height), "PNG")).decode()
    return {"image_url": "data:image/png;base64," + data}


async def test_ended_videos_are_as_they_were(serve: Serve) -> None:
    async with serve() as client:
        source = await client.create(
            "a box 🎬", size="1280x720", model="m", input_reference=data_url(1280, 720)
        )
        await client.wait(source["id"])
        _, remix, _ = await client.ask("POST", f"/videos/{source['id']}/remix", json={"prompt": "a cube"})
        failing = await client.create("[[fail]]")
        await client.wait(failing["id"])
        blocked = await client.create("[[moderated]]")
        await client.wait(blocked["id"])
        ended = await all_of(client)
        contents = [await client.content(video["id"]) for video in (source, remix)]
        _, thumbnail, _ = await client.ask("GET", f"/videos/{source['id']}/content?variant=thumbnail")
    assert [video["status"] for video in ended] == ["completed", "completed", "failed", "failed"]
    for _ in range(2):
        async with serve() as client:
            assert await all_of(client) == ended
            assert [await client.content(video["id"]) for video in (source, remix)] == contents
            _, again, _ = await client.ask("GET", f"/videos/{source['id']}/content?variant=thumbnail")
            assert again == thumbnail
    async with serve() as client:
        status, body, _ = await client.ask("POST", f"/videos/{source['id']}/remix", json={"prompt": "a cube"})
        assert (status, body["remixed_from_video_id"]) == (200, source["id"])
        await client.wait(body["id"])
        assert await client.content(body["id"]) == contents[1], "seed and picture are those of the source"
        assert [video["id"] for video in await all_of(client)] == [*(v["id"] for v in ended), body["id"]]


async def test_unfinished_videos_are_rendered_anew_in_their_order(serve: Serve) -> None:
    fields = {"size": "1280x720", "seed": 2**63 - 1, "negative_prompt": "snow"}
    async with serve(pace=60) as client:
        first = await client.create("a box", input_reference=data_url(1280, 720), **fields)
        second = await client.create("a fox in snow", **fields)
        await client.wait(first["id"], until=("in_progress",))
    async with serve(pace=60) as client:
        await client.wait(first["id"], until=("in_progress",))
        _, waiting, _ = await client.ask("GET", f"/videos/{second['id']}")
        assert waiting == second
        assert (await client.ask("POST", "/videos", json={"prompt": "third"}))[0] == 429
    async with serve() as client:
        for video in (first, second):
            done = await client.wait(video["id"])
            assert (done["status"], done["created_at"]) == ("completed", video["created_at"])
        box = await client.create("a box", input_reference=data_url(1280, 720), **fields)
        fox = await client.create("a fox in snow", **fields)
        for video, same in ((first, box), (second, fox)):
            await client.wait(same["id"])
            assert await client.content(video["id"]) == await client.content(same["id"])


async def test_an_idempotency_key_still_gives_the_same_video(serve: Serve) -> None:
    async with serve(pace=60) as client:
        _, first = await keyed(client, "a cat", "key-1")
        _, ended = await keyed(client, "[[moderated]]", "k\u00e9y-2")
    async with serve(pace=60) as client:
        status, body = await keyed(client, "a cat", "key-1")
        assert (status, body["id"]) == (200, first["id"])
        status, body = await keyed(client, "[[moderated]]", "k\u00e9y-2")
        assert (status, body["id"]) == (200, ended["id"])
        status, body = await keyed(client, "a dog", "key-1")
        assert (status, body["error"]["code"]) == (400, "idempotency_key_reused")
        assert len(await all_of(client)) == 2


async def test_many_creates_at_once_keep_one_order(serve: Serve) -> None:
    async with serve(pace=60, concurrent=20) as client:
        await asyncio.gather(*(client.create(f"[[moderated]] {number}") for number in range(20)))
        listed = [video["id"] for video in await all_of(client)]
    async with serve(pace=60, concurrent=20) as client:
        assert [video["id"] for video in await all_of(client)] == listed
        listed += [(await client.create("[[moderated]]"))["id"] for _ in range(2)]
    async with serve(pace=60, concurrent=20) as client:
        assert [video["id"] for video in await all_of(client)] == listed


async def test_deleted_videos_stay_deleted(serve: Serve, tmp_path: Path) -> None:
    async with serve(pace=60) as client:
        ended = await client.create("[[moderated]]")
        await client.wait(ended["id"])
        rendering, waiting = await client.create(), await client.create()
        await client.wait(rendering["id"], until=("in_progress",))
        for video in (ended, waiting, rendering):
            await client.ask("DELETE", f"/videos/{video['id']}")
    async with serve() as client:
        assert await all_of(client) == []
    assert files_in(tmp_path / "preview") == []


async def test_a_video_deleted_while_its_end_is_written_stays_deleted(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with PreviewServer(data_dir=tmp_path, pace=0.2) as server:
        client = Client(server.base_url, session)
        video = await client.create("[[fail]]")
        busy, free = threading.Event(), threading.Event()
        thread = server.videos._shelf._thread

        def hold() -> None:
            busy.set()
            free.wait(30)

        thread.submit(hold)
        async with asyncio.timeout(60):
            await asyncio.to_thread(busy.wait, 10)
            while thread._work_queue.empty():  # until the end waits to be written
                await asyncio.sleep(0.01)
            deleting = asyncio.create_task(client.ask("DELETE", f"/videos/{video['id']}"))
            while len(server.videos):
                await asyncio.sleep(0.01)
            free.set()
            assert (await deleting)[0] == 200
        assert (await client.ask("GET", f"/videos/{video['id']}"))[0] == 404
        assert files_in(tmp_path) == []


async def test_what_expired_between_two_runs_is_swept(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    async with serve(clock=clock) as client:
        old = await client.create()
        await client.wait(old["id"])
        clock.now += 1
        younger = await client.create("[[moderated]]")
        await client.wait(younger["id"])
    clock.now += DAY - 1
    async with serve(clock=clock) as client:
        assert [path.stem for path in files_in(tmp_path / "preview")] == [younger["id"]]
        assert [video["id"] for video in await all_of(client)] == [younger["id"]]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def with_fields(**fields: Any) -> Callable[[str], str]:
    """Return what changes fields of a record; those of its request have their own names."""

    def change(text: str) -> str:
        record = json.loads(text)
        for name, value in fields.items():
            (record["request"] if name in record["request"] else record)[name] = value
        return json.dumps(record)

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-40],
        lambda text: "[" * 100_000,
        lambda text: f"[{text}]",
        lambda text: '{"hello": "world"}',
        lambda text: text.replace("moderated", "moder\u00e4ted"),
        with_fields(format=2),
        with_fields(number=True),
        with_fields(number="1"),
        with_fields(created_at=float("inf")),
        with_fields(created_at=10**400),
        with_fields(ended_at=None),
        with_fields(ended_at=float("nan")),
        with_fields(status="cancelled"),
        with_fields(status=["failed"]),
        with_fields(status="completed", length=5),
        with_fields(status="completed", length=None),
        with_fields(status="queued", has_picture=True),
        with_fields(has_picture=1),
        with_fields(request=[]),
        with_fields(prompt=""),
        with_fields(size="1x1"),
        with_fields(seconds=5),
        with_fields(seed=None),
        with_fields(model=7),
        with_fields(error={"code": 1, "message": "x"}),
        with_fields(error=None),
        with_fields(idempotency_key=1),
        with_fields(fingerprint=None),
        with_fields(remixed_from=[]),
    ],
)
async def test_a_video_with_a_damaged_record_is_dropped_alone(
    serve: Serve, tmp_path: Path, change: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(pace=60) as client:
        damaged, sound = await client.create("[[moderated]]"), await client.create("[[moderated]]")
        for video in (damaged, sound):
            await client.wait(video["id"])
    path = tmp_path / "preview" / f"{damaged['id']}.json"
    path.write_text(change(path.read_text()), encoding="utf-8")
    async with serve(pace=60) as client:
        assert [video["id"] for video in await all_of(client)] == [sound["id"]]
        assert [path.stem for path in files_in(tmp_path / "preview")] == [sound["id"]]
    (line,) = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.startswith(f"{damaged['id']} of an earlier run is lost: ")


@pytest.mark.parametrize("suffix", [".mp4", ".rgb"])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: os.truncate(path, 1000)])
async def test_a_video_whose_file_is_gone_or_cut_short_is_dropped(
    serve: Serve, tmp_path: Path, suffix: str, damage: Callable[[Path], None]
) -> None:
    async with serve(pace=0 if suffix == ".mp4" else 60) as client:
        video = await client.create(input_reference=data_url(720, 1280))
        await client.wait(video["id"], until=("completed" if suffix == ".mp4" else "in_progress",))
    damage(tmp_path / "preview" / f"{video['id']}{suffix}")
    async with serve() as client:
        assert (await client.ask("GET", f"/videos/{video['id']}"))[0] == 404
    assert files_in(tmp_path / "preview") == []


async def test_a_record_that_cannot_even_be_removed_does_no_harm(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "preview" / f"video_{'0f' * 16}.json").mkdir(parents=True)
    async with serve() as client:
        assert await all_of(client) == []


async def test_a_second_server_on_the_folder_is_refused_and_the_first_goes_on(
    serve: Serve, tmp_path: Path
) -> None:
    async with serve() as client:
        video = await client.create()
        second = PreviewServer(data_dir=tmp_path / "preview")
        with pytest.raises(OSError, match="another preview API already keeps its videos in /"):
            await second.start()
        await second.close()
        assert (await client.wait(video["id"]))["status"] == "completed"
        await client.content(video["id"])
    async with serve() as client:
        await client.content(video["id"])


async def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server = PreviewServer(data_dir=tmp_path / "file" / "preview")
    with pytest.raises(OSError, match=r"the folder .* cannot be made: Not a directory") as caught:
        await server.start()
    assert caught.value.errno is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_folder_records_and_pictures_are_private(serve: Serve, tmp_path: Path) -> None:
    async with serve(pace=60) as client:
        await client.create(input_reference=data_url(720, 1280))
        modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in files_in(tmp_path / "preview")}
    assert stat.S_IMODE((tmp_path / "preview").stat().st_mode) == 0o700
    assert (modes[".json"], modes[".rgb"]) == (0o600, 0o600)
