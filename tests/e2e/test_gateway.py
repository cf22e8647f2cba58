"""A gateway that fails, and events that nobody can read, never end the process or a job."""

import asyncio

import discord
import pytest
import yarl

from bot.domain.errors import BotError, ConfigError
from bot.gateway import Gateway, log_in_patiently, pause
from bot.sandbox.events import Event
from tests.actor import Actor
from tests.e2e.conftest import Stage


async def online_again(stage: Stage, after: int) -> None:
    """Wait until another client than before is on the gateway."""
    async with asyncio.timeout(60):
        while stage.sandbox.sandbox.gateway.identified <= after or not stage.sandbox.sandbox.gateway.online:
            await asyncio.sleep(0.02)


@pytest.mark.pace(0.4)
async def test_an_event_that_cannot_be_read_costs_a_reconnect_and_no_job(stage: Stage) -> None:
    status = await stage.owner.video(seconds=4)
    before = stage.sandbox.sandbox.gateway.identified
    broken = Event(name="GUILD_CREATE", data={"id": "no number", "unavailable": False})
    stage.sandbox.sandbox.events.publish(broken)
    assert (await stage.owner.result_of(status))["attachments"], "the job did not even notice"
    await online_again(stage, before)
    assert (await stage.owner.result_of(await stage.owner.video(seconds=4)))["attachments"]


async def test_a_gateway_that_is_away_at_first_is_reached_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.stop_bot()
    socket = discord.gateway.DiscordWebSocket
    right = stage.settings()
    away = right.model_copy(update={"discord_gateway_url": "ws://127.0.0.1:9/"})
    monkeypatch.setattr(stage, "settings", lambda: away)
    starting = asyncio.create_task(stage.start_bot())
    async with asyncio.timeout(60):
        while "not connected to Discord" not in caplog.text:
            await asyncio.sleep(0.02)
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", yarl.URL(right.discord_gateway_url or ""))
    await starting
    assert (await stage.owner.result_of(await stage.owner.video(seconds=4)))["attachments"]


async def test_discord_may_be_away_at_the_start(stage: Stage) -> None:
    assert stage.app is not None
    await stage.stop_bot()
    wish = {"path": "/users/@me$", "status": 503, "times": 2}
    await stage.owner.call("POST", "faults", wish)
    await stage.start_bot()
    assert (await stage.owner.result_of(await stage.owner.video(seconds=4)))["attachments"]


async def test_a_refused_token_ends_it(stage: Stage) -> None:
    assert stage.app is not None
    with pytest.raises(ConfigError, match="refuses DISCORD_TOKEN"):
        await Gateway(stage.app.build_client).run("wrong")
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(ConfigError, match="refuses DISCORD_TOKEN"):
            await log_in_patiently(client, "wrong")


async def test_intents_that_discord_does_not_give_end_it(stage: Stage) -> None:
    app = stage.app
    assert app is not None

    def build() -> object:
        client = app.build_client()
        client._connection._intents = discord.Intents.all()
        return client

    with pytest.raises(BotError, match="for good"):
        await Gateway(build).run(stage.sandbox.token)  # type: ignore[arg-type]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_lost_reply_to_the_first_answer_is_made_good(stage: Stage, drop: str) -> None:
    person: Actor = stage.owner
    await person.call("POST", "faults", {"path": "/callback", "drop": drop})
    status = await person.video(seconds=4)
    assert (await person.result_of(status))["attachments"]
    messages = await person.messages()
    assert not [message for message in messages if message["flags"] & 128], "nothing thinks for ever"


def test_pauses_grow_to_what_discord_allows() -> None:
    spans = [pause(failures) for failures in range(12)]
    assert 0.5 <= spans[0] <= 1.0
    assert all(150 <= span <= 300 for span in spans[9:])
