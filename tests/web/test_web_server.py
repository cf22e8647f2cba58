"""Health and webhooks over real sockets: what is believed, what is refused, and what it moves."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot import web as bot_web
from bot.domain.errors import ConfigError, DatabaseUnavailable
from bot.domain.webhooks import TOLERANCE, WebhookSecret, sign
from bot.web import BODY_LIMIT, Deliveries, Health, Hooks, Listen, WebServer
from storage.database import open_database

SECRET = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
NOW = 1_790_000_000
BODY = b'{"type":"video.completed","data":{"id":"video_9"}}'
LOOPBACK = Listen("127.0.0.1", 0)


@dataclass
class Outside:
    """What the server asks and moves; a test may let any of it fail."""

    online: bool | None = True
    database: Exception | None = None
    pings: int = 0
    due: list[tuple[str, str]] = field(default_factory=list)

    async def ping(self) -> None:
        self.pings += 1
        if self.database is not None:
            raise self.database

    async def make_due(self, provider: str, remote_id: str) -> None:
        if self.database is not None:
            raise self.database
        self.due.append((provider, remote_id))

    def secret(self, provider: str) -> WebhookSecret | None:
        return SECRET if provider in {"openai", "other"} else None

    @property
    def health(self) -> Health:
        return Health(ping=self.ping, online=lambda: self.online)

    @property
    def hooks(self) -> Hooks:
        return Hooks(secret=self.secret, make_due=self.make_due)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def server(outside: Outside) -> AsyncIterator[WebServer]:
    async with WebServer(LOOPBACK, health=outside.health, hooks=outside.hooks, clock=lambda: NOW) as server:
        yield server


@pytest.fixture
async def http(server: WebServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url) as session:
        yield session


def signed(body: bytes = BODY, *, delivery: str = "msg_1", now: int = NOW) -> dict[str, str]:
    return dict(sign(SECRET, delivery=delivery, now=now, body=body))


async def send(http: aiohttp.ClientSession, body: bytes, headers: dict[str, str], to: str = "openai") -> int:
    async with http.post(f"/webhooks/{to}", data=body, headers=headers) as response:
        await response.read()
        return response.status


@pytest.mark.parametrize("online", [True, False, None])
async def test_the_health_says_what_works(
    http: aiohttp.ClientSession, outside: Outside, online: bool | None
) -> None:
    outside.online = online
    async with http.get("/healthz") as response:
        answer = await response.json()
    assert response.status == 200
    assert answer.pop("version")
    assert answer == {"ok": True, "database": True, "gateway": online}


async def test_a_database_that_is_away_is_ill_health(http: aiohttp.ClientSession, outside: Outside) -> None:
    outside.database = DatabaseUnavailable("gone")
    async with http.get("/healthz") as response:
        answer = await response.json()
    assert response.status == 503
    assert (answer["ok"], answer["database"], answer["gateway"]) == (False, False, True)


async def test_a_real_database_is_asked_and_a_closed_one_noticed(
    outside: Outside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_web, "HEALTH_SECONDS", -1.0)
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    health = Health(ping=lambda: database.fetch_all("SELECT 1 AS one"), online=lambda: None)
    async with (
        WebServer(LOOPBACK, health=health, hooks=outside.hooks) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        async with http.get("/healthz") as response:
            assert response.status == 200
        await database.close()
        async with http.get("/healthz") as response:
            assert response.status == 503


async def test_asking_in_a_hurry_loads_no_database(http: aiohttp.ClientSession, outside: Outside) -> None:
    async def ask() -> int:
        async with http.get("/healthz") as response:
            return response.status

    assert set(await asyncio.gather(*(ask() for _ in range(20)))) == {200}
    assert outside.pings == 1


async def test_a_signed_webhook_makes_its_render_due(http: aiohttp.ClientSession, outside: Outside) -> None:
    assert await send(http, BODY, signed()) == 204
    assert outside.due == [("openai", "video_9")]


async def test_headers_are_found_in_any_case(http: aiohttp.ClientSession, outside: Outside) -> None:
    headers = {name.title(): value for name, value in signed().items()}
    assert await send(http, BODY, headers) == 204
    assert outside.due == [("openai", "video_9")]


async def test_the_same_delivery_counts_once_but_only_for_its_sender(
    http: aiohttp.ClientSession, outside: Outside
) -> None:
    assert await send(http, BODY, signed()) == 204
    assert await send(http, BODY, signed(now=NOW + 20)) == 204
    assert outside.due == [("openai", "video_9")]
    assert await send(http, BODY, signed(delivery="msg_2")) == 204
    assert await send(http, BODY, signed(), to="other") == 204
    assert outside.due == [("openai", "video_9"), ("openai", "video_9"), ("other", "video_9")]


async def test_what_could_not_be_carried_out_is_taken_when_it_comes_again(
    http: aiohttp.ClientSession, outside: Outside
) -> None:
    outside.database = DatabaseUnavailable("gone")
    assert await send(http, BODY, signed()) == 503
    outside.database = None
    assert await send(http, BODY, signed()) == 204
    assert outside.due == [("openai", "video_9")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**signed(), "webhook-signature": "v1," + "A" * 43 + "="},
        signed(now=NOW - TOLERANCE - 1),
        signed(now=NOW + TOLERANCE + 1),
        signed(b"another body"),
    ],
    ids=["unsigned", "forged", "old", "from the future", "another body"],
)
async def test_a_wrong_signature_moves_nothing(
    http: aiohttp.ClientSession, outside: Outside, headers: dict[str, str]
) -> None:
    assert await send(http, BODY, headers) == 401
    assert outside.due == []


async def test_wrong_ones_fill_no_log(http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.web")
    for headers in ({}, {}, signed(), {}, {}):
        await send(http, BODY, headers)
    assert len([record for record in caplog.records if "refused" in record.message]) == 2


@pytest.mark.parametrize("body", [b"", b"no json", b"{}", b'{"data":{"id":"a\\u0000"}}'])
async def test_a_signed_webhook_without_a_render_is_thanked(
    http: aiohttp.ClientSession, outside: Outside, body: bytes
) -> None:
    assert await send(http, body, signed(body)) == 204
    assert outside.due == []


async def test_a_body_over_the_limit_is_not_read(http: aiohttp.ClientSession, outside: Outside) -> None:
    fits, over = b" " * BODY_LIMIT, b" " * (BODY_LIMIT + 1)
    assert await send(http, fits, signed(fits)) == 204
    assert await send(http, over, signed(over)) == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/unknown", 404),
        ("POST", "/webhooks/", 404),
        ("POST", "/webhooks/openai/more", 404),
        ("GET", "/webhooks/openai", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/../pyproject.toml", 404),
    ],
)
async def test_nothing_else_is_here_and_no_answer_says_what_serves(
    http: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with http.request(method, path, data=BODY if method == "POST" else None) as response:
        assert response.status == status
        assert "Server" not in response.headers
        assert "aiohttp" not in await response.text()
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nweb",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /h",
    ],
    ids=["nothing", "half a head", "half a second one"],
)
async def test_a_connection_that_asks_nothing_is_closed(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(bot_web, "IDLE_SECONDS", 0.2)
    async with WebServer(LOOPBACK, health=outside.health, hooks=outside.hooks) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(begun)
        async with asyncio.timeout(60):
            with contextlib.suppress(ConnectionResetError):
                while await reader.read(1000):
                    pass
        writer.close()


async def test_a_body_that_never_comes_is_given_up(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_web, "BODY_SECONDS", 0.1)
    async with WebServer(LOOPBACK, health=outside.health, hooks=outside.hooks) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        async with asyncio.timeout(60):
            assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000,
        b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nabc",
    ],
    ids=["TLS", "no HTTP", "a head without end", "wrong chunks", "gone in the middle"],
)
async def test_what_is_no_request_fills_no_log(
    server: WebServer, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(sent)
    writer.write_eof()
    async with asyncio.timeout(60):
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
    writer.close()
    assert await send(http, BODY, signed()) == 204
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_a_mistake_of_ours_is_logged_and_told_to_nobody(
    http: aiohttp.ClientSession, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.database = RuntimeError("a programming error")
    async with http.post("/webhooks/openai", data=BODY, headers=signed()) as response:
        assert (response.status, await response.text()) == (500, "")
    assert "a programming error" in caplog.text


async def test_a_taken_address_is_named(outside: Outside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = Listen("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(ConfigError, match=f"WEB_LISTEN: http://127.0.0.1:{listen.port} cannot be"):
            await WebServer(listen, health=outside.health, hooks=outside.hooks).__aenter__()


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("127.0.0.1:8080", Listen("127.0.0.1", 8080)),
        (" localhost:0 ", Listen("localhost", 0)),
        ("[::1]:65535", Listen("::1", 65535)),
    ],
)
def test_an_address_is_read(text: str, listen: Listen) -> None:
    assert Listen.parse(text) == listen


@pytest.mark.parametrize(
    "text",
    ["", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "a:-1", "::1:80", "[a]:80", "a:٣"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="WEB_LISTEN must be"):
        Listen.parse(text)


def test_deliveries_are_forgotten_when_their_signatures_are_no_longer_good() -> None:
    taken = Deliveries()
    taken.note("a", "1", 0.0)
    assert taken.knows("a", "1", 2 * TOLERANCE - 1)
    assert not taken.knows("a", "1", 2 * TOLERANCE)
    taken.note("a", "2", 2.0 * TOLERANCE)
    assert list(taken.seen) == [("a", "2")]


def test_no_more_deliveries_are_remembered_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_web, "REMEMBERED", 3)
    taken = Deliveries()
    for number in range(5):
        taken.note("a", str(number), 0.0)
    assert [delivery for _, delivery in taken.seen] == ["2", "3", "4"]
