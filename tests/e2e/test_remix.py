"""Remixing in the sandbox: by button and command, through a kill -9, and the family that comes of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.origin import Origin, Relation
from bot.domain.video import Source, SourceUse
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.test_again_and_delete import delivered, sentence
from tests.e2e.test_processes import creates_of
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def submit(who: Actor, answer: dict[str, Any], words: str) -> Message:
    """Send the form that a press or command has opened, and return the status message."""
    (field,) = answer["modal"]["components"]
    values = {field["component"]["custom_id"]: words}
    sent = await who.call("POST", "submit", {"interaction_id": answer["interaction_id"], "values": values})
    assert sent.get("error") is None, sent
    return await who.until(str(sent["message"]["id"]), lambda message: bool(message["content"]))


async def done(who: Actor, status: Message) -> Message:
    """Wait for the video of a status message."""
    result = await who.result_of(status)
    await who.until(status["id"], lambda message: "✅" in message["content"])
    return result


async def newest(who: Actor, text: str) -> Message:
    """Wait for the newest private message with this text."""

    async def look() -> Message | None:
        found = [m for m in await who.messages() if m["flags"] & 64 and text in m["content"]]
        return found[-1] if found else None

    return await who.eventually(look, lambda: text)


async def test_another_member_remixes_by_the_button(stage: Stage) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    _, result, parent = await delivered(stage, alice)
    asked = await bob.click(result, "Remix")
    (field,) = asked["modal"]["components"]
    assert field["component"]["value"] == parent.request.prompt
    job = await stage.job(short_id_of(await done(bob, await submit(bob, asked, "a paper plane"))))
    assert job.user_id == int(bob.user_id)
    assert job.origin == Origin(parent=parent.id, relation=Relation.REMIX)
    assert job.request.prompt == "a paper plane"
    assert (job.request.size, job.request.seconds) == (parent.request.size, parent.request.seconds)
    assert job.request.source == Source(use=SourceUse.REMIX, remote_id=parent.remote_id or "")


async def test_the_command_suggests_and_remixes_and_details_name_the_parent(stage: Stage) -> None:
    owner = stage.owner
    _, _, parent = await delivered(stage, owner)
    wish = {"command": "remix", "option": "id", "value": "boat", "user_id": owner.user_id}
    choices = await owner.call("POST", "autocomplete", wish | {"channel_id": owner.world["channel_id"]})
    assert [choice["value"] for choice in choices] == [parent.short_id]
    answer = await owner.invoke("remix", id=parent.short_id, prompt="a paper plane")
    status = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    result = await done(owner, status)
    details = await sentence(owner, await owner.click(result, "Details"))
    assert "> a paper plane" in details["content"]
    assert f"**Made from** [{parent.short_id}](https://discord.com/channels/" in details["content"]
    original = await sentence(owner, await owner.click(details, "Original"))
    assert "The posted video is the original" in original["content"]


async def test_who_may_not_use_commands_gets_no_form(stage: Stage) -> None:
    _, result, _ = await delivered(stage, stage.owner)
    visitor = await stage.owner.another("visitor", stranger=True)
    answer = await visitor.click(result, "Remix")
    assert "modal" not in answer
    assert "may not use commands" in (await sentence(visitor, answer))["content"]


async def test_the_family_of_again_and_remix_is_shown_with_links_and_a_picture(stage: Stage) -> None:
    owner = stage.owner
    _, first_result, first = await delivered(stage, owner)
    answer = await owner.click(first_result, "Again")
    again_status = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    again_result = await done(owner, again_status)
    remix_result = await done(
        owner, await submit(owner, await owner.click(again_result, "Remix"), "a paper plane")
    )
    results = (first_result, again_result, remix_result)
    ids = [short_id_of(result) for result in results]
    await owner.invoke("lineage", id=ids[1])
    shown = await newest(owner, "The family of")
    channel = f"https://discord.com/channels/{owner.world['guild_id']}/{owner.world['channel_id']}"
    links = [f"[{name}]({channel}/{result['id']})" for name, result in zip(ids, results, strict=True)]
    assert shown["content"].splitlines() == [
        f"🌳 The family of **{ids[1]}**: 3 videos",
        f"✅ {links[0]} · a paper boat",
        f"↳ ✅ **{links[1]}** · *the same again*",
        f"\u2003↳ ✅ {links[2]} · *remix* · a paper plane",
    ]

    async def picture() -> Message | None:
        found = [m for m in await owner.messages() if m["flags"] & 64 and m["attachments"]]
        return found[-1] if found else None

    drawn = await owner.eventually(picture, lambda: "the picture")
    assert drawn["attachments"][0]["filename"] == f"family-{ids[1]}.jpg"
    assert (await owner.download(drawn)).startswith(b"\xff\xd8")

    details = await sentence(owner, await owner.click(remix_result, "Details"))
    await owner.click(details, "Family")
    assert first.short_id in (await newest(owner, f"The family of **{ids[2]}**"))["content"]


async def test_a_bot_killed_in_the_middle_of_a_remix_finishes_it_with_one_create(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=1.0) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            result = await done(owner, await owner.video("a bridge in fog", seconds=4))
            status = await submit(owner, await owner.click(result, "Remix"), "a bridge in rain")
            await owner.until(status["id"], lambda message: "🎨" in message["content"])
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            remixed = await done(owner, status)
            details = await sentence(owner, await owner.click(remixed, "Details"))
            assert "> a bridge in rain" in details["content"]
            assert f"**Made from** [{short_id_of(result)}](" in details["content"]
        assert len(await creates_of(session, base_url)) == 2
        assert len([m for m in await owner.messages() if m["attachments"]]) == 2
