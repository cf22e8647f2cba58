"""POSTs to strangers: over real TLS, to the address that was checked, and never further."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import web_post
from bot.domain.errors import Unavailable
from bot.web_post import PublicPost

HOST = "program.test"


async def here(_host: str, _port: int) -> str:
    return "127.0.0.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the program's name alone, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-days", "2", "-nodes", "-subj", f"/CN={HOST}"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return certificate, key


class Program:
    """A stranger's server; it keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[web.Request, bytes]] = []
        self.answer = web.Response(status=204)
        self.port = 0

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request, await request.read()))
        return self.answer

    def url(self, host: str = HOST) -> str:
        return f"https://{host}:{self.port}/hook?a=b"


@pytest.fixture
async def program(certificate: tuple[Path, Path]) -> AsyncIterator[Program]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    program, app = Program(), web.Application()
    app.router.add_route("*", "/{path:.*}", program.take)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=context)
    assert server.port is not None
    program.port = server.port
    yield program
    await server.close()


@pytest.fixture
def trust(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@pytest.fixture
def post(trust: ssl.SSLContext) -> PublicPost:
    return PublicPost(resolve=here, trust=trust)


async def test_what_is_sent_arrives_under_the_name(program: Program, post: PublicPost) -> None:
    headers = {"webhook-id": "m1", "content-type": "application/json"}
    assert await post.post(program.url(), body=b'{"a": 1}', headers=headers) == 204
    [(request, body)] = program.requests
    assert (request.method, request.path_qs, body) == ("POST", "/hook?a=b", b'{"a": 1}')
    assert request.headers["Host"] == f"{HOST}:{program.port}"
    assert request.headers["webhook-id"] == "m1"
    assert request.headers["content-type"] == "application/json"


async def test_a_certificate_of_another_name_is_no_answer(program: Program, post: PublicPost) -> None:
    with pytest.raises(Unavailable, match="Certificate"):
        await post.post(program.url("another.test"), body=b"", headers={})
    with pytest.raises(Unavailable, match="Certificate"):
        await PublicPost(resolve=here).post(program.url(), body=b"", headers={})
    assert program.requests == []


async def test_a_redirect_is_an_answer_and_not_a_way(program: Program, post: PublicPost) -> None:
    program.answer = web.Response(status=307, headers={"Location": "/elsewhere"})
    assert await post.post(program.url(), body=b"", headers={}) == 307
    assert len(program.requests) == 1


async def test_an_endless_answer_is_not_read(program: Program, post: PublicPost) -> None:
    program.answer = web.Response(status=200, body=b"x" * 50_000_000)
    assert await post.post(program.url(), body=b"", headers={}) == 200


async def test_cookies_are_forgotten(program: Program, post: PublicPost) -> None:
    for _ in range(2):
        program.answer = web.Response(status=200, headers={"Set-Cookie": "a=b; Path=/"})
        await post.post(program.url(), body=b"", headers={})
    assert all("Cookie" not in request.headers for request, _ in program.requests)


async def test_no_proxy_of_the_owner_is_used(
    program: Program, post: PublicPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert await post.post(program.url(), body=b"", headers={}) == 204


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://10.0.0.1/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://127.0.0.1%2f@example.org/",
        "https://user@example.org/",
        "http://example.org/",
        "https://no-such-host.invalid/",
        "https://" + "a" * 64 + ".org/",
        "https://exa mple.org/",
        "ftp://example.org/",
    ],
)
async def test_no_other_address_is_connected_to(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several reasons, all of them forbidden
        await PublicPost().post(url, body=b"", headers={})


async def test_a_name_cannot_change_its_meaning_after_the_check(
    program: Program, trust: ssl.SSLContext
) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> str:
        asked.append(host)
        return "127.0.0.1" if len(asked) == 1 else "127.0.0.2"

    post = PublicPost(resolve=resolve, trust=trust)
    assert await post.post(program.url(), body=b"", headers={}) == 204
    assert asked == [HOST]


async def test_nobody_there_is_no_answer(post: PublicPost) -> None:
    with pytest.raises(Unavailable):
        await post.post(f"https://{HOST}:1/", body=b"", headers={})


async def test_silence_ends(program: Program, post: PublicPost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_post, "SECONDS", 0.0001)
    with pytest.raises(Unavailable):
        await post.post(program.url(), body=b"", headers={})
