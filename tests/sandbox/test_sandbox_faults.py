"""Faults on request, and the log of what the bot asked."""

import asyncio
import time
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.sandbox.rawbot import Person, RawBot


async def test_a_drop_before_does_nothing_and_a_drop_after_does_the_work(bot: RawBot, person: Person) -> None:
    for drop, shown in (("before", 0), ("after", 1)):
        await person.do("POST", "faults", {"method": "POST", "path": "/messages$", "drop": drop})
        with pytest.raises(aiohttp.ClientError):
            await bot.send(content=drop)
        assert len(await person.messages()) == shown
    assert (await bot.send(content="fine")).status == 200
    log = [c["status"] for c in await person.do("GET", "requests")]
    assert log == [0, 0, 200]


async def test_a_drop_in_the_middle_of_an_upload_leaves_no_file(bot: RawBot, person: Person) -> None:
    await person.do("POST", "faults", {"path": "/messages$", "drop": "before"})
    with pytest.raises(aiohttp.ClientError):
        await bot.send_file(5_000_000)
    assert list(bot.server.sandbox.files.directory.iterdir()) == []


async def test_a_status_answers_so_often_and_then_the_call_works(bot: RawBot, person: Person) -> None:
    wish = {"method": "POST", "path": "/channels/\\d+/messages$", "status": 503, "times": 2}
    assert await person.do("POST", "faults", wish) == {"waiting": 1}
    answers = [await bot.send(content="a") for _ in range(3)]
    assert [a.status for a in answers] == [503, 503, 200]
    assert answers[0].body == {"message": "503: Service Unavailable", "code": 0}


async def test_a_body_headers_and_a_delay_are_passed_on(bot: RawBot, person: Person) -> None:
    body = {"code": 240000, "message": "blocked"}
    wish = {"path": "/messages$", "status": 400, "body": body, "headers": {"X-Why": "test"}, "delay_s": 0.2}
    await person.do("POST", "faults", wish)
    started = time.monotonic()
    answer = await bot.send(content="a")
    assert time.monotonic() - started >= 0.2
    assert (answer.status, answer.body, answer.headers["X-Why"]) == (400, body, "test")


async def test_a_delay_alone_still_does_the_work(bot: RawBot, person: Person) -> None:
    await person.do("POST", "faults", {"path": "/messages$", "delay_s": 0.05})
    assert (await bot.send(content="a")).status == 200


async def test_a_fault_meets_only_its_method_and_path(bot: RawBot, person: Person) -> None:
    await person.do("POST", "faults", {"method": "PATCH", "path": "/messages/", "status": 500})
    assert (await bot.send(content="a")).status == 200
    assert [f["times"] for f in await person.do("GET", "faults")] == [1]
    await person.do("DELETE", "faults")
    assert await person.do("GET", "faults") == []


async def test_the_log_shortens_tokens_and_leaves_out_the_secret(bot: RawBot, person: Person) -> None:
    token = "t" * 60
    await bot.call("PATCH", f"/webhooks/1/{token}/messages/@original", {"content": "a"})
    await bot.call("POST", f"/interactions/1/{token}/callback", {"type": 5})
    log = await person.do("GET", "requests")
    assert [c["path"] for c in log] == [
        "/webhooks/1/tttttttt…/messages/@original",
        "/interactions/1/tttttttt…/callback",
    ]
    assert [(c["method"], c["status"]) for c in log] == [("PATCH", 404), ("POST", 404)]
    assert all(c["ms"] > 0 and abs(c["at"] - time.time()) < 60 for c in log)


async def test_every_exchange_is_recorded_but_forced_replies_are_not(bot: RawBot, person: Person) -> None:
    await person.do("POST", "faults", {"path": "/messages$", "status": 503})
    await bot.send(content="a")
    await bot.send(content="b")
    [exchange] = bot.server.exchanges
    assert (exchange.method, exchange.status, exchange.request) == ("POST", 200, {"content": "b"})
    assert exchange.response["content"] == "b"
    assert exchange.path == f"/channels/{bot.server.channel_id}/messages"


async def test_a_bot_that_goes_away_in_the_middle_of_its_request_is_noted(
    bot: RawBot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(bot.server.discord_api_url)
    _, writer = await asyncio.open_connection("127.0.0.1", address.port)
    head = (
        f"POST {address.path}/channels/{bot.server.channel_id}/messages HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    )
    writer.write(head.encode())
    await writer.drain()
    writer.transport.abort()
    async with asyncio.timeout(60):
        while not (calls := await person.do("GET", "requests")):
            await asyncio.sleep(0.01)
    assert calls[0]["status"] == 0
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
