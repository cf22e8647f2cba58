"""Which provider the settings describe."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app import open_app
from bot.config import Settings, load_settings
from bot.domain.errors import ConfigError
from bot.domain.remote import RemoteStatus, RemoteVideo, SubmitSafety
from bot.video_apis import open_providers


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


class Recorder:
    """A video API that remembers which credentials it was sent."""

    def __init__(self) -> None:
        self.authorizations: list[str | None] = []
        self.urls: list[str] = []
        self.base_url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.authorizations.append(request.headers.get("api-key", request.headers.get("Authorization")))
        self.urls.append(request.path_qs)
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
        ({"azure_openai_endpoint": "API", "azure_openai_key": "azure-key"}, "azure-key"),
        (
            {
                "openai_base_url": "API",
                "openai_api_key": "openai-key",
                "azure_openai_endpoint": "https://elsewhere.example",
                "azure_openai_key": "azure-key",
            },
            "Bearer openai-key",
        ),
    ],
    ids=["ours", "the seeds' names", "a key of another address", "both", "azure", "azure last"],
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


async def test_models_profile_and_slots_are_taken_from_the_settings(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "data_dir": tmp_path / "data",
            "video_api_base_url": "https://api.example/v1",
            "video_api_profile": "preview",
            "video_api_models": "some-model, another",
            "video_api_slots": 5,
        }
    )
    async with open_providers(settings) as catalog:
        provider = catalog.default()
        assert [model.model for model in provider.models] == ["some-model", "another"]
        assert (provider.name, provider.slots) == ("default", 5)
        assert provider.submit_safety is SubmitSafety.KEY


async def test_azure_is_asked_as_its_own_names_say(tmp_path: Path, api: Recorder) -> None:
    settings = load_settings(
        {
            "data_dir": tmp_path / "data",
            "azure_openai_endpoint": f"{api.base_url.removesuffix('/v1')}/",
            "azure_openai_key": "azure-key",
            "azure_openai_api_version": "v7",
        }
    )
    async with open_providers(settings) as catalog:
        await catalog.default().poll("v")
    assert api.urls == ["/openai/v1/videos/v?api-version=v7"]


CARDS = """
[[provider]]
name = "first"
base_url = "{url}"
key_env = "FIRST_KEY"
"""


@pytest.mark.parametrize("named", [True, False], ids=["named", "where it is looked for"])
async def test_the_cards_file_comes_before_the_short_settings(
    tmp_path: Path, api: Recorder, named: bool
) -> None:
    file = tmp_path / ("cards.toml" if named else "providers.toml")
    file.write_text(CARDS.format(url=api.base_url))
    (tmp_path / ".env").write_text("FIRST_KEY=first-key\n")
    settings = load_settings(
        {"video_api_base_url": "https://short.example/v1", **({"providers_file": file} if named else {})}
    )
    async with open_providers(settings) as catalog:
        assert [provider.name for provider in catalog.all()] == ["first", "default"]
        await catalog.default().poll("v")
    assert api.authorizations == ["Bearer first-key"]


async def test_a_named_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read: No such file or directory"):
        async with open_providers(load_settings({"providers_file": tmp_path / "none.toml"})):
            pass


async def test_cards_can_be_left_out_where_they_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "providers.toml").write_text("broken")
    settings = load_settings({"data_dir": tmp_path / "data", "providers_file": None})
    async with open_providers(settings) as catalog:
        assert catalog.default().name == "preview"


async def test_a_running_bot_takes_changed_cards_over(tmp_path: Path, api: Recorder) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(CARDS.format(url=api.base_url).replace('key_env = "FIRST_KEY"\n', ""))
    async with open_app(load_settings({"data_dir": tmp_path / "data"})) as app, asyncio.timeout(60):
        assert app.catalog.default().name == "first"
        file.write_text(file.read_text().replace("first", "second"))
        while app.catalog.default().name != "second":
            await asyncio.sleep(0.05)
        gone = app.catalog.get("first")
        assert gone is not None
        assert (await gone.poll("v")).id == "v"


async def test_the_web_server_tells_how_the_bot_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.web")
    settings = load_settings({"data_dir": tmp_path / "data", "web_listen": "127.0.0.1:0"})
    async with open_app(settings), aiohttp.ClientSession() as session:
        url = next(line for line in caplog.messages if "health" in line).split()[-1]
        async with session.get(f"{url}/healthz") as answer:
            assert answer.status == 200
            assert (await answer.json())["database"] is True
        async with session.post(f"{url}/webhooks/preview", data=b"{}") as answer:
            assert answer.status == 404
