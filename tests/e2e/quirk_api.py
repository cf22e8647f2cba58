"""A video API with quirks: each prompt selects a script, and the answers are played in its order."""

import asyncio
import gzip
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from tests.e2e.faulty_api import CLIP

KEY = "sk-quirks-4711"
MP4 = "video/mp4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. A body of text or bytes goes out as it is, None is empty, anything else is JSON.

    In text and JSON "<id>", "<home>", "<away>" and the moments "<now>", "<now_ms>", "<iso>" and "<date>" are
    filled in. `short_by` bytes fewer than the Content-Length says are sent.
    """

    body: Any = None
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    short_by: int = 0
    gzipped: bool = False
    chunked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said about one render. The last answer of each tuple is repeated for ever.

    With `held` the first poll's answer is given until the test has seen what it wants. `listed` is how the
    render stands in the list, None where it does not. A file with an id of its own is called "file-of-<id>".
    """

    create: tuple[Answer, ...]
    polls: tuple[Answer, ...]
    contents: tuple[Answer, ...]
    delete: Answer
    id: str = "video_<n>"
    listed: Mapping[str, Any] | None = None
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that the other origin got."""

    path: str
    headers: Mapping[str, str]

    @property
    def carries_credentials(self) -> bool:
        """Say whether the key, or a header that could carry one, came along."""
        names = {name.lower() for name in self.headers}
        return KEY in f"{self.path} {dict(self.headers)}" or bool(
            names & {"authorization", "api-key", "cookie"}
        )


@dataclass(slots=True, kw_only=True)
class Render:
    """One script on its way, with the truth of what was asked."""

    script: Script
    number: int
    id: str
    released: asyncio.Event = field(default_factory=asyncio.Event)
    posts: int = 0
    polls: int = 0
    contents: int = 0
    deletes: int = 0
    order: dict[str, Any] = field(default_factory=dict)
    poll_query: str = ""
    visits: list[Visit] = field(default_factory=list)


class QuirkApi:
    """Two servers: home wants the key, and away, under another name and port, must never get it."""

    def __init__(self, scripts: Mapping[str, Script], *, header: str, scheme: str, list_loops: bool) -> None:
        self.renders = {
            prompt: Render(script=script, number=number, id=script.id.replace("<n>", str(number)))
            for number, (prompt, script) in enumerate(scripts.items())
        }
        self._by_id = {render.id: render for render in self.renders.values()}
        self._by_number = {str(render.number): render for render in self.renders.values()}
        self._header = header
        self._credential = f"{scheme} {KEY}".strip()
        self._list_loops = list_loops
        self._runners: list[web.ServerRunner] = []
        self.home = self.away = ""

    async def __aenter__(self) -> Self:
        self.home = f"http://127.0.0.1:{await self._serve(self._at_home)}/v1"
        self.away = f"http://away.example:{await self._serve(self._elsewhere)}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def _serve(self, handler: Any) -> int:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=1)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    async def _elsewhere(self, request: web.BaseRequest) -> web.StreamResponse:
        render = self._by_number[request.path.split("/")[1]]
        render.visits.append(Visit(path=request.path_qs, headers=dict(request.headers)))
        return web.Response(body=CLIP, content_type=MP4)

    async def _at_home(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get(self._header) != self._credential:
            return web.json_response({"error": {"message": "no key"}}, status=401)
        path = request.raw_path.partition("?")[0].removeprefix("/v1")
        segments = [unquote(segment) for segment in path.split("/")[1:]]
        match request.method, segments:
            case "POST", _:
                return await self._create(request)
            case "GET", ["models"]:
                return web.json_response({"object": "list", "data": []})
            case "GET", ["videos"]:
                return web.json_response(self._page(request))
            case "GET", [*_, render_id] if (render := self._by_id.get(render_id)) is not None:
                return await self._poll(request, render)
            case "DELETE", [*_, render_id] if (render := self._by_id.get(render_id)) is not None:
                render.deletes += 1
                return await self._say(request, render, render.script.delete)
            case "GET", [*_, render_id, "content"] if (render := self._by_id.get(render_id)) is not None:
                return await self._content(request, render)
            case "GET", [*_, file_id, "content", "video"] if file_id.removeprefix("file-of-") in self._by_id:
                return await self._content(request, self._by_id[file_id.removeprefix("file-of-")])
            case "GET", ["files", *_]:
                return web.Response(body=CLIP, content_type=MP4)
            case _:
                return web.json_response({"error": {"message": f"no route {path}"}}, status=404)

    async def _create(self, request: web.BaseRequest) -> web.StreamResponse:
        as_json = request.content_type == "application/json"
        order = dict(await request.json() if as_json else await request.post())
        render = self.renders[order["prompt"]]
        render.posts += 1
        render.order = order
        return await self._say(request, render, _nth(render.script.create, render.posts))

    async def _poll(self, request: web.BaseRequest, render: Render) -> web.StreamResponse:
        render.poll_query = request.query_string
        render.polls += not (render.script.held and render.polls and not render.released.is_set())
        return await self._say(request, render, _nth(render.script.polls, render.polls))

    async def _content(self, request: web.BaseRequest, render: Render) -> web.StreamResponse:
        if "variant" in request.query:  # SGLang takes it for an index (reference: providers, section 9)
            return web.json_response({"detail": "Video variant video not found"}, status=404)
        render.contents += 1
        return await self._say(request, render, _nth(render.script.contents, render.contents))

    def _page(self, request: web.BaseRequest) -> dict[str, Any]:
        """Return the list on one page; one that loops begins anew on each, and is never empty."""
        if not self._list_loops and request.query.get("after"):
            return {"object": "list", "data": [], "has_more": False}
        entries = [
            {"prompt": render.order["prompt"]}
            | json.loads(self._filled(json.dumps(render.script.listed), render))
            for render in self.renders.values()
            if render.posts and render.script.listed is not None
        ]
        if self._list_loops:
            entries.append({"id": "video_of_somebody", "status": "completed", "prompt": "something else"})
        return {"object": "list", "data": entries, "has_more": self._list_loops}

    async def _say(self, request: web.BaseRequest, render: Render, answer: Answer) -> web.StreamResponse:
        body = self._body(answer, render)
        headers = {name: self._filled(value, render) for name, value in answer.headers.items()}
        if answer.kind:
            headers["Content-Type"] = answer.kind
        if answer.gzipped:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        response = web.StreamResponse(status=answer.status, headers=headers)
        if answer.chunked:
            response.enable_chunked_encoding()
        else:
            response.content_length = len(body) + answer.short_by
        await response.prepare(request)
        half = len(body) // 2 if answer.chunked else len(body)
        for part in filter(None, (body[:half], body[half:])):
            await response.write(part)
        if answer.short_by and request.transport is not None:
            response.force_close()
            request.transport.close()
            return response
        await response.write_eof()
        return response

    def _body(self, answer: Answer, render: Render) -> bytes:
        if answer.body is None:
            return b""
        if isinstance(answer.body, bytes):
            return answer.body
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return self._filled(text, render).encode()

    def _filled(self, text: str, render: Render) -> str:
        now = time.time()
        for placeholder, value in (
            ('"<now>"', str(int(now))),
            ('"<now_ms>"', str(int(now * 1000))),
            ("<iso>", datetime.fromtimestamp(now, UTC).isoformat()),
            ("<date>", datetime.fromtimestamp(now + 1, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")),
            ("<id>", render.id),
            ("<home>", self.home),
            ("<away>", f"{self.away}/{render.number}"),
        ):
            text = text.replace(placeholder, value)
        return text


def _nth(answers: Sequence[Answer], count: int) -> Answer:
    return answers[min(count, len(answers)) - 1]
