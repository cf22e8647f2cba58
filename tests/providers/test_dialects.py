"""The shipped dialects, each spoken with a server that takes nothing else, from the order to the file."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import NotReady, OutcomeUnknown
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.profile import load_profile, parse_profile
from tests.factories import make_request
from tests.providers.sites import Site, provider
from tests.providers.wire import KEY, MP4, Wire, answer, raw

S = RemoteStatus
REQUEST = make_request(seconds=5, model="m", seed=7, negative="blur", audio=True)

Fields = dict[str, Any]


async def fields_of(request: web.Request) -> Fields:
    """Read JSON, or a form with files as (type, bytes)."""
    if request.content_type == "application/json":
        return {"": "json", **await request.json()}
    assert request.content_type == "multipart/form-data"
    return {"": "form"} | {
        name: value if isinstance(value, str) else (value.content_type, value.file.read())
        for name, value in (await request.post()).items()
        if isinstance(value, str | web.FileField)
    }


class Server:
    """Takes one order and gives one video; `routes` are "METHOD /path" -> the answer."""

    def __init__(self, auth: tuple[str, str], query: str, routes: dict[str, object]) -> None:
        self.auth, self.query, self.routes = auth, query, routes
        self.ordered: Fields = {}

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        name, value = self.auth
        assert request.headers.get(name) == value
        assert request.query_string == self.query, request.path
        if request.method == "POST":
            self.ordered = await fields_of(request)
        found = self.routes.get(f"{request.method} {request.path}")
        if isinstance(found, bytes):
            return web.Response(body=found, content_type="video/mp4")
        return web.json_response(found, status=200 if found is not None else 404)


BEARER = ("Authorization", f"Bearer {KEY}")
AZURE = ("api-key", KEY)
QUEUED = {"id": "v1", "object": "video", "status": "queued"}
DONE = QUEUED | {"status": "completed"}
USUAL = {"POST /v1/videos": QUEUED, "GET /v1/videos/v1": DONE, "GET /v1/videos/v1/content": MP4}
TEXT = {"prompt": "a red fox in snow", "model": "m", "size": "1280x720", "seconds": "5"}
FILE = ("image/jpeg", b"jpeg")


@pytest.mark.parametrize(
    ("name", "auth", "query", "ordered"),
    [
        pytest.param("openai", BEARER, "", TEXT | {"input_reference": FILE}, id="openai"),
        pytest.param("azure", AZURE, "api-version=preview", TEXT | {"input_reference": FILE}, id="azure"),
        pytest.param(
            "litellm",
            BEARER,
            "",
            TEXT | {"input_reference": FILE, "seed": "7", "negative_prompt": "blur"},
            id="litellm",
        ),
        pytest.param(
            "newapi",
            BEARER,
            "",
            TEXT | {"input_reference": FILE, "metadata": '{"seed": 7, "negative_prompt": "blur"}'},
            id="newapi",
        ),
        pytest.param(
            "vllm-omni",
            BEARER,
            "",
            TEXT
            | {"input_reference": FILE, "seed": "7", "negative_prompt": "blur", "generate_sound": "true"},
            id="vllm-omni",
        ),
        pytest.param(
            "sglang",
            BEARER,
            "",
            TEXT | {"input_reference": FILE, "seed": "7", "negative_prompt": "blur"},
            id="sglang",
        ),
        pytest.param(
            "preview",
            BEARER,
            "",
            TEXT | {"input_reference": FILE, "seed": "7", "negative_prompt": "blur"},
            id="preview",
        ),
    ],
)
async def test_a_dialect_of_the_openai_shape(
    name: str, auth: tuple[str, str], query: str, ordered: Fields, tmp_path: Path
) -> None:
    server = Server(auth, query, dict(USUAL))
    assert await bring(name, server, tmp_path) == S.QUEUED
    assert server.ordered == {"": "form"} | ordered


@pytest.mark.parametrize(
    ("name", "seconds"), [("openai", "5"), ("litellm", "5"), ("newapi", "5"), ("sglang", 5), ("azure", "5")]
)
async def test_without_a_picture_it_is_json(name: str, seconds: object, tmp_path: Path) -> None:
    azure = name == "azure"
    server = Server(AZURE if azure else BEARER, "api-version=preview" if azure else "", dict(USUAL))
    await bring(name, server, tmp_path, picture=False)
    assert (server.ordered[""], server.ordered["seconds"]) == ("json", seconds)


async def test_openrouters_shape(tmp_path: Path) -> None:
    routes: dict[str, object] = {
        "POST /v1/videos": {"id": "gen-1", "polling_url": "/api/v1/videos/gen-1", "status": "pending"},
        "GET /v1/videos/gen-1": {"id": "gen-1", "status": "completed", "usage": {"cost": 0.4}},
        "GET /v1/videos/gen-1/content": MP4,
    }
    server = Server(BEARER, "", routes)

    async def handler(request: web.Request) -> web.StreamResponse:
        server.query = "index=0" if request.path.endswith("/content") else ""
        return await server(request)

    assert await bring("openrouter", handler, tmp_path, last=True) == S.QUEUED
    url = {"url": "data:image/jpeg;base64,anBlZw=="}
    assert server.ordered == {
        "": "json",
        "prompt": "a red fox in snow",
        "model": "m",
        "duration": 5,
        "resolution": "720p",
        "aspect_ratio": "16:9",
        "seed": 7,
        "generate_audio": True,
        "frame_images": [
            {"type": "image_url", "image_url": url, "frame_type": "first_frame"},
            {"type": "image_url", "image_url": url, "frame_type": "last_frame"},
        ],
    }


async def test_azures_older_jobs(tmp_path: Path) -> None:
    job = {"id": "task_1", "object": "video.generation.job", "status": "preprocessing", "generations": []}
    routes: dict[str, object] = {
        "POST /v1/video/generations/jobs": job,
        "GET /v1/video/generations/jobs/task_1": job
        | {"status": "succeeded", "generations": [{"id": "gen_1", "width": 1280}], "n_seconds": 5},
        "GET /v1/video/generations/gen_1/content/video": MP4,
    }
    server = Server(AZURE, "api-version=preview", routes)
    assert await bring("azure-jobs", server, tmp_path, picture=False) == S.QUEUED
    assert server.ordered == {
        "": "json",
        "n_variants": 1,
        "prompt": "a red fox in snow",
        "model": "m",
        "width": 1280,
        "height": 720,
        "n_seconds": 5,
    }


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def bring(
    name: str, handler: Handler, folder: Path, *, picture: bool = True, last: bool = False
) -> RemoteStatus:
    """Order, poll and fetch; return how the order stood at first."""
    image = folder / "picture.jpg"
    image.write_bytes(b"jpeg")
    async with Site(handler) as site, provider(f"{site.url}/v1", profile=load_profile(name)) as api:
        first = await api.submit(
            REQUEST,
            picture=image if picture else None,
            last_picture=image if last else None,
            key="job-1",
        )
        done = await api.poll(first.id)
        assert (done.id, done.status) == (first.id, S.DONE)
        assert await api.download(done, into=folder / "v.part", limit=1000) == len(MP4)
    assert (folder / "v.part").read_bytes() == MP4
    assert [request.method for request in site.requests].count("POST") == 1
    return first.status


# --- the single mechanisms -------------------------------------------------------------------------

OWN = """
routes = { create = "/jobs", poll = "/jobs/{id}", content = "/jobs/{id}/file", list = "/jobs", probe = "/" }
query = { version = "2" }
create = { encoding = "json", safety = "list" }
fields = { prompt = "prompt" }
model = { sizes = ["1280x720"], seconds = [8] }
"""
URL = "https://api.example/files/v1.mp4"


def own(wire: Wire, *lines: str) -> Any:
    return wire.api(parse_profile(OWN + "\n".join(lines), name="own", file="own.toml"))


@pytest.mark.parametrize(
    ("first", "paths"),
    [("content", ["/v1/jobs/v1/file", "/files/v1.mp4"]), ("url", ["/files/v1.mp4", "/v1/jobs/v1/file"])],
)
async def test_the_result_is_looked_for_in_the_profiles_order(
    first: str, paths: list[str], tmp_path: Path
) -> None:
    wire = Wire(answer(404, {}), raw(200, MP4))
    video = RemoteVideo(id="v1", status=S.DONE, url=URL)
    api = own(wire, f'result = {{ first = "{first}" }}')
    await api.download(video, into=tmp_path / "v", limit=1000)
    assert [request.url.path for request in wire.requests] == paths


@pytest.mark.parametrize(("header", "seconds"), [({}, 3.0), ({"retry_after": "9"}, 9.0)])
async def test_a_result_that_is_not_ready_is_asked_for_after_the_profiles_wait(
    header: dict[str, str], seconds: float, tmp_path: Path
) -> None:
    api = own(Wire(answer(409, {}, **header)), "result = { wait = 3 }")
    with pytest.raises(NotReady) as caught:
        await api.download(RemoteVideo(id="v1", status=S.DONE), into=tmp_path / "v", limit=1000)
    assert caught.value.retry_after == seconds


async def test_the_list_has_the_query_and_the_profiles_words() -> None:
    entry = {"id": "v1", "status": "baked", "prompt": "a red fox in snow"}
    wire = Wire(answer(200, {"data": [entry], "has_more": False}))
    found = await own(wire, 'status = { done = ["baked"] }').find(make_request(), since=0)
    assert [(video.id, video.status) for video in found] == [("v1", S.DONE)]
    assert dict(wire.requests[0].url.params) == {"version": "2", "limit": "100", "order": "desc"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_cancel_route_is_asked_with_its_method(method: str) -> None:
    wire = Wire(answer(202, {}))
    text = OWN.replace("list =", 'cancel = "/jobs/{id}/stop", list =')
    profile = parse_profile(f'{text}\ncancel = {{ method = "{method}" }}', name="own", file="own.toml")
    assert await wire.api(profile).cancel("v1") is True
    (request,) = wire.requests
    assert (request.method, request.url.path, request.url.query) == (
        method,
        "/v1/jobs/v1/stop",
        b"version=2",
    )


@pytest.mark.parametrize(
    ("status", "meant"),
    [(True, S.DONE), (False, S.RUNNING), (2, S.FAILED), ("Baking", S.RUNNING), (None, S.QUEUED)],
)
async def test_a_status_may_be_no_word_at_all(status: object, meant: S) -> None:
    wire = Wire(answer(200, {"id": "v1", "done": status, "status": "completed"}))
    words = 'status = { done = ["true"], running = ["false", "baking"], failed = ["2"] }'
    if status is None:  # nothing where the profile says: "status" is something else there
        with pytest.raises(OutcomeUnknown):
            await own(Wire(answer(200, {"status": "completed"})), 'answer = { id = "uuid" }').submit(
                make_request(), picture=None, key="job-1"
            )
        return
    video = await own(wire, 'answer = { status = "done" }', words).poll("v1")
    assert video.status is meant


@pytest.mark.parametrize("error", [{"fault": {"text": "no room"}}, {"error": {"message": "no room"}}])
async def test_an_error_is_found_where_the_profile_says_and_where_it_usually_stands(error: Fields) -> None:
    api = own(
        Wire(answer(200, {"id": "v1", "status": "failed"} | error)), 'answer = { error = "fault.text" }'
    )
    assert (await api.poll("v1")).error == "no room"


async def test_an_unknown_status_word_of_a_profile_is_still_running() -> None:
    wire = Wire(answer(200, {"id": "v1", "status": "glazing"}))
    assert (await own(wire, 'status = { done = ["baked"] }').poll("v1")).status is S.RUNNING


@pytest.mark.parametrize("result", [None, "", True, {}, "a\x00b"])
async def test_a_file_without_an_id_has_no_location(result: object, tmp_path: Path) -> None:
    job = {"id": "task_1", "status": "succeeded", "generations": [{"id": result}]}
    wire = Wire(answer(200, job))
    api = wire.api("azure-jobs")
    video = await api.poll("task_1")
    assert video.url is None
    with pytest.raises(NotReady, match="names no result location"):
        await api.download(video, into=tmp_path / "v", limit=1000)
    assert len(wire.requests) == 1


async def test_a_files_id_stays_one_segment() -> None:
    job = {"id": "task_1", "status": "succeeded", "generations": [{"id": "../x?y"}]}
    video = await Wire(answer(200, job)).api("azure-jobs").poll("task_1")
    assert video.url == (
        "https://api.example/v1/video/generations/..%2Fx%3Fy/content/video?api-version=preview"
    )


def test_json_is_not_read_twice() -> None:
    """A profile without places and words hands an answer on as it is."""
    data = json.loads('{"id": "v1"}')
    assert load_profile("openai").answer.usual(data) is data
