"""Discord's REST API: every call goes through faults, token, rate limits and its handler, in this order."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.calls import Call, Reply, Route, RouteTable
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Fault
from bot.sandbox.multipart import Body, read_body
from bot.sandbox.ratelimit import GLOBAL
from bot.sandbox.requests import Exchange
from bot.sandbox.routes import commands, guilds, interactions, messages, reactions, users, webhooks
from bot.sandbox.sandbox import Sandbox

MOST_FILE = 100 * 1024 * 1024


class Rest:
    """Answer HTTP requests under /api/v10."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        modules = (users, guilds, commands, interactions, webhooks, messages, reactions)
        self._table = RouteTable([route for module in modules for route in module.ROUTES])

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request and note it in the log."""
        started = time.perf_counter()
        at = self._sandbox.clock.now()
        path = "/" + request.raw_path.split("?")[0].split("/api/v10/", 1)[-1]
        fault = self._sandbox.faults.take(request.method, path)
        body = Body()
        status, answer = 0, None
        headers: dict[str, str] = {}
        ours = fault is None or (fault.drop is None and fault.status is None)
        try:
            if fault is not None and fault.delay_s:
                await asyncio.sleep(fault.delay_s)
            if fault is not None and fault.drop == "before":
                return _cut(request)
            if fault is not None and fault.status is not None:
                status, answer, headers = _forced(fault)
            else:
                status, answer, headers = await self._work(request, path, body)
            if fault is not None and fault.drop == "after":
                status = 0
                return _cut(request)
            return _response(status, answer, headers)
        except ConnectionError:  # the bot went away in the middle of its request
            status, ours = 0, False
            return _cut(request)
        finally:
            exchange = Exchange(
                method=request.method, path=path, request=body.payload, status=status, response=answer
            )
            self._sandbox.requests.note(
                exchange,
                at=at,
                ms=(time.perf_counter() - started) * 1000,
                ours=ours,
            )

    async def _work(self, request: web.Request, path: str, body: Body) -> tuple[int, Any, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            route, quoted, known = self._table.match(request.method, path)
            if route is None:
                text = "405: Method Not Allowed" if known else "404: Not Found"
                raise ApiError(405 if known else 404, 0, text)
            args = {key: unquote(value) for key, value in quoted.items()}
            async with read_body(request, self._sandbox.files.directory, MOST_FILE) as read:
                body.payload = read.payload
                self._check_token(request, route)
                headers = self._limit(route, args)
                call = Call(args=args, query=request.query, payload=read.payload, uploads=read.uploads)
                reply = route.handler(self._sandbox, call)
        except ApiError as error:
            return error.status, error.body, headers | error.headers
        return _status(reply), reply.body, headers

    def _check_token(self, request: web.Request, route: Route) -> None:
        if route.by_token:
            return
        if request.headers.get("Authorization") != f"Bot {self._sandbox.world.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _limit(self, route: Route, args: dict[str, str]) -> dict[str, str]:
        limits = self._sandbox.limits
        headers = {} if route.limit is None else limits.take(route.limit, args.get(route.major, ""))
        if not route.by_token:
            limits.take(GLOBAL, "")
        return headers


def _status(reply: Reply) -> int:
    return 204 if reply.body is None else reply.status


def _forced(fault: Fault) -> tuple[int, Any, dict[str, str]]:
    headers = {"Via": "1.1 sandbox", **fault.headers} if fault.status == 429 else dict(fault.headers)
    return fault.status or 500, fault.default_body() if fault.body is None else fault.body, headers


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    if answer is None or status in (204, 304):
        return web.Response(status=status, headers=headers)
    if isinstance(answer, str):  # a fault with a page of HTML, as a proxy in front of Discord would send
        return web.Response(status=status, text=answer, content_type="text/html", headers=headers)
    # discord.py parses JSON only under exactly this type, without a charset (reference: discord).
    return web.Response(
        status=status,
        body=json.dumps(answer).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
