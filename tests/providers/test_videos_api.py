"""The provider: what each answer means, over a network that answers as the test says."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    ContentRejected,
    NotReady,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    Unavailable,
    UnsupportedRequest,
)
from bot.domain.remote import RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.video import VideoRequest
from bot.ports_provider import VideoProvider
from bot.providers.picture_file import PICTURE_LIMIT
from bot.providers.profile import parse_profile
from tests.factories import make_remote, make_request
from tests.providers.wire import KEY, MP4, PAGE, Answer, Wire, answer, raw

S = RemoteStatus
DONE = RemoteVideo(id="v1", status=S.DONE)
NO = {"error": {"code": "nope", "message": "not today"}}
ENVELOPE = {"status": "error", "code": "bad", "message": "no", "request_id": "r"}

BARE = """
[routes]
create = "/videos"
poll = "/videos/{id}"
probe = "/models"
[create]
encoding = "multipart"
[fields]
prompt = "prompt"
[model]
sizes = ["1280x720"]
seconds = [5]
"""


def job(**fields: Any) -> dict[str, Any]:
    return {"id": "v1", "object": "video", "status": "queued", **fields}


def test_it_is_a_video_provider() -> None:
    provider: VideoProvider = Wire(answer(200)).api(model="m")
    assert (provider.name, provider.models[0].model) == ("test", "m")
    assert (provider.submit_safety, provider.slots, provider.pace.first) == (SubmitSafety.KEY, 2, 0.5)


# --- submit ----------------------------------------------------------------------------------------


async def submit(wire: Wire, request: VideoRequest | None = None, picture: Path | None = None) -> RemoteVideo:
    return await wire.api().submit(request or make_request(), picture=picture, key="job-1")


@pytest.mark.parametrize(
    ("reply", "video"),
    [
        pytest.param(answer(200, job()), RemoteVideo(id="v1", status=S.QUEUED), id="queued"),
        pytest.param(answer(201, {"id": "v1"}), RemoteVideo(id="v1", status=S.QUEUED), id="only an id"),
        pytest.param(
            answer(202, {"id": "v1", "status": "pending", "polling_url": "/x"}, openai_poll_after_ms="1500"),
            RemoteVideo(id="v1", status=S.QUEUED, poll_after=1.5),
            id="accepted with a hint",
        ),
        pytest.param(
            answer(200, job(status="completed", url="https://cdn.example/v")),
            RemoteVideo(id="v1", status=S.DONE, url="https://cdn.example/v"),
            id="completed already",
        ),
        pytest.param(
            answer(200, job(status="failed", error={"message": "no"})),
            RemoteVideo(id="v1", status=S.FAILED, error="no"),
            id="failed already",
        ),
        pytest.param(
            answer(500, job(status="failed", error={"message": "no"})),
            RemoteVideo(id="v1", status=S.FAILED, error="no"),
            id="failed with an error's status",
        ),
        pytest.param(
            answer(200, {"code": "success", "data": {"task_id": "t1"}}),
            RemoteVideo(id="t1", status=S.QUEUED),
            id="wrapped",
        ),
    ],
)
async def test_an_accepted_order_is_a_render(reply: httpx.Response, video: RemoteVideo) -> None:
    wire = Wire(reply)
    assert await submit(wire) == video
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        pytest.param(httpx.ConnectError("refused"), NotSent, id="refused connection"),
        pytest.param(httpx.ConnectTimeout("slow"), NotSent, id="connect time-out"),
        pytest.param(httpx.PoolTimeout("full"), NotSent, id="pool time-out"),
        pytest.param(httpx.ReadTimeout("slow"), OutcomeUnknown, id="read time-out"),
        pytest.param(httpx.WriteError("reset"), OutcomeUnknown, id="reset while sending"),
        pytest.param(httpx.ReadError("reset"), OutcomeUnknown, id="reset while reading"),
        pytest.param(httpx.RemoteProtocolError("gone"), OutcomeUnknown, id="closed without an answer"),
        pytest.param(answer(429, NO, retry_after="3"), RateLimited, id="429"),
        pytest.param(answer(400, {"error": {"code": "moderation_blocked"}}), ContentRejected, id="moderated"),
        pytest.param(answer(400, NO), UnsupportedRequest, id="400"),
        pytest.param(answer(422, {"detail": [{"msg": "bad size"}]}), UnsupportedRequest, id="422"),
        pytest.param(answer(401, NO), AuthFailed, id="401"),
        pytest.param(answer(402, NO), AuthFailed, id="402"),
        pytest.param(answer(500, NO), OutcomeUnknown, id="500"),
        pytest.param(answer(503, NO), OutcomeUnknown, id="503"),
        pytest.param(PAGE, OutcomeUnknown, id="a page with 200"),
        pytest.param(raw(200, b'{"id": "v'), OutcomeUnknown, id="broken JSON"),
        pytest.param(raw(200, b""), OutcomeUnknown, id="nothing"),
        pytest.param(answer(200, ENVELOPE), OutcomeUnknown, id="an error with 200"),
    ],
)
async def test_an_order_that_fails_says_what_it_means_for_the_money(
    failure: Answer, kind: type[ProviderError]
) -> None:
    wire = Wire(failure)
    with pytest.raises(ProviderError) as caught:
        await submit(wire)
    assert type(caught.value) is kind
    assert caught.value.provider == "test"
    assert len(wire.requests) == 1


async def test_the_picture_goes_along_as_a_jpeg_file(tmp_path: Path) -> None:
    picture = tmp_path / "fitted.bin"
    picture.write_bytes(b"\xff\xd8jpeg")
    wire = Wire(answer(200, job()))
    await submit(wire, picture=picture)
    body = wire.requests[0].content
    assert (
        b'Content-Disposition: form-data; name="input_reference"; filename="reference.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8jpeg\r\n"
    ) in body
    assert wire.requests[0].headers["idempotency-key"] == "job-1"


@pytest.mark.parametrize(
    ("length", "code"),
    [
        pytest.param(None, Code.PICTURE_UNREADABLE, id="gone"),
        pytest.param(PICTURE_LIMIT + 1, Code.PICTURE_TOO_LARGE, id="too large"),
    ],
)
async def test_an_unusable_picture_is_refused_before_anything_is_sent(
    length: int | None, code: Code, tmp_path: Path
) -> None:
    picture = tmp_path / "fitted.jpg"
    if length is not None:
        with picture.open("wb") as file:
            file.truncate(length)
    wire = Wire(answer(200, job()))
    with pytest.raises(UnsupportedRequest) as caught:
        await submit(wire, picture=picture)
    assert caught.value.code is code
    assert wire.requests == []


# --- poll ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "video"),
    [
        pytest.param(
            answer(200, job(status="in_progress", progress=40), retry_after="7"),
            make_remote(id="v1", progress=40, poll_after=7.0),
            id="running",
        ),
        pytest.param(answer(200, job(id="changed", status="completed")), DONE, id="its id changes"),
        pytest.param(answer(200, {"status": "done"}), DONE, id="no id"),
        pytest.param(raw(202, b""), make_remote(id="v1"), id="202 without a body"),
        pytest.param(raw(200, b""), make_remote(id="v1"), id="200 without a body"),
        pytest.param(raw(202, b"pending"), make_remote(id="v1"), id="202 without JSON"),
        pytest.param(
            answer(500, {"id": "v1", "status": "failed", "error": {"code": 500, "message": "out of memory"}}),
            RemoteVideo(id="v1", status=S.FAILED, error="out of memory"),
            id="failed as HTTP 500",
        ),
        pytest.param(
            answer(404, job(status="expired")),
            RemoteVideo(id="v1", status=S.EXPIRED),
            id="expired as 404",
        ),
        pytest.param(answer(200, job(status="THINKING")), make_remote(id="v1"), id="an unknown word"),
    ],
)
async def test_a_poll_reads_the_render(reply: httpx.Response, video: RemoteVideo) -> None:
    wire = Wire(reply)
    assert await wire.api().poll("v1") == video
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        pytest.param(answer(404, NO), RemoteNotFound, id="404"),
        pytest.param(answer(400, {"code": "task_not_exist", "message": "no"}), RemoteNotFound, id="new-api"),
        pytest.param(PAGE, BadResponse, id="a page"),
        pytest.param(raw(404, b"<html>nginx</html>"), BadResponse, id="a 404 page"),
        pytest.param(answer(200, NO), BadResponse, id="an error with 200"),
        pytest.param(answer(200, []), BadResponse, id="a list"),
        pytest.param(answer(500, ENVELOPE), Unavailable, id="an error that has an id"),
        pytest.param(answer(503, NO), Unavailable, id="503"),
        pytest.param(answer(429, NO, retry_after="60"), RateLimited, id="429"),
        pytest.param(answer(401, NO), AuthFailed, id="401"),
        pytest.param(httpx.ReadError("reset"), Unavailable, id="reset"),
    ],
)
async def test_a_poll_that_fails_never_ends_the_render(failure: Answer, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        await Wire(failure).api().poll("v1")
    assert type(caught.value) is kind


async def test_an_id_with_slashes_stays_one_segment() -> None:
    wire = Wire(answer(200, job()))
    await wire.api().poll("operations/a b==")
    assert wire.requests[0].url.raw_path == b"/v1/videos/operations%2Fa%20b%3D%3D"


async def test_an_id_of_dots_does_not_climb() -> None:
    wire = Wire(answer(200, job()))
    await wire.api().poll("..")
    assert wire.requests[0].url.raw_path == b"/v1/videos/%2E%2E"


async def test_an_unknown_status_word_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    api = Wire(answer(200, job(status="THINKING"))).api()
    for _ in range(3):
        await api.poll("v1")
    assert [record.message for record in caplog.records if record.name.startswith("bot.")] == [
        "test says 'thinking' of a render, which is taken as running"
    ]


# --- download --------------------------------------------------------------------------------------


async def download(wire: Wire, folder: Path, video: RemoteVideo = DONE, **options: Any) -> int:
    return await wire.api(**options).download(video, into=folder / "v.part", limit=1000)


@pytest.mark.parametrize("body", [MP4, b"\x1a\x45\xdf\xa3webm"], ids=["MP4", "WebM"])
async def test_the_result_comes_from_the_content_route(body: bytes, tmp_path: Path) -> None:
    wire = Wire(raw(200, body, content_type="video/mp4"))
    assert await download(wire, tmp_path) == len(body)
    assert (tmp_path / "v.part").read_bytes() == body
    assert str(wire.requests[0].url) == "https://api.example/v1/videos/v1/content"
    assert wire.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        *[pytest.param(answer(s, NO), NotReady, id=str(s)) for s in (400, 404, 409, 422, 425)],
        pytest.param(answer(410, NO), RemoteNotFound, id="410"),
        pytest.param(PAGE, BadResponse, id="a page"),
        pytest.param(answer(200, {"url": "x"}), BadResponse, id="JSON"),
        pytest.param(raw(200, b""), BadResponse, id="nothing"),
        pytest.param(raw(200, MP4[:7]), BadResponse, id="seven bytes"),
        pytest.param(raw(200, MP4, content_length="9999"), BadResponse, id="announced as too long"),
        pytest.param(raw(200, MP4 * 100), BadResponse, id="too long"),
        pytest.param(raw(200, MP4, content_length="99"), Unavailable, id="stops early"),
        pytest.param(answer(429, NO, retry_after="60"), RateLimited, id="429"),
        pytest.param(answer(502, NO), Unavailable, id="502"),
        pytest.param(httpx.ReadError("reset"), Unavailable, id="reset"),
    ],
)
async def test_a_result_that_does_not_come_says_why(
    failure: Answer, kind: type[ProviderError], tmp_path: Path
) -> None:
    with pytest.raises(ProviderError) as caught:
        await download(Wire(failure), tmp_path)
    assert type(caught.value) is kind
    assert caught.value.provider == "test"


@pytest.mark.parametrize(
    ("length", "fits"),
    [pytest.param(1000, True, id="at it"), pytest.param(1001, False, id="one over")],
)
@pytest.mark.parametrize("announced", [True, False])
async def test_the_limit_is_exact(length: int, fits: bool, announced: bool, tmp_path: Path) -> None:
    headers = {"content_length": str(length)} if announced else {"transfer_encoding": "chunked"}
    wire = Wire(raw(200, MP4.ljust(length, b"\0"), **headers))
    if fits:
        assert await download(wire, tmp_path) == length
    else:
        with pytest.raises(BadResponse) as caught:
            await download(wire, tmp_path)
        assert caught.value.code is Code.RESULT_TOO_LARGE


URL = "/files/v1.mp4"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(answer(404, NO), id="404"),
        pytest.param(answer(405, NO), id="405"),
        pytest.param(answer(403, NO), id="403"),
        pytest.param(PAGE, id="a page"),
        pytest.param(answer(200, {"url": URL}), id="JSON"),
        pytest.param(answer(410, NO), id="410"),
    ],
)
async def test_the_location_in_the_answer_comes_second(first: Answer, tmp_path: Path) -> None:
    wire = Wire(first, raw(200, MP4))
    video = RemoteVideo(id="v1", status=S.DONE, url=URL)
    assert await download(wire, tmp_path, video) == len(MP4)
    assert str(wire.requests[1].url) == "https://api.example/files/v1.mp4"


async def test_a_result_that_is_too_long_is_not_fetched_twice(tmp_path: Path) -> None:
    wire = Wire(raw(200, MP4 * 100))
    with pytest.raises(BadResponse):
        await download(wire, tmp_path, RemoteVideo(id="v1", status=S.DONE, url=URL))
    assert len(wire.requests) == 1


async def test_an_api_without_a_content_route_is_asked_for_the_location_alone(tmp_path: Path) -> None:
    profile = parse_profile(BARE, name="bare", file="bare.toml")
    wire = Wire(raw(200, MP4))
    video = RemoteVideo(id="v1", status=S.DONE, url=URL)
    assert await wire.api(profile).download(video, into=tmp_path / "v", limit=1000) == len(MP4)
    with pytest.raises(NotReady, match="names no result location"):
        await wire.api(profile).download(DONE, into=tmp_path / "v", limit=1000)


async def test_nothing_asks_for_a_variant(tmp_path: Path) -> None:
    wire = Wire(raw(200, MP4))
    await download(wire, tmp_path)
    assert wire.requests[0].url.query == b""


# --- find without a list, cancel, probe ------------------------------------------------------------


async def test_without_a_list_nobody_can_know() -> None:
    api = Wire(answer(200)).api(parse_profile(BARE, name="bare", file="bare.toml"))
    with pytest.raises(OutcomeUnknown):
        await api.find(make_request(), since=0)


@pytest.mark.parametrize(
    ("reply", "stops"),
    [
        pytest.param(answer(200, {"id": "v1", "deleted": True}), True, id="deleted"),
        pytest.param(raw(204, b""), True, id="204"),
        pytest.param(answer(404, NO), False, id="404"),
        pytest.param(answer(405, NO), False, id="405"),
        pytest.param(answer(409, NO), False, id="409"),
        pytest.param(PAGE, True, id="a page with 200"),
    ],
)
async def test_a_cancel_says_whether_the_api_took_it(reply: httpx.Response, stops: bool) -> None:
    wire = Wire(reply)
    assert await wire.api().cancel("v1") is stops
    assert [(request.method, request.url.path) for request in wire.requests] == [("DELETE", "/v1/videos/v1")]


async def test_where_delete_cancels_nothing_it_is_not_sent() -> None:
    wire = Wire(answer(200))
    assert await wire.api("openai").cancel("v1") is False
    assert wire.requests == []


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(answer(500, NO), Unavailable), (answer(401, NO), AuthFailed), (httpx.ReadError("x"), Unavailable)],
)
async def test_a_cancel_that_nobody_answered_is_an_error(failure: Answer, kind: type[ProviderError]) -> None:
    with pytest.raises(kind):
        await Wire(failure).api().cancel("v1")


@pytest.mark.parametrize("listing", [{"object": "list", "data": []}, {"models": [{"id": "m"}]}, []])
async def test_a_probe_is_one_get_that_is_content_with_a_list(listing: object) -> None:
    wire = Wire(answer(200, listing))
    await wire.api().probe()
    assert [(request.method, request.url.path) for request in wire.requests] == [("GET", "/v1/models")]


@pytest.mark.parametrize(
    ("base", "failure", "kind", "text"),
    [
        (
            "https://api.example/v1",
            httpx.ConnectError("All connection attempts failed"),
            Unavailable,
            "test cannot be reached: All connection attempts failed",
        ),
        ("https://api.example/v1", answer(401, NO), AuthFailed, "test answered 401: not today"),
        (
            "https://api.example",
            PAGE,
            BadResponse,
            (
                "https://api.example is no video API (test answered 200: a web page); check the base URL; "
                "perhaps it is https://api.example/v1"
            ),
        ),
        (
            "https://api.example/v1",
            answer(404, {"detail": "Not Found"}),
            BadResponse,
            "https://api.example/v1 is no video API (test answered 404: Not Found); check the base URL",
        ),
        (
            "http://api.example/v1",
            raw(301, b"", location="https://api.example/v1/models"),
            BadResponse,
            (
                "http://api.example/v1 is no video API (test answered 301: nothing); check the base URL; "
                "perhaps it is https://api.example/v1"
            ),
        ),
        ("https://api.example/v1", answer(503, NO), Unavailable, "test answered 503: not today"),
        (
            "https://api.example/v1",
            answer(200, {"hello": "world"}),
            BadResponse,
            "https://api.example/v1 is no video API (test answered 200); check the base URL",
        ),
    ],
)
async def test_a_probe_says_in_one_sentence_what_is_wrong(
    base: str, failure: Answer, kind: type[ProviderError], text: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        await Wire(failure).api(base=base).probe()
    assert type(caught.value) is kind
    assert str(caught.value) == text
