"""APIs that answer the order with the finished video."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.codes import Code
from bot.domain.errors import BadResponse, OutcomeUnknown, ProviderError, RemoteNotFound, UnsupportedRequest
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.profile import load_profile
from bot.providers.synchronous import INLINE_KEPT, LONGEST_ID
from tests.factories import make_request
from tests.providers.sites import Site, provider
from tests.providers.wire import MP4, Wire, answer, raw

S = RemoteStatus
URL = "https://api.example/files/v1.mp4"
DYNAMO = {"id": "video_1", "object": "video", "status": "completed", "progress": 100, "data": [{"url": URL}]}
REQUEST = make_request(seconds=4, model="wan")
BASE64 = base64.b64encode(MP4).decode()


async def order(wire: Wire) -> tuple[Any, RemoteVideo]:
    api = wire.api("dynamo")
    return api, await api.submit(REQUEST, picture=None, key="job-1")


@pytest.mark.parametrize(
    "reply", [DYNAMO, {"created": 1, "data": [{"url": URL}]}, {"status": "success", "url": URL}]
)
async def test_the_end_is_the_answer_and_outlives_a_restart(reply: dict[str, Any]) -> None:
    wire = Wire(answer(200, reply))
    api, video = await order(wire)
    assert (video.id, video.status, video.url) == (URL, S.DONE, URL)
    assert await api.poll(video.id) == video
    later = await Wire(answer(500)).api("dynamo").poll(video.id)
    assert (later.id, later.status, later.url) == (URL, S.DONE, URL)
    assert len(wire.requests) == 1


async def test_the_body_is_what_dynamo_wants() -> None:
    wire = Wire(answer(200, DYNAMO))
    await order(wire)
    assert wire.requests[0].url.path == "/v1/videos"
    assert wire.requests[0].extensions["timeout"]["read"] == 1800.0
    assert wire.requests[0].headers["content-type"] == "application/json"
    assert b'"seconds":4' in wire.requests[0].content.replace(b" ", b"")
    assert b'"response_format":"url"' in wire.requests[0].content.replace(b" ", b"")


async def test_a_video_inside_the_answer_is_kept_until_it_is_fetched(tmp_path: Path) -> None:
    api, video = await order(Wire(answer(200, DYNAMO | {"data": [{"b64_json": BASE64}]})))
    assert video.id.startswith("once-")
    for name in ("one", "two"):  # the second try after a full disk
        assert await api.download(await api.poll(video.id), into=tmp_path / name, limit=1000) == len(MP4)
        assert (tmp_path / name).read_bytes() == MP4


async def test_a_location_too_long_for_an_id_gets_one(tmp_path: Path) -> None:
    url = f"{URL}?signature={'a' * LONGEST_ID}"
    api, video = await order(Wire(answer(200, DYNAMO | {"data": [{"url": url}]})))
    assert (video.id[:5], video.url) == ("once-", url)
    assert await api.poll(video.id) == video


LONG = base64.b64encode(MP4.ljust(5 * 1024 * 1024, b"\0")).decode()


async def test_an_answer_may_be_long_where_the_profile_says_so(tmp_path: Path) -> None:
    api, video = await order(Wire(answer(200, DYNAMO | {"data": [{"b64_json": LONG}]})))
    assert await api.download(video, into=tmp_path / "v", limit=10**7) == 5 * 1024 * 1024


@pytest.mark.parametrize("megabytes", [4, 8])
async def test_a_later_answer_may_be_long_too(megabytes: int, tmp_path: Path) -> None:
    profile = load_profile("newapi")
    profile = replace(profile, answer=replace(profile.answer, longest=megabytes * 1024 * 1024))
    api = Wire(answer(200, inline(f"data:video/mp4;base64,{LONG}"))).api(profile)
    if megabytes == 4:
        with pytest.raises(BadResponse, match="an answer of over 4194304 bytes"):
            await api.poll("v1")
        return
    video = await api.poll("v1")
    assert await api.download(video, into=tmp_path / "v", limit=10**7) == 5 * 1024 * 1024


async def test_a_process_that_knows_nothing_of_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RemoteNotFound):
        await Wire(answer(500)).api("dynamo").poll("once-1")


async def test_only_the_last_ones_are_kept_in_memory(tmp_path: Path) -> None:
    wire = Wire(answer(200, {"data": [{"b64_json": BASE64}]}))
    api, first = await order(wire)
    for _ in range(INLINE_KEPT):
        await api.submit(REQUEST, picture=None, key="job-2")
    with pytest.raises(ProviderError, match="names no result location"):
        await api.download(first, into=tmp_path / "v", limit=1000)


async def test_a_failed_render_stays_failed() -> None:
    failed = {"object": "video", "status": "failed", "error": {"message": "out of memory"}}
    api, video = await order(Wire(answer(500, failed)))
    assert (video.status, video.error) == (S.FAILED, "out of memory")
    assert await api.poll(video.id) == video


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"id": "v1", "status": "queued"}, OutcomeUnknown),
        (200, {"object": "video", "status": "in_progress"}, OutcomeUnknown),
        (200, [], OutcomeUnknown),
        (500, {"message": "busy", "url": URL}, OutcomeUnknown),
        (400, {"error": {"message": "bad size"}}, UnsupportedRequest),
    ],
)
async def test_an_answer_that_is_no_end_is_no_render(
    status: int, body: object, kind: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as caught:
        await order(Wire(answer(status, body)))
    assert type(caught.value) is kind


async def test_from_the_order_to_the_file_on_a_real_server(tmp_path: Path) -> None:
    async def dynamo(request: web.Request) -> web.StreamResponse:
        match request.method, request.path:
            case "POST", "/v1/videos":
                fields = await request.json()
                assert (fields["model"], fields["seconds"], fields["size"]) == ("wan", 4, "1280x720")
                location = f"http://{request.host}/outputs/v1.mp4"
                return web.json_response(DYNAMO | {"data": [{"url": location}]})
            case "GET", "/outputs/v1.mp4":
                return web.Response(body=MP4)
        return web.Response(status=404)

    async with (
        Site(dynamo) as site,
        provider(f"{site.url}/v1", profile=load_profile("dynamo")) as api,
    ):
        video = await api.submit(REQUEST, picture=None, key="job-1")
        assert await api.download(video, into=tmp_path / "v.part", limit=1000) == len(MP4)
    assert (tmp_path / "v.part").read_bytes() == MP4


# --- a video inside a later answer -----------------------------------------------------------------


def inline(url: str) -> dict[str, Any]:
    return {"id": "v1", "object": "video", "status": "completed", "url": url}


async def fetch(wire: Wire, folder: Path, limit: int = 1000) -> int:
    api = wire.api("newapi")
    return await api.download(await api.poll("v1"), into=folder / "v", limit=limit)


@pytest.mark.parametrize("head", ["data:video/mp4;base64,", "DATA:video/mp4; codecs=avc1;BASE64,"])
async def test_a_video_inside_the_answer_becomes_the_file(head: str, tmp_path: Path) -> None:
    wire = Wire(answer(200, inline(f"{head}{BASE64[:8]}\n{BASE64[8:]}")))
    assert await fetch(wire, tmp_path) == len(MP4)
    assert (tmp_path / "v").read_bytes() == MP4


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("data:video/mp4;base64,@@@@", "test sent a video that is no base64"),
        ("data:video/mp4;base64", "test sent a broken data URL"),
        ("data:video/mp4;base64,aGVsbG8gd29ybGQ=", "test sent something that is no video"),
        ("data:video/mp4,hello%20world", "test sent something that is no video"),
        ("data:video/mp4;base64,", "test sent an empty result"),
    ],
)
async def test_what_is_no_video_inside_the_answer_is_said(url: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(BadResponse) as caught:
        await fetch(Wire(answer(200, inline(url))), tmp_path)
    assert (str(caught.value), caught.value.provider) == (text, "test")


async def test_a_video_inside_the_answer_has_the_limit_of_all(tmp_path: Path) -> None:
    with pytest.raises(BadResponse) as caught:
        await fetch(Wire(answer(200, inline(f"data:video/mp4;base64,{BASE64}"))), tmp_path, limit=10)
    assert caught.value.code is Code.RESULT_TOO_LARGE
    assert not (tmp_path / "v").exists()


async def test_a_video_that_has_got_a_location_meanwhile_is_fetched_there(tmp_path: Path) -> None:
    wire = Wire(
        answer(200, inline(f"data:video/mp4;base64,{BASE64}")), answer(200, inline(URL)), raw(200, MP4)
    )
    assert await fetch(wire, tmp_path) == len(MP4)
    assert str(wire.requests[-1].url) == URL


async def test_where_the_video_has_gone_from_the_answer_its_other_places_are_tried(tmp_path: Path) -> None:
    wire = Wire(
        answer(200, inline(f"data:video/mp4;base64,{BASE64}")),
        answer(200, {"id": "v1", "object": "video", "status": "completed"}),
        answer(200, {"error": "gone"}),
    )
    with pytest.raises(BadResponse):
        await fetch(wire, tmp_path)
    assert [request.url.path for request in wire.requests] == [
        "/v1/videos/v1",
        "/v1/videos/v1",
        "/v1/videos/v1/content",
    ]
