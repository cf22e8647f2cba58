"""Server: the Videos API of OpenAI on loopback, behind which real MP4s are rendered.

What it does, it does as the seed document 001 and the OpenAI SDK describe it (reference: providers, 6):
`POST /v1/videos`, `POST /v1/videos/{id}/remix`, `GET /v1/videos`, `GET /v1/videos/{id}`,
`GET /v1/videos/{id}/content`, `DELETE /v1/videos/{id}`, `GET /v1/models`.

Beyond that: `seed`; `negative_prompt`, which only keeps words of the prompt from steering the picture;
`Idempotency-Key`; a delete that cancels; and two words in a prompt that play out failures:
`[[moderated]]` ends as `moderation_blocked` without a frame, `[[fail]]` as `internal_error` half way.
Every model name is accepted; the picture is drawn by rules, not by a model.
"""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from aiohttp import web

from bot.preview.errors import ApiError, invalid
from bot.preview.forms import DEFAULT_MODEL, MAX_BODY, read_create, read_remix
from bot.preview.stills import SUFFIXES, Still, still
from bot.preview.video import Video
from bot.preview.videos import Videos

log = logging.getLogger(__name__)

POLL_AFTER_MS = 1000
LIMIT, MAX_LIMIT = 20, 100
MAX_KEY = 255
CLOSE_SECONDS = 1.0  # that a download in progress may take when the server stops
TYPES: dict[Still, str] = {"thumbnail": "image/webp", "spritesheet": "image/jpeg"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PreviewServer:
    """A `/v1/videos` server of its own.

    `data_dir` holds the videos of this server alone; those of an earlier run are found again, even after a
    kill, and unfinished ones are rendered anew. `concurrent` is how many jobs may wait or render, `pace` the
    least seconds that a render takes for a second of video, `clock` gives Unix seconds for creation and
    expiry. With `api_key` every request must bear it.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = None,
        concurrent: int = 2,
        pace: float = 0.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.videos = Videos(folder=data_dir, concurrent=concurrent, pace=pace, clock=clock)
        self._host, self._port = host, port
        self._api_key = api_key
        self._started_at = int(clock())
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """Return `http://HOST:PORT/v1`, with the real port once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/v1"

    async def start(self) -> None:
        """Listen.

        Raises OSError: the address is taken; or, with a sentence and no errno, the folder cannot be used or
        another server uses it.
        """
        app = web.Application(middlewares=[self._answer_errors, self._check_key], client_max_size=MAX_BODY)
        app.add_routes(
            [
                web.post("/v1/videos", self._create),
                web.get("/v1/videos", self._list),
                web.get("/v1/videos/{id}", self._retrieve),
                web.delete("/v1/videos/{id}", self._delete),
                web.get("/v1/videos/{id}/content", self._content),
                web.post("/v1/videos/{id}/remix", self._remix),
                web.get("/v1/models", self._models),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        try:
            await self.videos.start()
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except BaseException:
            await self.close()
            raise
        self._port = self._runner.addresses[0][1]
        log.info("preview API listens on %s", self.base_url)

    async def close(self) -> None:
        """Stop listening and rendering; no thread or task of this server is left."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.videos.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @web.middleware
    async def _answer_errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as exc:
            error = exc
        except web.HTTPException as exc:
            code = "not_found" if exc.status == 404 else "invalid_request"
            error = ApiError(
                status=exc.status, message=f"{exc.reason}: {request.method} {request.path}", code=code
            )
            if "Allow" in exc.headers:
                error.headers["Allow"] = exc.headers["Allow"]
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            message = "The server had an error while processing the request."
            error = ApiError(status=500, message=message, code="internal_error", type="server_error")
        return web.json_response(error.body(), status=error.status, headers=error.headers)

    @web.middleware
    async def _check_key(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._api_key is not None:
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {self._api_key}".encode()):
                message = "Incorrect API key provided."
                raise ApiError(
                    status=401,
                    message=message,
                    code="invalid_api_key",
                    headers={"WWW-Authenticate": "Bearer"},
                )
        return await handler(request)

    async def _create(self, request: web.Request) -> web.Response:
        key = _key_of(request)
        return _reply(await self.videos.create(await read_create(request), key))

    async def _remix(self, request: web.Request) -> web.Response:
        key = _key_of(request)
        return _reply(await self.videos.remix(await read_remix(request, request.match_info["id"]), key))

    async def _retrieve(self, request: web.Request) -> web.Response:
        return _reply(await self.videos.get(request.match_info["id"]))

    async def _delete(self, request: web.Request) -> web.Response:
        video_id = request.match_info["id"]
        await self.videos.delete(video_id)
        return web.json_response({"id": video_id, "object": "video.deleted", "deleted": True})

    async def _list(self, request: web.Request) -> web.Response:
        order = request.query.get("order", "desc")
        if order not in ("asc", "desc"):
            raise invalid("order", "order must be asc or desc")
        videos, has_more = await self.videos.page(
            after=request.query.get("after"),
            limit=_limit_of(request.query.get("limit")),
            newest_first=order == "desc",
        )
        body: dict[str, Any] = {
            "object": "list",
            "data": [video.body() for video in videos],
            "first_id": videos[0].id if videos else None,
            "last_id": videos[-1].id if videos else None,
            "has_more": has_more,
        }
        return web.json_response(body)

    async def _models(self, _request: web.Request) -> web.Response:
        model = {"id": DEFAULT_MODEL, "object": "model", "created": self._started_at, "owned_by": "reelbot"}
        return web.json_response({"object": "list", "data": [model]})

    async def _content(self, request: web.Request) -> web.StreamResponse:
        """Send a file with `Content-Length`, or the part that a `Range` asks for."""
        video = await self.videos.get(request.match_info["id"])
        variant = request.query.get("variant", "video")
        if variant not in ("video", "thumbnail", "spritesheet"):
            raise invalid("variant", "variant must be video, thumbnail or spritesheet")
        if video.status == "failed":
            raise ApiError(
                status=404, message="The video has failed and has no content.", code="video_failed"
            )
        if video.status != "completed":
            message = "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
            raise ApiError(status=404, message=message, code="video_not_ready", param="video_id")
        path, media_type = self.videos.path_of(video), "video/mp4"
        if variant != "video":
            kind: Still = "thumbnail" if variant == "thumbnail" else "spritesheet"
            media_type = TYPES[kind]
            path = await asyncio.to_thread(_still_beside, path, kind)
        return web.FileResponse(path, headers={"Content-Type": media_type})


def _reply(video: Video) -> web.Response:
    headers = {"openai-poll-after-ms": str(POLL_AFTER_MS)} if video.is_pending else {}
    return web.json_response(video.body(), headers=headers)


def _key_of(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= MAX_KEY:
        raise invalid("Idempotency-Key", f"Idempotency-Key must have 1 to {MAX_KEY} characters")
    return key


def _limit_of(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LIMIT):
        raise invalid("limit", f"limit must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def _still_beside(video: Path, kind: Still) -> Path:
    """Return the still of a video, made at its first use. Raises ApiError 404 if the video is gone."""
    path = video.with_suffix(SUFFIXES[kind])
    if not path.exists():
        try:
            data = still(kind, video)
        except (av.FFmpegError, OSError) as exc:
            raise ApiError(status=404, message="The content is gone.", code="video_not_found") from exc
        part = path.with_suffix(f"{path.suffix}.{os.urandom(4).hex()}")
        part.write_bytes(data)
        part.replace(path)
        if not video.exists():  # deleted meanwhile
            path.unlink(missing_ok=True)
    return path
