"""`/history` and `/gallery` in the sandbox: real videos on a sheet, and buttons that outlive a restart."""

import io
from typing import Any

import aiohttp
from PIL import Image

from bot.domain.states import JobState
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.factories import NOW, make_job, make_place, make_request


async def asked(who: Actor, command: str, **options: Any) -> Message:
    """Use a command and wait for its page."""
    answer = await who.invoke(command, **options)
    assert answer.get("error") is None, answer
    return await who.until(str(answer["message"]["id"]), lambda message: bool(message["embeds"]))


async def picture_of(message: Message) -> Image.Image:
    """Return the picture that a message shows."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(message["embeds"][0]["image"]["url"]) as response,
    ):
        return Image.open(io.BytesIO(await response.read()))


async def test_pages_and_their_buttons_outlive_a_restart(stage: Stage) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    ids = []
    for prompt in ("a paper boat", "雪中的狐狸"):
        status = await alice.video(prompt, seconds=4)
        ids.append(short_id_of(await alice.result_of(status)))
        await alice.until(status["id"], lambda message: "✅" in message["content"])
    assert stage.app is not None
    known = await stage.job(ids[0])
    for number in range(9):  # older ones, without files
        job = make_job(
            id=str(number + 1),
            user_id=int(alice.user_id),
            provider=known.provider,
            place=make_place(channel_id=known.place.channel_id, guild_id=known.place.guild_id),
            request=make_request(prompt=f"older {number}"),
            created_at=NOW - 400 * 86_400_000 + number,
            state=JobState.DELIVERED,
            result_message_id=number + 1,
        )
        await stage.app.store.add(job)

    page = await asked(bob, "gallery")
    assert page["flags"] & 64
    text = page["embeds"][0]["description"]
    assert text.startswith("**1** · 雪中的狐狸\n")
    assert f"[{ids[1]}](https://discord.com/channels/{known.place.guild_id}/" in text
    sheet = await picture_of(page)
    assert sheet.format == "JPEG"
    assert sheet.width > 800

    await stage.stop_bot()
    await stage.start_bot()
    await bob.click(page, "Older ▶")
    second = await bob.until(
        page["id"], lambda message: "**1** · older 1\n" in message["embeds"][0]["description"]
    )
    assert "image" not in second["embeds"][0], "nothing is kept of these"
    await bob.click(second, "◀ Newer")
    first = await bob.until(page["id"], lambda message: "雪中的狐狸" in message["embeds"][0]["description"])
    answer = await bob.click(first, "1")
    opened = await bob.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))
    assert "雪中的狐狸" in opened["content"]
    answer = await bob.click(opened, "Again")
    again = await bob.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))
    job = await stage.job(short_id_of(await bob.result_of(again)))
    assert (job.user_id, job.request.prompt) == (int(bob.user_id), "雪中的狐狸")

    found = await asked(alice, "history", search="BOAT")
    assert found["embeds"][0]["description"].startswith("**1** · a paper boat\n")
    assert "狐狸" not in found["embeds"][0]["description"]
