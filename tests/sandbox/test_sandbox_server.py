"""The server's edges: loopback, secret, Host header, files, the live feed."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.sandbox.server import SandboxServer
from tests.sandbox.rawbot import Person, RawBot


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        SandboxServer(host=host)


async def test_describe_has_exactly_the_promised_keys(server: SandboxServer) -> None:
    assert list(server.describe()) == [
        "discord_api_url",
        "discord_gateway_url",
        "control_url",
        "token",
        "application_id",
        "guild_id",
        "channel_id",
        "user_id",
    ]
    assert urlsplit(server.discord_api_url).path.endswith("/api/v10")


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:PORT", 200), ("localhost:PORT", 200), ("evil.example:PORT", 421), ("127.0.0.1", 421)],
)
async def test_another_host_header_is_refused(
    server: SandboxServer, session: aiohttp.ClientSession, host: str, status: int
) -> None:
    port = str(urlsplit(server.control_url).port)
    headers = {"Host": host.replace("PORT", port)}
    for url in (f"{server.control_url}/commands", f"{server.discord_api_url}/gateway"):
        async with session.get(url, headers=headers) as response:
            assert response.status == status


@pytest.mark.parametrize(
    "path", ["control/commands", "api/v10/gateway", "gateway", "files/attachments/1/2/a"]
)
async def test_a_wrong_secret_finds_nothing(
    server: SandboxServer, session: aiohttp.ClientSession, path: str
) -> None:
    origin = f"http://127.0.0.1:{urlsplit(server.control_url).port}"
    for url in (f"{origin}/wrong/{path}", f"{origin}/{path}"):
        async with session.get(url) as response:
            assert response.status == 404


async def test_a_file_is_served_with_type_length_and_ranges(
    bot: RawBot, person: Person, session: aiohttp.ClientSession
) -> None:
    [attachment] = (await bot.send_file(1000, "clip.mp4")).body["attachments"]
    async with session.get(attachment["url"]) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "video/mp4"
        assert response.headers["Content-Length"] == "1000"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert await response.read() == bytes(1000)
    async with session.get(attachment["url"], headers={"Range": "bytes=990-"}) as response:
        assert (response.status, response.headers["Content-Range"]) == (206, "bytes 990-999/1000")
        assert len(await response.read()) == 10
    async with session.get(f"{person.server.control_url}/files/{attachment['id']}") as response:
        assert (response.status, len(await response.read())) == (200, 1000)
    async with session.get(f"{person.server.control_url}/files/1") as response:
        assert response.status == 404


async def test_a_link_is_signed_and_lives_a_day(
    bot: RawBot, person: Person, session: aiohttp.ClientSession
) -> None:
    message = (await bot.send_file(10)).body
    url = message["attachments"][0]["url"]

    async def status(link: str) -> int:
        async with session.get(link) as response:
            return response.status

    assert await status(url) == 200
    assert await status(url.split("?")[0]) == 404
    assert await status(url.replace("hm=", "hm=0")) == 404
    await person.do("POST", "clock", {"advance_s": 24 * 3600 + 1})
    assert await status(url) == 404
    fresh = await bot.call("GET", f"/channels/{message['channel_id']}/messages/{message['id']}")
    assert await status(fresh.body["attachments"][0]["url"]) == 200


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a b.mp4", "a_b.mp4"),
        ("../../etc/passwd", "passwd"),
        ("..\\x.mp4", "x.mp4"),
        ("a\u202eb<c>.mp4", "a_b_c_.mp4"),
        ("狐狸.mp4", "狐狸.mp4"),
    ],
)
async def test_a_file_name_is_made_harmless(bot: RawBot, sent: str, kept: str) -> None:
    message = (await bot.send_file(10, "x", attachments=[{"id": 0, "filename": sent}])).body
    assert message["attachments"][0]["filename"] == kept


async def test_attachments_lie_in_the_data_folder(tmp_path: Path) -> None:
    async with SandboxServer(data_dir=tmp_path) as server, aiohttp.ClientSession() as session:
        answer = await RawBot(server, session).send_file(10)
    file_id = answer.body["attachments"][0]["id"]
    assert (tmp_path / "attachments" / file_id).read_bytes() == bytes(10)


async def test_the_feed_tells_everything_even_what_the_bot_does_not_hear(
    bot: RawBot, person: Person, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(f"{person.server.control_url}/socket") as feed:
        await bot.register({"name": "video"})
        assert (await feed.receive_json(timeout=60))["event"] == "SANDBOX_COMMANDS"
        message = (await bot.send(content="a")).body
        created = await feed.receive_json(timeout=60)
        assert (created["event"], created["data"]["id"]) == ("MESSAGE_CREATE", message["id"])
        path = f"/channels/{message['channel_id']}/messages/{message['id']}"
        await bot.call("PATCH", path, {"content": "b"})
        assert (await feed.receive_json(timeout=60))["data"]["content"] == "b"
        await bot.call("DELETE", path)
        assert (await feed.receive_json(timeout=60))["event"] == "MESSAGE_DELETE"


async def test_closing_ends_sockets_and_can_be_repeated() -> None:
    async with aiohttp.ClientSession() as session:
        server = SandboxServer()
        await server.start()
        feed = await session.ws_connect(f"{server.control_url}/socket")
        gateway = await session.ws_connect(server.discord_gateway_url)
        await gateway.receive_json(timeout=60)
        await asyncio.wait_for(server.close(), 60)
        await asyncio.wait_for(server.close(), 60)
        assert (await feed.receive(timeout=60)).type is aiohttp.WSMsgType.CLOSE
        assert (await gateway.receive(timeout=60)).type is aiohttp.WSMsgType.CLOSE


async def test_a_port_can_be_chosen_again_at_once() -> None:
    async with SandboxServer() as first:
        port = urlsplit(first.control_url).port
    async with SandboxServer(port=port or 0) as second:
        assert urlsplit(second.control_url).port == port
