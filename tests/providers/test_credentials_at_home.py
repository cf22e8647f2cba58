"""No credential leaves the configured origin, whatever the API's answers say: two real servers."""

import json
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.errors import BadResponse, NotReady, ProviderError
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.base_url import BaseUrl
from bot.providers.http import ProviderHttp
from bot.providers.profile import Profile, load_profile, profile_names
from tests.factories import make_request
from tests.providers.sites import Site, anywhere, provider
from tests.providers.wire import KEY, MP4


def assert_no_key(site: Site) -> None:
    """Look everywhere where a key could stand."""
    assert site.requests, "nobody came, so nothing is shown"
    for request in site.requests:
        assert KEY not in str(request.headers)
        assert KEY not in str(request.url)
        assert not {"Authorization", "api-key", "x-goog-api-key", "Cookie"} & set(request.headers)


@pytest.fixture(params=profile_names())
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirected_download_leaves_the_key_behind(status: int, tmp_path: Path) -> None:
    async def cdn(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async def api(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": f"http://cdn.test:{away.port}/v.mp4"})

    async with Site(cdn) as away, Site(api) as home, provider(home.url, resolve=anywhere) as videos:
        video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
        assert await videos.download(video, into=tmp_path / "v", limit=1000) == len(MP4)
        assert_no_key(away)
        assert KEY in str(home.requests[0].headers)


@pytest.mark.parametrize("way", ["a redirect", "a location in the answer"])
async def test_every_profile_keeps_its_key_from_the_origin_that_an_answer_names(
    profile: Profile, way: str, tmp_path: Path
) -> None:
    """Whatever field a dialect reads a location from, the key stays at home."""

    async def elsewhere(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async def api(request: web.Request) -> web.Response:
        place = f"http://other.test:{away.port}"
        if "content" in request.path:
            raise web.HTTPFound(f"{place}/v.mp4") if way == "a redirect" else web.HTTPNotFound
        return web.json_response(
            {
                "id": "v1",
                "status": "completed",
                "polling_url": f"{place}/poll/v1",
                "status_url": f"{place}/status/v1",
                "response_url": f"{place}/response/v1",
                "url": f"{place}/v.mp4",
                "video_url": f"{place}/v.mp4",
                "urls": [f"{place}/v.mp4"],
                "unsigned_urls": [f"{place}/v.mp4"],
                "output": [{"url": f"{place}/v.mp4"}],
                "metadata": {"url": f"{place}/v.mp4"},
                "generations": [{"id": "g1", "url": f"{place}/v.mp4"}],
            }
        )

    async with (
        Site(elsewhere) as away,
        Site(api) as home,
        provider(home.url, profile=profile, resolve=anywhere) as videos,
    ):
        made = await videos.submit(make_request(), picture=None, key="1")
        seen = await videos.poll(made.id)
        try:
            assert await videos.download(seen, into=tmp_path / "v", limit=1000) == len(MP4)
            assert_no_key(away)
        except NotReady:  # a dialect that reads from its own content route alone
            assert way == "a location in the answer"
            assert away.requests == []
        assert {request.method for request in away.requests} <= {"GET"}
        assert not any("poll" in request.path or "status" in request.path for request in away.requests)
        assert all(KEY in str(request.headers) for request in home.requests)


async def test_home_by_another_name_is_not_home(tmp_path: Path) -> None:
    """The same server, called by another host name or port: it may belong to somebody else tomorrow."""

    async def api(request: web.Request) -> web.Response:
        if request.host.startswith("localhost"):
            return web.Response(body=MP4)
        raise web.HTTPFound(f"http://localhost:{home.port}/v.mp4")

    async with Site(api) as home, provider(home.url, resolve=anywhere) as videos:
        video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
        await videos.download(video, into=tmp_path / "v", limit=1000)
        foreign = [request for request in home.requests if request.host.startswith("localhost")]
        assert foreign
        assert all(KEY not in str(request.headers) for request in foreign)


async def test_polls_lists_and_orders_follow_no_redirect_at_all() -> None:
    async def trap(request: web.Request) -> web.Response:
        return web.json_response({"id": "v1", "status": "completed"})

    async def api(request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": f"http://other.test:{away.port}{request.path}"})

    async with Site(trap) as away, Site(api) as home:
        http = ProviderHttp(
            BaseUrl.parse(home.url), name="test", credentials={"api-key": KEY}, resolve=anywhere
        )
        for reply in (
            await http.get("/videos/v1"),
            await http.delete("/videos/v1"),
            await http.delete("/videos/v1/cancel", method="PUT"),
            await http.post("/videos", json={"prompt": "a fox"}),
            await http.post("/videos", form=[("prompt", (None, "a fox"))]),
        ):
            assert reply.redirects
        await http.aclose()
        assert away.requests == []
        assert len(home.requests) == 5


async def test_a_cookie_that_the_api_sets_is_given_to_nobody(tmp_path: Path) -> None:
    async def cdn(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async def api(request: web.Request) -> web.Response:
        headers = {"Location": f"http://cdn.test:{away.port}/v.mp4", "Set-Cookie": "session=1; Path=/"}
        return web.Response(status=302, headers=headers)

    async with Site(cdn) as away, Site(api) as home, provider(home.url, resolve=anywhere) as videos:
        video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
        for name in ("a", "b"):
            await videos.download(video, into=tmp_path / name, limit=1000)
        assert_no_key(away)
        assert all("Cookie" not in request.headers for request in home.requests)


async def test_an_answer_in_json_text_never_echoes_the_key() -> None:
    async def api(request: web.Request) -> web.Response:
        return web.json_response({"error": {"message": json.dumps(dict(request.headers))}}, status=401)

    async with Site(api) as home, provider(home.url) as videos:
        with pytest.raises(ProviderError) as caught:
            await videos.poll("v1")
        assert KEY not in str(caught.value)


# --- results on private addresses -------------------------------------------------------------------


async def test_a_result_on_this_machine_is_refused_unless_it_is_home_or_the_card_allows_it(
    tmp_path: Path,
) -> None:
    async def gpu(request: web.Request) -> web.Response:
        return web.Response(body=MP4)

    async def api(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{box.url}/v.mp4")

    video = RemoteVideo(id="v1", status=RemoteStatus.DONE)
    async with Site(gpu) as box, Site(api) as home:
        async with provider(home.url) as videos:
            with pytest.raises(BadResponse, match="not a public address") as caught:
                await videos.download(video, into=tmp_path / "v", limit=1000)
            assert caught.value.facts["reason"] == "127.0.0.1 is not a public address"
            assert box.requests == []
        async with provider(home.url, allow_private=True) as videos:
            assert await videos.download(video, into=tmp_path / "v", limit=1000) == len(MP4)
            assert_no_key(box)
        async with provider(box.url) as videos:
            assert await videos.download(video, into=tmp_path / "w", limit=1000) == len(MP4)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "[::]",
        "[::ffff:169.254.169.254]",
        "255.255.255.255",
    ],
)
async def test_a_card_that_allows_private_hosts_does_not_allow_the_clouds_keys(
    host: str, tmp_path: Path
) -> None:
    async def api(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://{host}/latest/meta-data/")

    async with Site(api) as home, provider(home.url, allow_private=True) as videos:
        with pytest.raises(BadResponse, match="not the address of a host"):
            await videos.download(
                RemoteVideo(id="v1", status=RemoteStatus.DONE), into=tmp_path / "v", limit=1000
            )
