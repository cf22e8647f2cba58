"""Orders over real sockets: what a broken connection means for the money."""

import asyncio
import contextlib
import socket
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.errors import NotSent, OutcomeUnknown, RateLimited, Unavailable
from bot.domain.remote import RemoteStatus
from bot.providers.http import TURNS
from bot.providers.profile import load_profile
from bot.providers.time_limits import TimeLimits
from tests.factories import make_request
from tests.providers.sites import Site, provider, raw_server, reset, whole_request


async def test_nobody_listens_so_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with provider(f"http://127.0.0.1:{closed.getsockname()[1]}") as api:
            with pytest.raises(NotSent, match="test cannot be reached"):
                await api.submit(make_request(), picture=None, key="1")
            with pytest.raises(Unavailable, match="test cannot be reached"):
                await api.probe()


async def test_a_name_that_does_not_resolve_was_not_sent_to() -> None:
    async with provider("http://nothing.invalid/v1") as api:
        with pytest.raises(NotSent):
            await api.submit(make_request(), picture=None, key="1")


@pytest.mark.parametrize("when", ["before the order is read", "after the order is taken", "amid the answer"])
async def test_a_reset_leaves_the_outcome_of_one_post_unknown(when: str) -> None:
    orders: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if when != "before the order is read":
            orders.append(await whole_request(reader))
        else:
            orders.append(await reader.read(1))
        if when == "amid the answer":
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": "v')
            await writer.drain()
        reset(writer)

    async with raw_server(talk) as url, provider(url) as api:
        with pytest.raises(OutcomeUnknown):
            await api.submit(make_request(), picture=None, key="1")
    assert len(orders) == 1


async def test_an_order_that_is_never_answered_ends_as_unknown() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        await asyncio.Event().wait()

    async with raw_server(talk) as url, provider(url, limits=TimeLimits(order_read=0.1)) as api:
        with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
            await api.submit(make_request(), picture=None, key="1")


async def test_every_post_has_a_connection_of_its_own_while_gets_share_one() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"id": "v1", "status": "queued"})

    async with Site(handler) as site, provider(site.url) as api:
        for number in range(3):
            await api.submit(make_request(), picture=None, key=str(number))
            await api.poll("v1")
    ports: dict[str, set[object]] = {"GET": set(), "POST": set()}
    for request in site.requests:
        assert request._transport_peername is not None
        ports[request.method].add(request._transport_peername[1])
    assert (len(ports["POST"]), len(ports["GET"])) == (3, 1)
    assert not ports["POST"] & ports["GET"]


async def test_many_questions_at_once_take_turns() -> None:
    at_once = most = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.2)  # a slow API, not a wait for a race
        at_once -= 1
        return web.json_response({"id": request.path.rsplit("/", 1)[1], "status": "queued"})

    questions = 10 * TURNS
    async with Site(handler) as site, provider(site.url) as api:
        videos = await asyncio.gather(*(api.poll(f"v{number}") for number in range(questions)))
    assert [video.id for video in videos] == [f"v{number}" for number in range(questions)]
    assert len(site.requests) == questions
    assert 2 <= most <= TURNS


async def test_a_get_whose_kept_connection_was_closed_is_simply_repeated() -> None:
    served = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            served += 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n" + b'{"status":"done"}')
            await writer.drain()
            await reader.readuntil(b"\r\n\r\n")
            served += 1
            reset(writer)

    async with raw_server(talk) as url, provider(url) as api:
        for _ in range(2):
            assert (await api.poll("v1")).status is RemoteStatus.DONE
    assert served == 3


async def test_a_429_with_an_http_date_says_how_long_to_wait() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(
            {}, status=429, headers={"Retry-After": formatdate(time.time() + 60, usegmt=True)}
        )

    async with Site(handler) as site, provider(site.url) as api:
        with pytest.raises(RateLimited) as caught:
            await api.submit(make_request(), picture=None, key="1")
    assert caught.value.retry_after == pytest.approx(60, abs=5)
    assert len(site.requests) == 1


async def test_a_form_arrives_as_a_server_reads_it(tmp_path: Path) -> None:
    picture = tmp_path / "x"
    picture.write_bytes(b"\xff\xd8jpeg")
    texts: dict[str, str] = {}
    files: dict[str, tuple[str, str, bytes]] = {}

    async def handler(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = (value.filename, value.content_type, value.file.read())
            else:
                assert isinstance(value, str)
                texts[name] = value
        return web.json_response({"id": "v1"})

    async with Site(handler) as site, provider(site.url, profile=load_profile("openai")) as api:
        await api.submit(make_request(prompt="ein Füchslein"), picture=picture, key="1")
    assert files == {"input_reference": ("reference.jpg", "image/jpeg", b"\xff\xd8jpeg")}
    assert texts == {
        "prompt": "ein Füchslein",
        "model": "preview",
        "size": "1280x720",
        "seconds": "8",
    }
