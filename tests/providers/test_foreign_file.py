"""Files that members point to: what comes, how much of it, and how long it may take. Real servers."""

import asyncio
import contextlib
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.providers.foreign_file import LIMITS, ForeignFiles
from bot.providers.time_limits import TimeLimits
from tests.providers.sites import Site, anywhere, raw_server

LIMIT = 4 << 20


@contextlib.asynccontextmanager
async def taking_http(limits: TimeLimits = LIMITS) -> AsyncIterator[ForeignFiles]:
    """Take every host for the test's own server, and http as well."""
    files = ForeignFiles(resolve=anywhere, plain=True, limits=limits)
    async with contextlib.aclosing(files):
        yield files


async def refused(files: ForeignFiles, url: str, *, limit: int = LIMIT) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        await files.fetch(url, limit=limit)
    return caught.value


async def test_the_bytes_come_as_they_are() -> None:
    body = bytes(range(256)) * 5000

    async def handler(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=body, content_type="text/html")

    async with Site(handler) as site, taking_http() as files:
        assert await files.fetch(f"http://a.test:{site.port}/picture", limit=LIMIT) == body


@pytest.mark.parametrize("says_its_length", [True, False])
async def test_a_file_over_the_limit_is_not_read_to_its_end(says_its_length: bool) -> None:
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        if says_its_length:
            response.content_length = 1 << 40
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(bytes(1 << 16))
                sent += 1 << 16
        return response

    async with Site(handler) as site, taking_http() as files:
        error = await refused(files, f"http://a.test:{site.port}/")
        assert error.code is Code.PICTURE_TOO_LARGE
        assert error.facts["limit"] == 4
    assert sent < 64 << 20, "what the sockets hold, and no more"


async def test_a_file_of_exactly_the_limit_comes() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=bytes(LIMIT))

    async with Site(handler) as site, taking_http() as files:
        assert len(await files.fetch(f"http://a.test:{site.port}/", limit=LIMIT)) == LIMIT
        error = await refused(files, f"http://a.test:{site.port}/", limit=LIMIT - 1)
        assert error.code is Code.PICTURE_TOO_LARGE


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 410, 429, 500, 503])
async def test_an_answer_that_is_no_file_is_unreachable(status: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status)

    async with Site(handler) as site, taking_http() as files:
        error = await refused(files, f"http://a.test:{site.port}/")
    assert error.code is Code.PICTURE_UNREACHABLE
    assert len(site.requests) == 1


async def test_an_empty_file_is_unreachable() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"")

    async with Site(handler) as site, taking_http() as files:
        assert (await refused(files, f"http://a.test:{site.port}/")).code is Code.PICTURE_UNREACHABLE


async def test_a_server_that_is_away_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with taking_http() as files:
            error = await refused(files, f"http://a.test:{closed.getsockname()[1]}/")
    assert error.code is Code.PICTURE_UNREACHABLE


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
async def test_what_speaks_no_http_or_breaks_off_is_unreachable(answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with raw_server(talk) as url, taking_http() as files:
        error = await refused(files, url.replace("127.0.0.1", "a.test"))
    assert error.code is Code.PICTURE_UNREACHABLE


@pytest.mark.parametrize("limits", [TimeLimits(read=0.1), TimeLimits(get=0.2)], ids=["silence", "a drip"])
async def test_a_server_that_takes_its_time_is_left(limits: TimeLimits) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await asyncio.sleep(0.01 if limits.get < 1 else 30)
                await response.write(b"x")
        return response

    async with Site(handler) as site, taking_http(limits=limits) as files:
        async with asyncio.timeout(60):
            error = await refused(files, f"http://a.test:{site.port}/")
    assert error.code is Code.PICTURE_UNREACHABLE


async def test_cancelling_stays_cancelling() -> None:
    begun = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with Site(handler) as site, taking_http() as files:
        task = asyncio.create_task(files.fetch(f"http://a.test:{site.port}/", limit=LIMIT))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# --- TLS --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for pictures.test alone, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    try:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-days", "2", "-nodes"),
                *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
                *("-subj", "/CN=pictures.test", "-addext", "subjectAltName=DNS:pictures.test"),
                *("-keyout", str(key), "-out", str(certificate)),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return certificate, key


@pytest.fixture
async def secure_port(certificate: tuple[Path, Path]) -> AsyncIterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    app = web.Application()

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=request.host)

    app.router.add_get("/{path:.*}", handler)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=context)
    assert server.port is not None
    yield server.port
    await server.close()


async def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    certificate: tuple[Path, Path], secure_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connected to is the checked address; what the server must prove is the name in the link."""
    async with contextlib.aclosing(ForeignFiles(resolve=anywhere)) as files:
        error = await refused(files, f"https://pictures.test:{secure_port}/a.gif")
        assert error.code is Code.PICTURE_UNREACHABLE, "nobody trusts this certificate yet"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    async with contextlib.aclosing(ForeignFiles(resolve=anywhere)) as files:
        whole = await files.fetch(f"https://pictures.test:{secure_port}/a.gif", limit=LIMIT)
        assert whole == f"pictures.test:{secure_port}".encode()
        error = await refused(files, f"https://others.test:{secure_port}/a.gif")
        assert error.code is Code.PICTURE_UNREACHABLE, "it is another server's name"
