"""The control API's addresses: JSON in, JSON out, one clear sentence when something is wrong."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.backstage import Backstage
from bot.sandbox.control.acting import Acting
from bot.sandbox.control.errors import ControlError
from bot.sandbox.control.feed import Feed
from bot.sandbox.control.talk import Talk
from bot.sandbox.control.views import Views, limit_of
from bot.sandbox.control.world import WorldControl
from bot.sandbox.errors import ApiError
from bot.sandbox.sandbox import Sandbox

WISH_LIMIT = 150 * 1024 * 1024  # a base64 attachment of 100 MiB
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlApi:
    """Serve everything under /control."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._acting = Acting(sandbox)
        self._world = WorldControl(sandbox)
        self._talk = Talk(sandbox)
        self._views = Views(sandbox)
        self._feed = Feed(sandbox)
        self.backstage: Backstage | None = None

    def routes(self, base: str) -> list[web.RouteDef]:
        """Return aiohttp routes under a base path."""
        acting, world, talk, sandbox = self._acting, self._world, self._talk, self._sandbox
        views = self._views
        posts: dict[str, Callable[[dict[str, Any]], Any]] = {
            "users": world.add_user,
            "channels": world.add_channel,
            "permissions": world.set_permissions,
            "guild": world.set_guild,
            "invoke": acting.invoke,
            "autocomplete": acting.autocomplete,
            "context": acting.context,
            "click": acting.click,
            "submit": acting.submit,
            "messages": talk.write,
            "react": talk.react,
            "faults": self._add_fault,
            "gateway": self._gateway,
            "clock": self._clock,
            "limits": self._limits,
            "bot": self._bot,
        }
        gets: dict[str, Callable[[web.Request], Any]] = {
            "world": lambda r: views.world(r) | {"backstage": self.backstage is not None},
            "commands": views.commands,
            "messages": views.messages,
            "faults": lambda _: sandbox.faults.left(),
            "gateway": lambda _: sandbox.gateway.sessions(),
            "requests": lambda r: sandbox.requests.calls()[-limit_of(r) :],
            "traffic": lambda r: sandbox.traffic.frames()[-limit_of(r) :],
            "provider": self._provider,
        }
        deletes: dict[str, Callable[[web.Request], Any]] = {
            "channels/{id}": lambda r: world.delete_channel(r.match_info["id"]),
            "messages/{id}": lambda r: talk.delete(r.match_info["id"], r.query.get("user_id")),
            "messages/{id}/reactions": lambda r: talk.clear_reactions(
                r.match_info["id"], r.query.get("emoji")
            ),
            "faults": lambda _: sandbox.faults.clear(),
        }
        table = [web.post(f"{base}/{path}", self._with_wish(act)) for path, act in posts.items()]
        table += [web.get(f"{base}/{path}", self._without_wish(look)) for path, look in gets.items()]
        table += [web.delete(f"{base}/{path}", self._without_wish(act)) for path, act in deletes.items()]
        table.append(web.delete(f"{base}/react", self._with_wish(talk.unreact)))
        table.append(web.get(f"{base}/files/{{id}}", self._file))
        table.append(web.get(f"{base}/socket", self._socket))
        return table

    async def close(self) -> None:
        """Close the live feeds."""
        await self._feed.close()

    def _with_wish(self, act: Callable[[dict[str, Any]], Any]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            async def work() -> Any:
                return await _awaited(act(await _wish(request)))

            return await _answered(work())

        return handle

    def _without_wish(self, look: Callable[[web.Request], Any]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            async def work() -> Any:
                return await _awaited(look(request))

            return await _answered(work())

        return handle

    async def _provider(self, _: web.Request) -> dict[str, Any]:
        return {"jobs": await self._stage().video_jobs()}

    async def _bot(self, wish: dict[str, Any]) -> dict[str, Any]:
        if wish.get("action") != "restart":
            raise ControlError("action is restart")
        try:
            await self._stage().restart_bot()
        except RuntimeError as exc:
            raise ControlError(str(exc), 500) from exc
        return {"online": self._sandbox.gateway.online}

    def _stage(self) -> Backstage:
        if self.backstage is None:
            raise ControlError("this sandbox runs neither the bot nor a video API", 404)
        return self.backstage

    def _add_fault(self, wish: dict[str, Any]) -> dict[str, Any]:
        try:
            self._sandbox.faults.add(wish)
        except ValueError as exc:
            raise ControlError(str(exc)) from exc
        return {"waiting": len(self._sandbox.faults.left())}

    def _gateway(self, wish: dict[str, Any]) -> dict[str, Any]:
        gateway = self._sandbox.gateway
        actions = {
            "drop": gateway.drop,
            "reconnect": gateway.ask_reconnect,
            "invalid_session": gateway.invalidate,
        }
        action = wish.get("action") or next(iter(wish), None)
        if action not in actions:
            raise ControlError(f"action is one of {', '.join(actions)}")
        return {"sessions": actions[action]()}

    def _clock(self, wish: dict[str, Any]) -> dict[str, Any]:
        seconds = wish.get("advance_s")
        if not isinstance(seconds, int | float):
            raise ControlError("advance_s is a number of seconds")
        try:
            self._sandbox.clock.advance(seconds)
        except ValueError as exc:
            raise ControlError(str(exc)) from exc
        return {"now": self._sandbox.clock.now()}

    def _limits(self, wish: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(wish.get("enabled"), bool):
            raise ControlError("enabled is true or false")
        self._sandbox.limits.enabled = wish["enabled"]
        return {"enabled": wish["enabled"]}

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._feed.serve(request)
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._sandbox.files.find(request.match_info["id"])
        if stored is None:
            return web.json_response({"error": "there is no such file"}, status=404)
        return web.FileResponse(stored.path, headers={"Content-Type": stored.content_type})


async def _awaited(answer: Any) -> Any:
    return await answer if asyncio.iscoroutine(answer) else answer


async def _wish(request: web.Request) -> dict[str, Any]:
    data = bytearray()
    async for chunk in request.content.iter_chunked(1024 * 1024):
        data += chunk
        if len(data) > WISH_LIMIT:
            raise ControlError("the request is too large", 413)
    try:
        wish = json.loads(data or b"{}")
    except (ValueError, RecursionError) as exc:
        raise ControlError("the request is not JSON") from exc
    if not isinstance(wish, dict):
        raise ControlError("the request is a JSON object")
    return wish


async def _answered(work: Awaitable[Any]) -> web.Response:
    try:
        answer = await work
    except ControlError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except ApiError as error:
        return web.json_response({"error": error.body["message"], **error.body}, status=error.status)
    return web.json_response({} if answer is None else answer)
