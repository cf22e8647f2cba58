"""The bot's own small web server: whether it is well, and webhooks of video APIs.

It speaks plain HTTP: TLS is the matter of a reverse proxy in front. Nothing here is served from a folder.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol, Self

from aiohttp import web

from bot.domain.errors import ConfigError, StorageError
from bot.domain.job import JobId
from bot.domain.webhooks import TOLERANCE, Flaw, WebhookSecret, check, remote_ids

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_LIMIT = 64 * 1024
BODY_SECONDS = 10.0
"""A sender has so long for its body; an idle or half-asked connection stays open for `IDLE_SECONDS`."""
IDLE_SECONDS = 15.0
CLOSE_SECONDS = 2.0
DATABASE_SECONDS = 5.0
HEALTH_SECONDS = 1.0
"""An answer about the health is good for so long: whoever asks more often loads no database."""
REMEMBERED = 10_000
"""Deliveries that are remembered; beyond that the oldest are forgotten, and a repeat costs one GET."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `HOST:PORT`, such as `127.0.0.1:8080` or `[::]:8080`.

        Raises:
            ConfigError: it is something else.
        """
        host, colon, port = text.strip().rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        bracketed = host.startswith("[") and host.endswith("]")
        whole = port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 1 << 16
        if not (colon and bare and whole) or bracketed is not (":" in bare) or not bare.isprintable():
            raise ConfigError(
                "WEB_LISTEN must be an address and a port, such as 127.0.0.1:8080, or 0.0.0.0:8080 for "
                "every network of this machine."
            )
        return cls(bare, int(port))


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What `/healthz` asks: `ping` raises `StorageError` while the database does not answer.

    `online` says whether Discord's gateway is connected, None in a process that has none.
    """

    ping: Callable[[], Awaitable[object]]
    online: Callable[[], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Whose webhooks are taken, and what they move.

    `secret` returns a provider's secret, None where it sends no webhooks. `make_due` has the render asked
    about now and raises `StorageError`; ids that are no render's are nothing to it.
    """

    secret: Callable[[str], WebhookSecret | None]
    make_due: Callable[[str, str], Awaitable[None]]


class DueStore(Protocol):
    """The jobs table, as far as a webhook moves it."""

    async def make_due(self, provider: str, remote_id: str) -> list[JobId]:
        """Let the jobs that wait for this render be asked about now; return them."""


class Polling(Protocol):
    """The engine, as far as a webhook moves it."""

    def hasten(self, job_id: JobId) -> None:
        """Poll the job now, if it runs in this process."""


async def make_due(provider: str, remote_id: str, *, store: DueStore, engine: Polling) -> None:
    """Have the API asked about the render now, wherever its job runs.

    Raises:
        StorageError: the database does not answer.
    """
    for job_id in await store.make_due(provider, remote_id):
        engine.hasten(job_id)


@dataclass(slots=True)
class Deliveries:
    """Which deliveries have been taken, for as long as their signatures are good."""

    seen: dict[tuple[str, str], float] = field(default_factory=dict)

    def knows(self, provider: str, delivery: str, now: float) -> bool:
        """Say whether it was taken already; `now` in seconds of a clock that only goes forward."""
        return self.seen.get((provider, delivery), float("-inf")) > now

    def note(self, provider: str, delivery: str, now: float) -> None:
        """Remember that it was taken; first in, first forgotten."""
        self.seen.pop((provider, delivery), None)
        self.seen[provider, delivery] = now + 2 * TOLERANCE
        while self.seen and (len(self.seen) > REMEMBERED or next(iter(self.seen.values())) <= now):
            del self.seen[next(iter(self.seen))]


class WebServer:
    """`GET /healthz` and `POST /webhooks/{provider}`, on one address."""

    def __init__(
        self, listen: Listen, *, health: Health, hooks: Hooks, clock: Callable[[], float] = time.time
    ) -> None:
        """Prepare; `clock` gives Unix seconds, for the time window of signatures."""
        self._listen = listen
        self._health = health
        self._hooks = hooks
        self._clock = clock
        self._taken = Deliveries()
        self._refusing: set[str] = set()
        self._asking = asyncio.Lock()
        self._database: tuple[float, bool] = (float("-inf"), False)
        self._runner: web.AppRunner | None = None
        self.port = listen.port

    @property
    def url(self) -> str:
        """Return where the server listens, with the real port once started."""
        host = self._listen.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen.

        Raises:
            ConfigError: the address is taken or not this machine's.
        """
        app = web.Application(middlewares=[_answer_errors], client_max_size=BODY_LIMIT)
        app.on_response_prepare.append(_protect)
        app.router.add_get("/healthz", self._answer_health)
        app.router.add_post("/webhooks/{provider}", self._take)
        runner = web.AppRunner(
            app,
            access_log=None,
            # A traceback for everything that is no HTTP would fill a log; errors of ours are logged here.
            logger=logging.Logger("bot.web.wire", logging.CRITICAL),  # noqa: LOG001 - nobody else may use it
            keepalive_timeout=IDLE_SECONDS,
            shutdown_timeout=CLOSE_SECONDS,
        )
        try:
            await runner.setup()
            await web.TCPSite(runner, self._listen.host, self._listen.port).start()
        except OSError as error:
            await runner.cleanup()
            raise ConfigError(f"WEB_LISTEN: {self.url} cannot be listened on: {error.strerror}") from error
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]
        log.info("health and webhooks at %s", self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut what is left."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer_health(self, _request: web.Request) -> web.Response:
        database = await self._database_answers()
        body = {
            "ok": database,
            "version": _version(),
            "database": database,
            "gateway": self._health.online(),
        }
        return web.json_response(body, status=200 if database else 503)

    async def _database_answers(self) -> bool:
        async with self._asking:
            asked_at, answers = self._database
            if time.monotonic() - asked_at > HEALTH_SECONDS:
                try:
                    async with asyncio.timeout(DATABASE_SECONDS):
                        await self._health.ping()
                except (StorageError, TimeoutError):
                    answers = False
                else:
                    answers = True
                self._database = (time.monotonic(), answers)
            return answers

    async def _take(self, request: web.Request) -> web.Response:
        """Believe a webhook by its signature alone, and then no more of it than which render it names."""
        provider = request.match_info["provider"]
        secret = self._hooks.secret(provider)
        if secret is None:
            return web.Response(status=404)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        except (web.RequestPayloadError, ConnectionError):
            return web.Response(status=400)
        headers = {name.lower(): value for name, value in request.headers.items()}
        verdict = check(headers, body, secret, now=int(self._clock()))
        if isinstance(verdict, Flaw):
            # One line until one is believed again: anybody can send wrong ones, as many as they like.
            level = logging.DEBUG if provider in self._refusing else logging.WARNING
            self._refusing.add(provider)
            log.log(level, "a webhook for %r was refused: %s", provider, verdict)
            return web.Response(status=401)
        self._refusing.discard(provider)
        if not self._taken.knows(provider, verdict.delivery, time.monotonic()):
            try:
                async with asyncio.timeout(DATABASE_SECONDS):
                    for remote_id in remote_ids(body):
                        await self._hooks.make_due(provider, remote_id)
            except (StorageError, TimeoutError) as error:
                log.warning("a webhook of %r must come again: %s", provider, error or "it took too long")
                return web.Response(status=503)
            # Only now: one that was not carried out must be taken when it is sent again.
            self._taken.note(provider, verdict.delivery, time.monotonic())
        return web.Response(status=204)


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a request for %s failed", request.path)
        return web.Response(status=500)


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Say nothing about what serves here, and let nobody keep or frame an answer."""
    response.headers.popall("Server", None)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"


def _version() -> str:
    try:
        return version("reelbot")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
