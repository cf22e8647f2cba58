"""The whole bot: its health, a webhook for a card, and a callback from `/callback set` to the POST."""

import json
import re
import socket
import time
from collections.abc import Mapping

import aiohttp
import pytest

from bot.config import Settings, load_settings
from bot.domain.webhooks import Signed, WebhookSecret, check, sign
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage, stage

__all__ = ["stage"]  # pytest finds the fixture here

SECRET = WebhookSecret.parse("shared-with-the-gpu-box")
MANAGE_GUILD = str(1 << 5)
CARDS = """
[[provider]]
name = "gpu-box"
base_url = "{base_url}"
profile = "preview"
webhook_secret_env = "GPU_BOX_WEBHOOK"
"""


class Program:
    """What stands behind the server's address, without a network: the last step is another test's."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, bytes, dict[str, str]]] = []

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        self.posts.append((url, body, dict(headers)))
        return 204


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
async def with_web(stage: Stage, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Start the bot again, with a card that sends webhooks and with the web server."""
    await stage.stop_bot()
    cards = stage.tmp_path / "cards.toml"
    cards.write_text(CARDS.format(base_url=stage.base_url), encoding="utf-8")
    monkeypatch.setenv("GPU_BOX_WEBHOOK", SECRET.raw.decode())
    plain = stage.settings

    def settings() -> Settings:
        kept = {name: getattr(plain(), name) for name in ("discord_token", "data_dir")}
        addresses = {name: getattr(plain(), name) for name in ("discord_api_url", "discord_gateway_url")}
        own = {"providers_file": cards, "web_listen": f"127.0.0.1:{free_port}"}
        return load_settings({**kept, **addresses, **own})

    monkeypatch.setattr(stage, "settings", settings)
    await stage.start_bot()
    return stage


async def answer_to(keeper: Actor, command: str, **options: str) -> Message:
    """Use a command and return its private answer."""
    answer = await keeper.invoke(f"callback {command}", **options)
    assert answer.get("error") is None, answer
    said = await keeper.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))
    assert said["flags"] & 64
    return said


async def test_the_health_and_the_webhooks_of_a_running_bot(with_web: Stage, free_port: int) -> None:
    body = b'{"type":"video.completed","data":{"id":"video_unknown"}}'
    async with aiohttp.ClientSession(f"http://127.0.0.1:{free_port}") as http:
        async with http.get("/healthz") as response:
            health = await response.json()
        assert (response.status, health["ok"], health["gateway"]) == (200, True, True)
        headers = dict(sign(SECRET, delivery="m1", now=int(time.time()), body=body))
        for path, sent, status in (
            ("gpu-box", headers, 204),
            ("gpu-box", {**headers, "webhook-id": "m2"}, 401),
            ("another", headers, 404),
        ):
            async with http.post(f"/webhooks/{path}", data=body, headers=sent) as response:
                assert response.status == status


async def test_a_delivered_video_is_told_to_the_servers_program(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program()
    await stage.stop_bot()
    monkeypatch.setattr("bot.app.PublicPost", lambda: program)
    await stage.start_bot()
    keeper = await stage.owner.another("keeper", permissions=MANAGE_GUILD)
    said = await answer_to(keeper, "set", url="https://program.test/hook")
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", said["content"])
    status = await stage.owner.video("a red fox in snow", seconds=4)

    async def told() -> bool | None:
        return bool(program.posts) or None

    await stage.owner.eventually(told, lambda: "the callback")
    [(url, body, headers)] = program.posts
    assert url == "https://program.test/hook"
    now = int(headers["webhook-timestamp"])
    assert isinstance(check(headers, body, WebhookSecret.parse(secret), now=now), Signed)
    event = json.loads(body)
    assert event["type"] == "video.delivered"
    assert event["data"]["id"] == short_id_of(status)
    job = await stage.job(short_id_of(status))
    assert event["data"]["message_url"].endswith(f"/{job.result_message_id}")


async def test_an_address_at_home_is_never_asked(stage: Stage, free_port: int) -> None:
    keeper = await stage.owner.another("keeper", permissions=MANAGE_GUILD)
    await answer_to(keeper, "set", url=f"https://127.0.0.1:{free_port}/")
    assert "private network" in (await answer_to(keeper, "test"))["content"]


async def test_a_member_may_not_set_it(stage: Stage) -> None:
    answer = await stage.owner.invoke("callback off")
    assert "permissions" in answer["error"]
