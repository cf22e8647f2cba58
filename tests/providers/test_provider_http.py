"""The HTTP client: what is mapped to what, what is sent again, and where the key goes."""

import asyncio
import contextlib
import gzip
import inspect
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from bot.domain.errors import BadResponse, NotSent, OutcomeUnknown, ProviderError, Unavailable
from bot.providers.base_url import BaseUrl
from bot.providers.http import JSON_LIMIT, ProviderHttp
from bot.providers.result_file import ResultFile
from bot.providers.retries import Retries
from bot.providers.time_limits import TimeLimits
from tests.providers.wire import BASE, KEY, MP4, Answer, Body, Wire, answer, raw

FOREIGN = sorted(
    (
        thing
        for name in httpx.__all__
        if inspect.isclass(thing := getattr(httpx, name)) and issubclass(thing, Exception)
    ),
    key=lambda kind: kind.__name__,
)
NOT_SENT = {httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout}
NONSENSE = {
    httpx.CookieConflict,
    httpx.DecodingError,
    httpx.InvalidURL,
    httpx.RequestNotRead,
    httpx.ResponseNotRead,
    httpx.StreamClosed,
    httpx.StreamConsumed,
    httpx.StreamError,
    httpx.TooManyRedirects,
    httpx.UnsupportedProtocol,
}
SAID = f"secret {KEY} inside"


def raised(kind: type[Exception]) -> Exception:
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "https://api.example")
        return httpx.HTTPStatusError(SAID, request=request, response=httpx.Response(500, request=request))
    if kind in {httpx.RequestNotRead, httpx.ResponseNotRead, httpx.StreamClosed, httpx.StreamConsumed}:
        return kind()
    return kind(SAID)


def into(folder: Path, *, limit: int = 1000) -> ResultFile:
    return ResultFile(path=folder / "result.part", limit=limit, opening=lambda _: None)


@pytest.mark.parametrize(
    "kind", [*FOREIGN, TimeoutError, ConnectionResetError, OSError], ids=lambda kind: kind.__name__
)
async def test_every_foreign_exception_is_mapped(kind: type[Exception], tmp_path: Path) -> None:
    wire = Wire(raised(kind))
    http = wire.http()
    free = BadResponse if kind in NONSENSE else Unavailable
    for call in (http.get("/videos"), http.delete("/videos/1"), http.download("/x", into(tmp_path))):
        with pytest.raises(ProviderError) as caught:
            await call
        assert type(caught.value) is free
        assert caught.value.provider == "test"
    with pytest.raises(ProviderError) as caught:
        await http.post("/videos", json={})
    assert type(caught.value) is (NotSent if kind in NOT_SENT else OutcomeUnknown)
    assert (KEY in str(caught.value)) is (kind in NOT_SENT)


def test_the_table_of_exceptions_knows_all_that_httpx_raises() -> None:
    assert len(FOREIGN) == 28, (
        "httpx has another exception: decide what it means for the money, then count it"
    )


@pytest.mark.parametrize("failure", [httpx.ReadError("x"), answer(500), answer(429), answer(200)])
async def test_a_post_is_on_the_wire_exactly_once(failure: Answer) -> None:
    wire = Wire(failure)
    with contextlib.suppress(OutcomeUnknown):
        await wire.http().post("/videos", json={"prompt": "a fox"})
    assert len(wire.requests) == 1


async def test_a_json_post_carries_key_and_headers() -> None:
    wire = Wire(answer(200, {"id": "v"}))
    await wire.http().post("/videos", json={"prompt": "füchse"}, headers={"Idempotency-Key": "job-1"})
    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", "https://api.example/v1/videos")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["idempotency-key"] == "job-1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.content.decode() == '{"prompt":"füchse"}'


async def test_a_form_without_a_file_is_multipart_too() -> None:
    wire = Wire(answer(200, {"id": "v"}))
    await wire.http().post("/videos", form=[("prompt", (None, "a fox"))])
    (request,) = wire.requests
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="prompt"\r\n\r\na fox\r\n' in request.content


@pytest.mark.parametrize(
    ("answers", "tries", "status"),
    [
        pytest.param([answer(503), answer(200)], 2, 200, id="a moment"),
        pytest.param([answer(503), answer(429), answer(200)], 3, 200, id="two moments"),
        pytest.param([answer(503)], 3, 503, id="for ever"),
        pytest.param([httpx.ReadError("x"), answer(200)], 2, 200, id="a reset"),
        pytest.param([answer(404)], 1, 404, id="404 is an answer"),
        pytest.param([answer(501)], 1, 501, id="501 too"),
        pytest.param([answer(429, retry_after="11"), answer(200)], 1, 429, id="too long to wait here"),
        pytest.param([answer(429, retry_after="10000"), answer(200)], 1, 429, id="much too long"),
    ],
)
async def test_a_get_is_tried_up_to_three_times(answers: list[Answer], tries: int, status: int) -> None:
    wire = Wire(*answers)
    reply = await wire.http().get("/videos/v")
    assert (len(wire.requests), reply.status) == (tries, status)


async def test_the_server_says_how_long_a_get_waits() -> None:
    wire = Wire(answer(503, retry_after_ms="250"), answer(429, retry_after="3"), answer(200))
    await wire.http().get("/videos/v")
    assert wire.pauses == [0.25, 3.0]


async def test_without_a_wish_the_waits_are_jittered_and_grow() -> None:
    spans: list[tuple[float, float]] = []

    class Spans(random.Random):
        def uniform(self, a: float, b: float) -> float:
            spans.append((a, b))
            return b

    wire = Wire(httpx.ConnectError("refused"))
    http = wire.http(retries=Retries(sleep=wire.pause, rng=Spans()))
    with pytest.raises(Unavailable, match="test cannot be reached: refused"):
        await http.get("/videos/v")
    assert spans == [(0, 0.5), (0, 1.0), (0, 2.0)]
    assert wire.pauses == [0.5, 1.0]


async def test_no_try_begins_after_the_budget() -> None:
    wire = Wire(answer(503))
    reply = await wire.http(retries=Retries(sleep=wire.pause, budget=0.0, base=1.0)).get("/videos/v")
    assert (reply.status, len(wire.requests)) == (503, 1)


async def test_a_busy_status_that_is_the_answer_is_not_asked_again() -> None:
    wire = Wire(answer(500, {"status": "failed"}))
    reply = await wire.http().get("/videos/v", settled=lambda reply: reply.data() == {"status": "failed"})
    assert (reply.status, len(wire.requests)) == (500, 1)


class Flood(httpx.AsyncByteStream):
    """A body that never ends; it knows how much of it was taken."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 65536
            yield bytes(65536)


@pytest.mark.parametrize(
    ("status", "call", "kind"),
    [
        pytest.param(200, lambda http: http.get("/x"), BadResponse, id="GET"),
        pytest.param(200, lambda http: http.post("/x", json={}), OutcomeUnknown, id="POST"),
    ],
)
async def test_an_endless_body_is_given_up_at_4_mib(
    status: int, call: Callable[[ProviderHttp], Awaitable[object]], kind: type[ProviderError]
) -> None:
    flood = Flood()
    wire = Wire(lambda _: httpx.Response(status, stream=flood))
    with pytest.raises(kind, match="over 4194304 bytes"):
        await call(wire.http())
    assert flood.taken <= JSON_LIMIT + 65536


async def test_the_status_of_an_error_counts_even_when_its_body_is_endless() -> None:
    wire = Wire(lambda _: httpx.Response(422, stream=Flood()))
    reply = await wire.http().post("/x", json={})
    assert (reply.status, len(reply.body)) == (422, JSON_LIMIT)


async def test_cookies_are_not_kept() -> None:
    wire = Wire(answer(200, {}, set_cookie="session=1; Path=/"))
    http = wire.http()
    await http.get("/a")
    await http.get("/b")
    assert "cookie" not in wire.requests[1].headers


async def test_the_key_stands_in_no_log_line(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    for name in (None, "httpx", "httpcore"):  # the bot keeps these quiet; whoever debugs may not
        caplog.set_level(logging.DEBUG, logger=name)
    wire = Wire(answer(200, {}), answer(200, {}), raw(200, MP4))
    http = wire.http()
    await http.get("/a")
    await http.post("/b", json={})
    await http.download("/c", into(tmp_path))
    assert caplog.records
    assert KEY not in caplog.text


# --- redirects and addresses -----------------------------------------------------------------------


async def other_host(host: str, port: int) -> str:
    if host == "cdn.example":
        return "203.0.113.7"
    raise ValueError(f"{host} is not a public address")


def moved(location: str, status: int = 302) -> httpx.Response:
    return raw(status, b"", location=location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_origin_goes_without_the_key_to_the_checked_address(
    status: int, tmp_path: Path
) -> None:
    wire = Wire(moved("https://cdn.example/v.mp4?sig=1", status), raw(200, MP4))
    assert await wire.http(resolve=other_host).download("https://api.example/v1/c", into(tmp_path)) == len(
        MP4
    )
    home, away = wire.requests
    assert home.headers["authorization"] == f"Bearer {KEY}"
    assert str(away.url) == "https://203.0.113.7/v.mp4?sig=1"
    assert away.headers["host"] == "cdn.example"
    assert away.extensions["sni_hostname"] == "cdn.example"
    assert away.headers["connection"] == "close"
    assert KEY not in str(away.headers.raw)


async def test_a_redirect_within_the_origin_keeps_the_key(tmp_path: Path) -> None:
    wire = Wire(moved("/files/v.mp4"), raw(200, MP4))
    await wire.http(resolve=other_host).download("videos/v/content", into(tmp_path))
    assert [str(request.url) for request in wire.requests] == [
        "https://api.example/v1/videos/v/content",
        "https://api.example/files/v.mp4",
    ]
    assert wire.requests[1].headers["authorization"] == f"Bearer {KEY}"


async def test_another_port_of_the_same_host_is_another_origin(tmp_path: Path) -> None:
    wire = Wire(raw(200, MP4))
    with pytest.raises(BadResponse, match="not a public address"):
        await wire.http(resolve=other_host).download("https://api.example:8443/v.mp4", into(tmp_path))
    assert wire.requests == []


@pytest.mark.parametrize(
    ("redirects", "fails"), [pytest.param(5, False, id="five"), pytest.param(6, True, id="six")]
)
async def test_five_redirects_are_followed_and_no_more(redirects: int, fails: bool, tmp_path: Path) -> None:
    wire = Wire(*[moved(f"/hop/{number}") for number in range(redirects)], raw(200, MP4))
    http = wire.http()
    if fails:
        with pytest.raises(BadResponse, match="more than 5 redirects"):
            await http.download("/start", into(tmp_path))
    else:
        assert await http.download("/start", into(tmp_path)) == len(MP4)
    assert len(wire.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://cdn.example/v.mp4",
        "ftp://cdn.example/v.mp4",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:pass@cdn.example/v.mp4",
        "https://user@api.example/v.mp4",
        "https://127.0.0.1/v.mp4",
        "https://10.0.0.1/v.mp4",
        "https://[::1]/v.mp4",
        "https://[::ffff:127.0.0.1]/v.mp4",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/v.mp4",
        "//localhost/v.mp4",
        "https://api.example\\@localhost/",
        "https://[::1",
        "https://cdn.example:99999/",
        "https://cdn.example/\x00",
    ],
)
async def test_a_result_location_that_leads_inside_is_refused(location: str, tmp_path: Path) -> None:
    direct = Wire(raw(200, MP4))
    with pytest.raises(BadResponse):
        await direct.http().download(location, into(tmp_path))
    assert direct.requests == []
    redirected = Wire(moved(location))
    with pytest.raises((BadResponse, Unavailable)):
        await redirected.http().download("/start", into(tmp_path))
    assert {request.url.path for request in redirected.requests} == {"/start"}


async def test_a_location_that_no_url_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResponse, match="no URL"):
        await Wire(raw(200, MP4)).http().download("https://cdn.example/\ud800", into(tmp_path))


async def test_an_http_api_may_send_its_results_from_http(tmp_path: Path) -> None:
    wire = Wire(raw(200, MP4))
    http = wire.http(base="http://gpu.lan:8000/v1", resolve=other_host)
    assert await http.download("http://cdn.example/v.mp4", into(tmp_path)) == len(MP4)
    assert str(wire.requests[0].url) == "http://203.0.113.7/v.mp4"
    assert wire.requests[0].headers["host"] == "cdn.example"


# --- time ------------------------------------------------------------------------------------------


class Silence(httpx.AsyncByteStream):
    """A body of which nothing ever comes."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        pytest.param(lambda http, _: http.get("/x"), Unavailable, id="GET"),
        pytest.param(lambda http, _: http.delete("/x"), Unavailable, id="DELETE"),
        pytest.param(lambda http, _: http.post("/x", json={}), OutcomeUnknown, id="POST"),
        pytest.param(lambda http, target: http.download("/x", target), Unavailable, id="download"),
    ],
)
async def test_every_exchange_ends(
    call: Callable[[ProviderHttp, ResultFile], Awaitable[object]], kind: type[ProviderError], tmp_path: Path
) -> None:
    wire = Wire(lambda _: httpx.Response(200, stream=Silence()))
    http = wire.http(limits=TimeLimits(get=0.05, order=0.05, download=0.05))
    with pytest.raises(kind, match="test did not answer: TimeoutError"):
        await call(http, into(tmp_path))


# --- what a dialect may ask for ---------------------------------------------------------------------


async def test_an_answer_may_be_as_long_as_the_dialect_says() -> None:
    body = b'"' + b"x" * JSON_LIMIT + b'"'
    http = Wire(raw(200, body)).http()
    assert len((await http.get("/x", limit=2 * JSON_LIMIT)).body) == len(body)
    assert len((await http.post("/x", json={}, limit=2 * JSON_LIMIT)).body) == len(body)
    with pytest.raises(BadResponse, match="over 9 bytes"):
        await http.get("/x", limit=9)
    with pytest.raises(OutcomeUnknown, match="over 9 bytes"):
        await http.post("/x", json={}, limit=9)


async def test_a_cancel_route_may_have_another_method() -> None:
    wire = Wire(answer(200, {}))
    await wire.http().delete("/jobs/1/cancel", method="PUT")
    assert wire.requests[0].method == "PUT"
    assert KEY in wire.requests[0].headers["authorization"]


async def test_an_api_that_renders_before_it_answers_is_waited_for() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        assert request.extensions["timeout"]["read"] == 900.0
        assert request.extensions["timeout"]["connect"] == 10.0
        return answer(200, {"id": "v"})

    assert (await Wire(late).http().post("/videos", json={}, patience=900.0)).ok


async def test_patience_is_the_end_of_an_order_too() -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

    http = ProviderHttp(BaseUrl.parse(BASE), name="test", credentials={}, transport=Silent())
    with pytest.raises(OutcomeUnknown, match="TimeoutError"):
        await http.post("/videos", json={}, patience=0.05)


async def test_a_query_in_the_path_goes_along() -> None:
    wire = Wire(answer(200, {}))
    await wire.http().get("/videos?api-version=preview")
    await wire.http().post("/videos?api-version=preview", json={})
    assert [str(request.url) for request in wire.requests] == [f"{BASE}/videos?api-version=preview"] * 2


async def test_an_answer_that_is_packed_unasked_is_unpacked() -> None:
    packed = gzip.compress(b'{"id": "v1"}')
    wire = Wire(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Body(packed)))
    assert (await wire.http().post("/videos", json={})).data() == {"id": "v1"}
    assert (await wire.http().get("/videos/v1")).data() == {"id": "v1"}


async def test_the_limit_counts_what_is_unpacked() -> None:
    packed = gzip.compress(bytes(JSON_LIMIT + 1))
    wire = Wire(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Body(packed)))
    with pytest.raises(BadResponse, match="over 4194304 bytes"):
        await wire.http().get("/videos/v1")


async def test_a_broken_packing_is_nonsense() -> None:
    wire = Wire(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Body(b"{}")))
    with pytest.raises(BadResponse, match="DecodingError"):
        await wire.http().get("/videos/v1")
    with pytest.raises(OutcomeUnknown, match="DecodingError"):
        await wire.http().post("/videos", json={})


async def test_home_written_in_ascii_is_home(tmp_path: Path) -> None:
    wire = Wire(raw(200, MP4))
    http = wire.http(base="https://xn--bcher-kva.example/v1")
    await http.download("https://bücher.example/v.mp4", into(tmp_path))
    assert KEY in wire.requests[0].headers["authorization"]
