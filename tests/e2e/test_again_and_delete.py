"""The buttons under a delivered video: for the author, strangers and moderators, twice, after a restart."""

import asyncio
import io

import aiohttp
from PIL import Image

from bot.domain.job import Job
from bot.domain.states import JobState
from cogs.buttons.views import MAKING
from tests.actor import Actor, Message, picture_option, short_id_of
from tests.e2e.conftest import Stage

MANAGE_MESSAGES = str(1 << 13)


async def delivered(stage: Stage, who: Actor, prompt: str = "a paper boat") -> tuple[Message, Message, Job]:
    status = await who.video(prompt, seconds=4)
    result = await who.result_of(status)
    status = await who.until(status["id"], lambda message: "✅" in message["content"])
    return status, result, await stage.job(short_id_of(result))


async def sentence(who: Actor, answer: dict[str, object]) -> Message:
    """Return the private answer to a press once it says something."""
    assert answer.get("error") is None, answer
    message = answer["message"]
    assert isinstance(message, dict)
    return await who.until(str(message["id"]), lambda message: bool(message["content"]))


async def test_the_rows_are_in_the_order_that_is_one_everywhere(stage: Stage) -> None:
    _, result, job = await delivered(stage, stage.owner)
    ids = [[button["custom_id"] for button in row["components"]] for row in result["components"]]
    making, keeping = ids
    assert making == [f"reelbot:{entry.verb}:{job.short_id}" for entry in MAKING]
    assert keeping == [f"reelbot:{verb}:{job.short_id}" for verb in ("details", "rate", "original", "delete")]


async def test_anybody_asks_for_the_same_again_as_their_own(stage: Stage) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    _, result, first = await delivered(stage, alice)
    await stage.stop_bot()
    await stage.start_bot()
    answer = await bob.click(result, "Again")
    status = await bob.until(answer["message"]["id"], lambda message: bool(message["content"]))
    second = await stage.job(short_id_of(await bob.result_of(status)))
    assert second.user_id == int(bob.user_id)
    assert (second.request.prompt, second.request.size) == (first.request.prompt, first.request.size)
    assert second.request.seed is not None
    assert second.request.seed != first.request.seed
    assert second.remote_id != first.remote_id


async def test_each_press_of_again_is_a_job_of_its_own(stage: Stage) -> None:
    _, result, _ = await delivered(stage, stage.owner)
    answers = await asyncio.gather(*(stage.owner.click(result, "Again") for _ in range(2)))
    statuses = [await stage.owner.message(answer["message"]["id"]) for answer in answers]
    results = [await stage.owner.result_of(status) for status in statuses if status is not None]
    assert len({short_id_of(message) for message in results}) == 2


async def test_who_may_not_use_commands_is_told(stage: Stage) -> None:
    _, result, _ = await delivered(stage, stage.owner)
    visitor = await stage.owner.another("visitor", stranger=True)
    text = (await sentence(visitor, await visitor.click(result, "Again")))["content"]
    assert "may not use commands" in text


async def test_a_picture_is_used_again(stage: Stage) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(picture, "PNG")
    image = picture_option(picture.getvalue())
    status = await stage.owner.video("it moves", seconds=4, image=image)
    result = await stage.owner.result_of(status)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    answer = await stage.owner.click(result, "Again")
    again = await stage.owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    job = await stage.job(short_id_of(await stage.owner.result_of(again)))
    first = await stage.job(short_id_of(result))
    assert job.request.picture is not None
    assert job.request.picture != first.request.picture

    (stage.tmp_path / "data" / str(first.request.picture)).unlink()
    answer = await stage.owner.click(result, "Again")

    async def refusal() -> bool | None:
        texts = [message["content"] for message in await stage.owner.messages()]
        return any("picture of this video is no longer kept" in text for text in texts) or None

    await stage.owner.eventually(refusal, lambda: "the refusal")
    assert await stage.owner.message(answer["message"]["id"]) is None, "the public thinking is gone"


async def test_delete_asks_once_and_takes_everything_but_the_row(stage: Stage) -> None:
    alice = await stage.owner.another("alice")
    status, result, job = await delivered(stage, alice)
    kept = stage.tmp_path / "data" / str(job.result_file)
    assert kept.exists()
    question = await sentence(alice, await alice.click(result, "Delete"))
    assert question["flags"] & 64
    await stage.stop_bot()
    await stage.start_bot()
    await alice.click(question, "Yes, delete it")
    answer = await alice.until(question["id"], lambda message: "is deleted" in message["content"])
    assert answer["components"] == []
    assert await alice.message(result["id"]) is None
    assert await alice.message(status["id"]) is None
    assert not kept.exists()
    job = await stage.job(job.short_id)
    assert job.state is JobState.DELIVERED
    assert job.remote_id is not None
    assert "deleted since" in await alice.refused("show", id=job.short_id)
    assert stage.app is not None
    last = (await stage.app.store.history(job.id))[-1]
    assert last.note == f"deleted, said {alice.user_id}"


async def test_a_stranger_may_not_delete_and_a_moderator_may(stage: Stage) -> None:
    alice, stranger = await stage.owner.another("alice"), await stage.owner.another("stranger")
    _, result, _ = await delivered(stage, alice)
    refusal = await sentence(stranger, await stranger.click(result, "Delete"))
    assert "Only the person who asked" in refusal["content"]
    assert refusal["components"] == []
    moderator = await stage.owner.another("moderator", permissions=MANAGE_MESSAGES)
    question = await sentence(moderator, await moderator.click(result, "Delete"))
    await moderator.click(question, "Yes, delete it")
    await moderator.until(question["id"], lambda message: "is deleted" in message["content"])
    assert await stage.owner.message(result["id"]) is None


async def test_two_who_delete_at_once_both_read_how_it_is(stage: Stage) -> None:
    _, result, _ = await delivered(stage, stage.owner)
    moderator = await stage.owner.another("moderator", permissions=MANAGE_MESSAGES)
    people = (stage.owner, moderator)
    questions = [await sentence(who, await who.click(result, "Delete")) for who in people]
    for who, question in zip(people, questions, strict=True):
        await who.click(question, "Yes, delete it")
    await stage.owner.until(questions[0]["id"], lambda message: "is deleted" in message["content"])

    async def look() -> bool | None:
        texts = [message["content"] for message in await moderator.messages()]
        return any("has moved on meanwhile" in text for text in texts) or None

    await stage.owner.eventually(look, lambda: "the second answer")


async def test_a_button_of_another_version_and_an_unknown_id_answer_in_words(stage: Stage) -> None:
    _, _, job = await delivered(stage, stage.owner)
    channel, token = stage.owner.world["channel_id"], stage.sandbox.token
    buttons = [("juggle", job.short_id, "not known"), ("delete", "ZZZZZ", "no video")]
    row = [
        {"type": 2, "style": 2, "label": label, "custom_id": f"reelbot:{verb}:{short}"}
        for verb, short, label in buttons
    ]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}) as session:
        url = f"{stage.sandbox.discord_api_url}/channels/{channel}/messages"
        body = {"content": "old", "components": [{"type": 1, "components": row}]}
        async with session.post(url, json=body) as response:
            old = await response.json()
    unknown = await sentence(stage.owner, await stage.owner.click(old, "not known"))
    assert "no longer know this button" in unknown["content"]
    missing = await sentence(stage.owner, await stage.owner.click(old, "no video"))
    assert "I know no video ZZZZZ" in missing["content"]
