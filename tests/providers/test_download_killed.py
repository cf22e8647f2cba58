"""kill -9 in the middle of a download: the next process goes on with the part."""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from bot.domain.remote import RemoteStatus, RemoteVideo
from tests.processes import ROOT, environment
from tests.providers.sites import Site, provider
from tests.providers.wire import MP4

DOWNLOAD = """
import asyncio, sys
from pathlib import Path
from bot.domain.remote import RemoteStatus, RemoteVideo
from tests.providers.sites import provider

async def main():
    async with provider(sys.argv[1]) as api:
        video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
        await api.download(video, into=Path(sys.argv[2]), limit=1 << 30)

asyncio.run(main())
"""
HALF = 3 * 1024 * 1024


async def test_a_killed_download_is_gone_on_with(tmp_path: Path) -> None:
    body = MP4 + bytes(range(256)) * 25_000
    part = tmp_path / "v.part.mp4"
    asked: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Range"))
        first = int(request.headers.get("Range", "bytes=0-")[6:-1])
        headers = {"ETag": '"one"', "Content-Length": str(len(body) - first)}
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        response = web.StreamResponse(status=206 if first else 200, headers=headers)
        await response.prepare(request)
        if first:
            await response.write(body[first:])
            return response
        await response.write(body[:HALF])
        await asyncio.Event().wait()  # the rest never comes
        return response

    async with Site(handler) as site:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DOWNLOAD, site.url, str(part), env=environment(), cwd=ROOT
        )
        try:
            async with asyncio.timeout(60):
                while not part.exists() or part.stat().st_size < 2 * 1024 * 1024:
                    await asyncio.sleep(0.02)
        finally:
            process.kill()
            await process.wait()
        kept = part.stat().st_size
        async with provider(site.url) as api:
            video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
            assert await api.download(video, into=part, limit=1 << 30) == len(body)
    assert part.read_bytes() == body
    assert asked == [None, f"bytes={kept}-"]
