"""Which provider the settings describe."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import open_app
from bot.config import Settings, load_settings
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.preview.server import PreviewServer


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


class Recorder:
    """A video API that remembers which credentials it was sent."""

    def __init__(self) -> None:
        self.authorizations: list[str | None] = []
        self.base_url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.authorizations.append(request.headers.get("Authorization"))
        return web.json_response({"id": "v", "object": "video", "status": "in_progress"})


@pytest.fixture
async def api() -> AsyncIterator[Recorder]:
    recorder, app = Recorder(), web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    recorder.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield recorder
    await runner.cleanup()


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({"video_api_base_url": "API", "video_api_key": "video-key"}, "Bearer video-key"),
        ({"openai_base_url": "API", "openai_api_key": "openai-key"}, "Bearer openai-key"),
        ({"video_api_base_url": "API", "openai_api_key": "openai-key"}, None),
        (
            {
                "video_api_base_url": "API",
                "video_api_key": "video-key",
                "openai_base_url": "https://elsewhere.example/v1",
                "openai_api_key": "openai-key",
            },
            "Bearer video-key",
        ),
    ],
    ids=["ours", "the seeds' names", "a key of another address", "both"],
)
async def test_a_key_goes_only_to_the_address_beside_it(
    tmp_path: Path, api: Recorder, settings: dict[str, Any], sent: str | None
) -> None:
    chosen = {name: api.base_url if value == "API" else value for name, value in settings.items()}
    async with open_app(load_settings({"data_dir": tmp_path / "data", **chosen})) as app:
        video = await app.catalog.default().poll("v")
    assert video == RemoteVideo(id="v", status=RemoteStatus.RUNNING)
    assert api.authorizations == [sent]


@pytest.mark.parametrize("settings", [{}, {"openai_api_key": "openai-key"}], ids=["nothing", "only a key"])
async def test_without_an_address_the_built_in_preview_renders(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    async with open_app(load_settings({"data_dir": tmp_path / "data", **settings})) as app:
        provider = app.catalog.default()
        assert provider.name == "preview"
        await provider.probe()


async def test_the_model_and_profile_are_taken_from_the_settings(tmp_path: Path) -> None:
    async with PreviewServer(data_dir=tmp_path / "preview") as preview:
        settings = load_settings(
            {
                "data_dir": tmp_path / "data",
                "video_api_base_url": preview.base_url,
                "video_api_profile": "preview",
                "video_api_models": "some-model, another",
            }
        )
        async with open_app(settings) as app:
            assert app.catalog.default().models[0].model == "some-model"
