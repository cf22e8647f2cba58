"""The dialect in the README, cut out of it and spoken with a server that knows nothing else."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.codes import Code
from bot.domain.errors import ContentRejected, OutcomeUnknown
from bot.domain.remote import RemoteStatus
from bot.providers.profile import Profile, load_profile
from tests.factories import make_request
from tests.providers.sites import Site, provider
from tests.providers.wire import KEY, MP4

README = Path(__file__).parents[2] / "README.md"
REQUEST = make_request(prompt="a red fox in snow", model="stone", seconds=5)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Give the profile as a user would: as a file."""
    block = re.search(
        r"## Another dialect.*?```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    assert block is not None
    lines = block[1].strip().splitlines()
    assert len(lines) <= 12, "the README promises a short file"
    file = tmp_path / "bakery.toml"
    file.write_text(block[1], encoding="utf-8")
    return load_profile(str(file))


class Bakery:
    """An API whose every word is its own."""

    def __init__(self, *, end: str = "baked") -> None:
        self.orders: list[dict[str, Any]] = []
        self.phases = ["kneading", "baking", end]
        self.taken_out: list[str] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        assert "Authorization" not in request.headers
        match request.method, request.path:
            case _ if request.headers.get("X-Baker") != KEY:
                return web.json_response({"cake": {"why": "who are you?"}}, status=401)
            case "POST", "/api/oven":
                self.orders.append(await request.json())
                return web.json_response({"status": "fine", "cake": {"uuid": "c/1", "phase": "kneading"}})
            case "GET", "/api/oven/c/1":
                assert request.raw_path == "/api/oven/c%2F1"
                return web.json_response({"status": "fine", "cake": self.look()})
            case "POST", "/api/oven/c/1/out":
                self.taken_out.append("c/1")
                return web.json_response({})
            case "GET", "/shop/c1.mp4":
                return web.Response(body=MP4, content_type="video/mp4")
        return web.Response(status=404)

    def look(self) -> dict[str, Any]:
        phase = self.phases.pop(0)
        cake: dict[str, Any] = {"uuid": "c/1", "phase": phase.title(), "progress": 0.4}
        if phase == "baked":
            cake["slices"] = [{"link": "/shop/c1.mp4"}]
        if phase == "burnt":
            cake["why"] = "the recipe holds poison"
        return cake


async def test_the_readmes_dialect_brings_a_video(profile: Profile, tmp_path: Path) -> None:
    bakery = Bakery()
    picture = tmp_path / "tin.jpg"
    picture.write_bytes(b"jpeg")
    async with Site(bakery) as site, provider(f"{site.url}/api", profile=profile) as api:
        video = await api.submit(REQUEST, picture=picture, key="job-1")
        assert (video.id, video.status) == ("c/1", RemoteStatus.QUEUED)
        seen = [await api.poll(video.id) for _ in range(3)]
        length = await api.download(seen[-1], into=tmp_path / "v.part", limit=1000)
    assert [(each.id, each.status, each.progress) for each in seen] == [
        ("c/1", RemoteStatus.QUEUED, None),
        ("c/1", RemoteStatus.RUNNING, None),
        ("c/1", RemoteStatus.DONE, None),
    ]
    assert (tmp_path / "v.part").read_bytes() == MP4
    assert length == len(MP4)
    assert bakery.orders == [
        {
            "recipe": "a red fox in snow",
            "oven": "stone",
            "form": {"w": 1280, "h": 720},
            "minutes": 5,
            "tin": f"data:image/jpeg;base64,{base64.b64encode(b'jpeg').decode()}",
            "crust": "thin",
        }
    ]


async def test_its_end_and_its_reason_are_understood(profile: Profile) -> None:
    async with Site(Bakery(end="burnt")) as site, provider(f"{site.url}/api", profile=profile) as api:
        for _ in range(2):
            assert not (await api.poll("c/1")).moderated
        end = await api.poll("c/1")
    assert (end.status, end.error, end.moderated) == (
        RemoteStatus.FAILED,
        "the recipe holds poison",
        True,
    )


async def test_a_render_is_stopped_its_way(profile: Profile) -> None:
    bakery = Bakery()
    async with Site(bakery) as site, provider(f"{site.url}/api", profile=profile) as api:
        assert await api.cancel("c/1")
    assert bakery.taken_out == ["c/1"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"cake": {"why": "there is poison in it"}}, ContentRejected, Code.PROVIDER_MODERATED),
        (200, {"status": "fine", "id": "no", "cake": {}}, OutcomeUnknown, Code.CHARGE_UNKNOWN),
    ],
)
async def test_an_order_that_it_refuses_is_understood(
    profile: Profile, status: int, body: object, kind: type[Exception], code: Code
) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    async with Site(handler) as site, provider(f"{site.url}/api", profile=profile) as api:
        with pytest.raises(kind) as caught:
            await api.submit(REQUEST, picture=None, key="job-1")
    assert getattr(caught.value, "code", None) is code
    assert len(site.requests) == 1
