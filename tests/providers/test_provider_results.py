"""Results over real sockets: broken, slow and endless bodies, full disks, redirects."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import BadResponse, NoRoom, StorageError, Unavailable
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.http import TimeLimits
from bot.providers.profile import load_profile, parse_profile
from bot.providers.result_file import CHUNK
from bot.providers.videos_api import VideosApi
from tests.providers.sites import Site, anywhere, provider, raw_server
from tests.providers.wire import KEY, MP4

DONE = RemoteVideo(id="v1", status=RemoteStatus.DONE)
API_KEY = """
[routes]
create = "/videos"
poll = "/videos/{id}"
content = "/videos/{id}/content"
probe = "/models"
[auth]
header = "api-key"
[create]
encoding = "multipart"
[fields]
prompt = "prompt"
[model]
sizes = ["1280x720"]
seconds = [8]
"""


async def download(api: VideosApi, folder: Path, **options: Any) -> int:
    return await api.download(DONE, into=folder / "v.part", limit=64 * CHUNK, **options)


async def test_a_large_result_arrives_whole_and_tells_its_progress(tmp_path: Path) -> None:
    body = MP4 + bytes(range(256)) * 20_000
    steps: list[tuple[int, int | None]] = []

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="video/mp4")

    async with Site(handler) as site, provider(site.url) as api:
        length = await download(api, tmp_path, progress=lambda *step: steps.append(step))
    assert length == len(body)
    assert (tmp_path / "v.part").read_bytes() == body
    assert steps == sorted(steps)
    assert steps[-1] == (len(body), len(body))
    assert len(steps) <= len(body) // CHUNK + 1


async def test_a_result_of_unknown_length_arrives_too(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(3):
            await response.write(MP4)
        return response

    steps: list[tuple[int, int | None]] = []
    async with Site(handler) as site, provider(site.url) as api:
        length = await download(api, tmp_path, progress=lambda *step: steps.append(step))
    assert (length, steps) == (3 * len(MP4), [(3 * len(MP4), None)])


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Content-Length: 9999\r\n\r\n" + MP4, id="length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n20\r\n" + MP4, id="chunked"),
    ],
)
async def test_a_result_that_breaks_off_is_fetched_three_times(head: bytes, tmp_path: Path) -> None:
    served = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await reader.readuntil(b"\r\n\r\n")
        served += 1
        writer.write(b"HTTP/1.1 200 OK\r\n" + head)
        await writer.drain()

    async with raw_server(talk) as url, provider(url) as api:
        with pytest.raises(Unavailable, match="RemoteProtocolError"):
            await download(api, tmp_path)
    assert served == 3


async def test_a_result_that_stalls_ends(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "9999"})
        await response.prepare(request)
        await response.write(MP4)
        await asyncio.Event().wait()
        return response

    async with Site(handler) as site, provider(site.url, limits=TimeLimits(read=0.1)) as api:
        with pytest.raises(Unavailable, match="ReadTimeout"):
            await download(api, tmp_path)


async def test_a_result_that_drips_for_ever_ends_too(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "9999"})
        await response.prepare(request)
        while True:
            await response.write(b"\0")
            await asyncio.sleep(0.01)

    async with Site(handler) as site, provider(site.url, limits=TimeLimits(download=0.2)) as api:
        with pytest.raises(Unavailable, match="TimeoutError"):
            await download(api, tmp_path)


async def test_a_cancelled_download_stays_cancelled(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        begun.set()
        await asyncio.Event().wait()
        return response

    async with Site(handler) as site, provider(site.url) as api:
        task = asyncio.create_task(download(api, tmp_path))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_page_instead_of_a_video_is_no_video(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="<html>please log in</html>", content_type="video/mp4")

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(BadResponse, match="no video"):
            await download(api, tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
async def test_a_full_disk_is_no_room() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(NoRoom):
            await api.download(DONE, into=Path("/dev/full"), limit=1000)


async def test_a_folder_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(StorageError, match="No such file"):
            await api.download(DONE, into=tmp_path / "gone" / "v", limit=1000)


# --- redirects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, API_KEY], ids=["Authorization", "api-key"])
@pytest.mark.parametrize("way", ["redirect", "chain over home", "location in the answer"])
async def test_no_credential_reaches_another_origin(text: str | None, way: str, tmp_path: Path) -> None:
    profile = parse_profile(text, name="x", file="x.toml") if text else load_profile("preview")

    async def cdn(request: web.Request) -> web.Response:
        if request.path == "/back":
            raise web.HTTPFound(f"{home.url}/files/v.mp4")
        return web.Response(body=MP4)

    async def api_handler(request: web.Request) -> web.Response:
        if request.path == "/files/v.mp4":
            raise web.HTTPFound(f"http://cdn.test:{away.port}/v.mp4")
        if way == "location in the answer":
            raise web.HTTPNotFound
        raise web.HTTPFound(f"http://cdn.test:{away.port}/{'back' if way == 'chain over home' else 'v.mp4'}")

    async with (
        Site(cdn) as away,
        Site(api_handler) as home,
        provider(home.url, profile=profile, resolve=anywhere) as api,
    ):
        url = f"http://cdn.test:{away.port}/v.mp4?signature=1"
        video = RemoteVideo(id="v1", status=RemoteStatus.DONE, url=url)
        assert await api.download(video, into=tmp_path / "v", limit=1000) == len(MP4)
    assert away.requests
    for request in away.requests:
        assert request.host == f"cdn.test:{away.port}"
        assert "Authorization" not in request.headers
        assert "api-key" not in request.headers
        assert KEY not in str(request.headers)
    for request in home.requests:
        assert KEY in request.headers[profile.auth_header]


async def test_a_redirect_to_another_port_of_this_machine_is_not_followed(tmp_path: Path) -> None:
    async def inside(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{target.url}/admin")

    async with Site(inside) as target, Site(handler) as site, provider(site.url) as api:
        with pytest.raises(BadResponse, match="not a public address"):
            await download(api, tmp_path)
    assert target.requests == []
