"""Results over real sockets: broken, slow and endless bodies, full disks, redirects."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import BadResponse, NoRoom, StorageError, Unavailable
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.profile import load_profile, parse_profile
from bot.providers.result_file import CHUNK
from bot.providers.retries import Retries
from bot.providers.time_limits import TimeLimits
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
async def test_a_full_disk_is_no_room(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    full = tmp_path / "v.part"
    full.symlink_to("/dev/full")
    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(NoRoom):
            await api.download(DONE, into=full, limit=1000)


async def test_a_folder_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(StorageError, match="No such file"):
            await api.download(DONE, into=tmp_path / "gone" / "v", limit=1000)


# --- going on with what is here ---------------------------------------------------------------------


class Cdn:
    """Sends a file by ranges, and breaks the connection after so many bytes as a test says."""

    def __init__(self, body: bytes, **changes: Any) -> None:
        self.body = body
        self.breaks: list[int] = changes.get("breaks", [])
        self.ranges = changes.get("ranges", True)
        self.etag: str | None = changes.get("etag", '"one"')
        self.asked: list[tuple[str | None, str | None]] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.headers.get("Range"), request.headers.get("If-Range")))
        wanted = request.headers.get("Range") if self.ranges else None
        same = request.headers.get("If-Range", self.etag) == self.etag
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and same else 0
        body = self.body[first:]
        headers = {"Content-Length": str(len(body))} | ({"ETag": self.etag} if self.etag else {})
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(self.body) - 1}/{len(self.body)}"
        response = web.StreamResponse(status=206 if first else 200, headers=headers)
        await response.prepare(request)
        if self.breaks:
            await response.write(body[: self.breaks.pop(0)])
            assert request.transport is not None
            request.transport.close()
        else:
            await response.write(body)
        return response


async def test_a_result_that_breaks_off_is_gone_on_with_and_no_byte_comes_twice(tmp_path: Path) -> None:
    body = MP4 + bytes(range(256)) * 10_000
    cdn = Cdn(body, breaks=[1_500_000, 300])
    async with Site(cdn) as site, provider(site.url) as api:
        assert await download(api, tmp_path) == len(body)
    assert (tmp_path / "v.part").read_bytes() == body
    assert cdn.asked == [
        (None, None),
        ("bytes=1500000-", '"one"'),
        ("bytes=1500300-", '"one"'),
    ]


async def test_a_later_process_goes_on_where_a_killed_one_stopped(tmp_path: Path) -> None:
    body = MP4 + bytes(range(256)) * 100
    cdn = Cdn(body, breaks=[9_000])
    async with Site(cdn) as site:
        async with provider(site.url, retries=Retries(count=0)) as api:
            with pytest.raises(Unavailable):
                await download(api, tmp_path)
        async with provider(site.url) as api:
            steps: list[int] = []
            assert await download(api, tmp_path, progress=lambda so_far, _: steps.append(so_far)) == len(body)
            assert steps[-1] == len(body)
            assert cdn.asked[1:] == [("bytes=9000-", '"one"')]
            assert await download(api, tmp_path) == len(body)
            assert len(cdn.asked) == 2, "what is whole is not asked for again"
    assert (tmp_path / "v.part").read_bytes() == body


@pytest.mark.parametrize(
    ("etag", "ranges"),
    [
        pytest.param('"two"', True, id="If-Range says that it is another file"),
        pytest.param('"one"', False, id="the server knows no ranges"),
    ],
)
async def test_where_the_rest_is_not_to_be_had_the_whole_file_comes_again(
    etag: str, ranges: bool, tmp_path: Path
) -> None:
    body = MP4 + b"B" * 5_000
    cdn = Cdn(MP4 + b"A" * 5_000, breaks=[3_000])
    async with Site(cdn) as site, provider(site.url, retries=Retries(count=0)) as api:
        with pytest.raises(Unavailable):
            await download(api, tmp_path)
        cdn.body, cdn.etag, cdn.ranges = body, etag, ranges
        assert await download(api, tmp_path) == len(body)
    assert (tmp_path / "v.part").read_bytes() == body


async def test_a_server_that_answers_416_is_asked_for_the_whole_file(tmp_path: Path) -> None:
    body = MP4 + b"B" * 100
    begin = Cdn(MP4 + b"A" * 5_000, breaks=[3_000])

    async def shrunk(request: web.Request) -> web.StreamResponse:
        if "Range" in request.headers:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        return web.Response(body=body)

    async with Site(begin) as site, provider(site.url, retries=Retries(count=0)) as api:
        with pytest.raises(Unavailable):
            await download(api, tmp_path)
    async with Site(shrunk) as site, provider(site.url) as api:
        assert await download(api, tmp_path) == len(body)
    assert (tmp_path / "v.part").read_bytes() == body


async def test_a_range_survives_the_redirect_to_a_signed_address(tmp_path: Path) -> None:
    body = MP4 + b"B" * 5_000
    cdn = Cdn(body, breaks=[3_000])

    async def handler(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"http://cdn.test:{away.port}/v.mp4?signature={len(home.requests)}")

    async with (
        Site(cdn) as away,
        Site(handler) as home,
        provider(home.url, resolve=anywhere) as api,
    ):
        assert await download(api, tmp_path) == len(body)
    assert cdn.asked == [(None, None), ("bytes=3000-", '"one"')]
    assert [request.query["signature"] for request in away.requests] == ["1", "2"]


async def test_the_wait_that_a_busy_server_asks_for_is_handed_on(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "77"})

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(Unavailable) as caught:
            await download(api, tmp_path)
    assert caught.value.retry_after == 77


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
