"""The page's files and what protects them: paths, types, policy, Host and Origin."""

from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from bot.sandbox.server import SandboxServer
from tests.sandbox.rawbot import Person


async def test_the_page_is_served_with_its_parts(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with session.get(server.page_url) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        text = await response.text()
    for part, kind in (("page/app/main.js", "text/javascript"), ("page/style/base.css", "text/css")):
        assert part in text
        async with session.get(server.page_url + part) as response:
            assert (response.status, response.content_type) == (200, kind)
    async with session.get(server.page_url.rstrip("/"), allow_redirects=False) as response:
        assert response.status == 308
        assert response.headers["Location"] == urlsplit(server.page_url).path


@pytest.mark.parametrize(
    "path",
    [
        "page/",
        "page/nothing.js",
        "page/../server.py",
        "page/%2e%2e/server.py",
        "page/app",
        "page//etc/passwd",
    ],
)
async def test_nothing_else_is_served(
    server: SandboxServer, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(URL(server.page_url + path, encoded=True)) as response:
        assert response.status == 404


async def test_the_policy_lets_only_the_pages_own_files_in(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with session.get(server.page_url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:PORT", 200),
        ("http://localhost:PORT", 200),
        ("https://127.0.0.1:PORT", 403),
        ("http://127.0.0.1:1", 403),
        ("http://evil.example", 403),
        ("null", 403),
    ],
)
async def test_another_origin_is_refused(
    server: SandboxServer, session: aiohttp.ClientSession, origin: str, status: int
) -> None:
    port = str(urlsplit(server.page_url).port)
    headers = {"Origin": origin.replace("PORT", port)}
    async with session.get(f"{server.control_url}/world", headers=headers) as response:
        assert response.status == status
    if status == 200:
        async with session.ws_connect(f"{server.control_url}/socket", headers=headers):
            pass
    else:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{server.control_url}/socket", headers=headers)


async def test_a_page_that_was_uploaded_cannot_act(person: Person, session: aiohttp.ClientSession) -> None:
    page = {"filename": "a.html", "content_type": "text/html", "base64": "PHNjcmlwdD4="}
    message = await person.do("POST", "messages", {"content": "see", "attachments": [page]})
    async with session.get(message["attachments"][0]["url"]) as response:
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    async with session.get(
        f"{person.server.control_url}/files/{message['attachments'][0]['id']}"
    ) as response:
        assert "'none'" in response.headers["Content-Security-Policy"]
