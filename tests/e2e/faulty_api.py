"""A paid video API that plays one fault per render, and keeps the truth of what was bought."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from aiohttp import web


def box(kind: bytes, payload: bytes) -> bytes:
    """Return one box of an MP4."""
    return (8 + len(payload)).to_bytes(4) + kind + payload


CLIP = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"moov", b"\0" * 100) + box(b"mdat", b"\1" * 3000)


class Fault(StrEnum):
    """What happens instead of an answer."""

    RESET_BEFORE = "reset before the effect"
    RESET_AFTER = "reset after the effect"
    TIME_OUT = "time-out"
    LIMITED_SECONDS = "429, seconds"
    LIMITED_DATE = "429, a date"
    ERROR = "500"
    HTML = "502, HTML"
    BUSY = "503"
    TRUNCATED = "truncated body"
    WRONG_LENGTH = "wrong length"
    OTHER_JSON = "JSON instead"
    NOT_FOUND = "404"
    UNAUTHORISED = "401"


class Call(StrEnum):
    """The call that goes wrong."""

    SUBMIT = "submit"
    POLL = "poll"
    FETCH = "fetch"


@dataclass(slots=True, kw_only=True)
class Plan:
    """The fault of one prompt, played at this call until it is `over`; `played` counts."""

    at: Call
    fault: Fault
    over: asyncio.Event = field(default_factory=asyncio.Event)
    played: int = 0


Effect = Callable[[], bytes]
_STATUS = {
    Fault.LIMITED_SECONDS: 429,
    Fault.LIMITED_DATE: 429,
    Fault.ERROR: 500,
    Fault.BUSY: 503,
    Fault.NOT_FOUND: 404,
    Fault.UNAUTHORISED: 401,
}
_WAIT_S = 1
_GIVEN_UP = (Fault.OTHER_JSON, Fault.WRONG_LENGTH)
"""After some attempts, which a slow machine must have the time for: these are kept for ever."""


class FaultyApi:
    """Serves `/v1/videos`; `rendering` are the prompts that are not done yet.

    `gates` hold back the content of a prompt until they are opened, `contents` counts who asked for it.
    """

    def __init__(
        self, *, honours_keys: bool, kept_until: Callable[[], float] | None = None, clip: bytes = CLIP
    ) -> None:
        self._clip = clip
        self._honours_keys = honours_keys
        self._kept_until = kept_until
        self._plans: dict[str, Plan] = {}
        self._renders: dict[str, dict[str, Any]] = {}
        self._by_key: dict[str, str] = {}
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self.rendering: set[str] = set()
        self.gates: dict[str, asyncio.Event] = {}
        self.contents: dict[str, int] = {}
        self.base_url = ""

    def plan(self, prompt: str, plan: Plan) -> None:
        """Let the calls for this prompt go wrong."""
        self._plans[prompt] = plan

    def bought(self, prompt: str) -> int:
        """Return how many orders of this prompt were accepted."""
        return sum(render["prompt"] == prompt for render in self._renders.values())

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/videos", self._create)
        app.router.add_get("/v1/videos", self._list)
        app.router.add_get("/v1/videos/{id}", self._poll)
        app.router.add_get("/v1/videos/{id}/content", self._content)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        self._closing.set()
        await self._runner.cleanup()

    async def _create(self, request: web.Request) -> web.StreamResponse:
        as_json = request.content_type == "application/json"
        order = dict(await request.json() if as_json else await request.post())
        key = request.headers.get("Idempotency-Key", "") if self._honours_keys else ""

        def buy() -> bytes:
            render_id = self._by_key.get(key) or f"video_{len(self._renders) + 1}"
            if key:
                self._by_key[key] = render_id
            self._renders.setdefault(render_id, order | {"created_at": int(time.time())})
            return self._told(render_id, "queued")

        return await self._answer(request, Call.SUBMIT, order["prompt"], buy)

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        render_id = request.match_info["id"]
        prompt = self._renders[render_id]["prompt"]
        status = "in_progress" if prompt in self.rendering else "completed"
        return await self._answer(request, Call.POLL, prompt, lambda: self._told(render_id, status))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        prompt = self._renders[request.match_info["id"]]["prompt"]
        self.contents[prompt] = self.contents.get(prompt, 0) + 1
        if (gate := self.gates.get(prompt)) is not None:
            await gate.wait()
        return await self._answer(request, Call.FETCH, prompt, lambda: self._clip)

    async def _list(self, _: web.Request) -> web.Response:
        plans = self._plans.values()
        if any(plan.at is Call.SUBMIT and plan.played and not plan.over.is_set() for plan in plans):
            return _refused(Fault.BUSY)  # else an order would be cleared up before its member has read of it
        newest = [json.loads(self._told(render_id, "completed")) for render_id in reversed(self._renders)]
        return web.json_response({"object": "list", "data": newest, "has_more": False})

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": []})

    def _told(self, render_id: str, status: str) -> bytes:
        facts = self._renders[render_id] | {"id": render_id, "object": "video", "status": status}
        plan = self._plans.get(facts["prompt"])
        if self._kept_until is not None and not (plan is not None and plan.fault in _GIVEN_UP):
            facts["expires_at"] = int(self._kept_until())
        return json.dumps(facts).encode()

    async def _answer(
        self, request: web.Request, call: Call, prompt: str, effect: Effect
    ) -> web.StreamResponse:
        plan = self._plans.get(prompt)
        if plan is None or plan.at is not call or plan.over.is_set():
            return web.Response(body=effect(), content_type="application/json")
        plan.played += 1
        match plan.fault:
            case Fault.RESET_BEFORE:
                return _cut(request)
            case Fault.RESET_AFTER:
                effect()
                return _cut(request)
            case Fault.TIME_OUT:
                effect()
                await self._closing.wait()
                return _cut(request)
            case Fault.TRUNCATED:
                body = effect()
                return await _broken(request, body[: len(body) // 2], claimed=len(body))
            case Fault.WRONG_LENGTH:
                body = effect()
                return await _broken(request, body[:-10], claimed=len(body) - 10)
            case Fault.OTHER_JSON:
                effect()
                return web.json_response({"detail": "maintenance"})
            case Fault.HTML:
                return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
            case _:
                return _refused(plan.fault)


def _refused(fault: Fault) -> web.Response:
    wait = {
        Fault.LIMITED_SECONDS: str(_WAIT_S),
        Fault.LIMITED_DATE: formatdate(time.time() + _WAIT_S, usegmt=True),
    }.get(fault)
    headers = {"Retry-After": wait} if wait is not None else {}
    return web.json_response({"error": {"message": "no"}}, status=_STATUS[fault], headers=headers)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _broken(request: web.Request, body: bytes, *, claimed: int) -> web.StreamResponse:
    """Send a body of which the header says another length; the connection ends with it."""
    response = web.StreamResponse(
        headers={"Content-Length": str(claimed), "Content-Type": "application/json"}
    )
    response.force_close()
    await response.prepare(request)
    await response.write(body)
    if claimed > len(body) and request.transport is not None:
        request.transport.close()
    return response
