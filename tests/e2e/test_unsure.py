"""An order whose reply was lost: nobody knows what it cost, and a person decides with two buttons."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.config import Settings
from bot.domain.states import JobState
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.lossy_api import LossyApi

MANAGE_SERVER = str(1 << 5)
MANAGE_MESSAGES = str(1 << 13)


@pytest.fixture
async def api(stage: Stage) -> AsyncIterator[LossyApi]:
    """Let the bot use an API that can neither be asked with a key nor be trusted to list what it made."""
    async with LossyApi(stage.base_url) as api:
        usual = stage.settings

        def settings() -> Settings:
            changes = {"video_api_base_url": api.base_url, "video_api_profile": "openai"}
            return usual().model_copy(update=changes)

        stage.settings = settings  # type: ignore[method-assign]  # one setting differs
        await stage.stop_bot()
        await stage.start_bot()
        yield api
        await stage.stop_bot()


@pytest.fixture
async def alice(stage: Stage, api: LossyApi) -> Actor:
    return await stage.owner.another("alice")


@pytest.fixture
async def status(alice: Actor) -> Message:
    """The message of an order that may have been charged."""
    asked = await alice.video("a kite", seconds=4)
    return await alice.until(asked["id"], lambda message: "⚠️" in message["content"])


async def bot_owner(stage: Stage) -> Actor:
    world = await stage.owner.call("GET", "world")
    return stage.owner.known(world["guild"]["owner_id"])


async def test_the_message_says_that_it_may_have_been_charged(stage: Stage, status: Message) -> None:
    assert "may have been charged" in status["content"]
    labels = [button["label"] for row in status["components"] for button in row["components"]]
    assert labels == ["Try again anyway", "Give up"]
    assert await stage.bought() == 1


async def test_neither_the_author_nor_a_moderator_decides_about_money(
    stage: Stage, alice: Actor, status: Message
) -> None:
    moderator = await stage.owner.another("moderator", permissions=MANAGE_MESSAGES)
    for who in (alice, moderator):
        for label in ("Try again anyway", "Give up"):
            assert "only the owner of this bot, or a member who may manage the server" in await who.press(
                status, label
            )
    assert "decides with the buttons" in await alice.refused("cancel", id=short_id_of(status))
    assert (await stage.job(short_id_of(status))).state is JobState.UNSURE
    assert await stage.bought() == 1


async def test_who_manages_the_server_may_order_it_again_also_after_a_restart(
    stage: Stage, alice: Actor, status: Message
) -> None:
    await stage.stop_bot()
    await stage.start_bot()
    manager = await stage.owner.another("manager", permissions=MANAGE_SERVER)
    answers = await asyncio.gather(*(manager.press(status, "Try again anyway") for _ in range(3)))
    assert sorted("in line again" in answer for answer in answers) == [False, False, True]
    assert sorted("has moved on meanwhile" in answer for answer in answers) == [False, True, True]
    await alice.result_of(status)
    job = await stage.job(short_id_of(status))
    assert await stage.bought() == 2, "as the person said, and once only"
    assert stage.app is not None
    notes = [event.note for event in await stage.app.store.history(job.id)]
    assert f"try again anyway, said {manager.user_id}" in notes


async def test_the_owner_of_the_bot_gives_up(stage: Stage, alice: Actor, status: Message) -> None:
    owner = await bot_owner(stage)
    assert "is given up" in await owner.press(status, "Give up")
    ended = await alice.until(status["id"], lambda message: "❌" in message["content"])
    assert "may have been charged" in ended["content"]
    assert "costs again" in ended["content"]
    answer = await alice.click(ended, "Again")
    again = await alice.until(answer["message"]["id"], lambda message: bool(message["content"]))
    await alice.result_of(again)
    assert (await stage.job(short_id_of(status))).state is JobState.FAILED


async def test_where_the_message_is_deleted_show_has_its_buttons(
    stage: Stage, alice: Actor, status: Message
) -> None:
    await stage.owner.call("DELETE", f"messages/{status['id']}")
    manager = await stage.owner.another("manager", permissions=MANAGE_SERVER)
    answer = await manager.invoke("show", id=short_id_of(status))
    shown = await manager.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert "is given up" in await manager.press(shown, "Give up")
    assert (await stage.job(short_id_of(status))).state is JobState.FAILED


async def test_in_direct_messages_only_the_owner_of_the_bot_decides(
    stage: Stage, api: LossyApi, alice: Actor
) -> None:
    for who, may in ((alice, False), (await bot_owner(stage), True)):
        api.lost = 1
        person = await who.in_private()
        asked = await person.video("a secret kite", seconds=4)
        status = await person.until(asked["id"], lambda message: "⚠️" in message["content"])
        assert ("is given up" in await person.press(status, "Give up")) is may


async def test_an_unsure_job_keeps_its_slot_until_somebody_decides(
    stage: Stage, api: LossyApi, alice: Actor, status: Message
) -> None:
    api.lost = 1
    second = await alice.video("another kite", seconds=4)
    await alice.until(second["id"], lambda message: "⚠️" in message["content"])
    third = await alice.video("no kite", seconds=4)
    assert "in line" in third["content"]
    await (await bot_owner(stage)).press(status, "Give up")
    await alice.result_of(third)
