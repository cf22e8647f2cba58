"""Going on from a video in the sandbox: by command and button, through a kill -9, five hops far, joined."""

import asyncio
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import aiohttp
import av
import pytest

from bot.domain.origin import Origin, Relation
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.test_again_and_delete import delivered, sentence
from tests.e2e.test_processes import creates_of
from tests.e2e.test_remix import done, submit
from tests.media.test_good_frame import ends, likeness
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

HOPS = 5


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def go_on(who: Actor, short_id: str, prompt: str) -> Message:
    """Use the command and return the status message."""
    answer = await who.invoke("continue", id=short_id, prompt=prompt)
    assert answer.get("error") is None, answer
    return await who.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))


def seconds_of(video: Path) -> float:
    with av.open(str(video)) as container:
        return float(container.duration or 0) / av.time_base


async def kept(who: Actor, result: Message, path: Path) -> Path:
    await asyncio.to_thread(path.write_bytes, await who.download(result))
    return path


async def test_the_button_asks_what_happens_next_and_both_parts_are_joined(
    stage: Stage, tmp_path: Path
) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    _, result, first = await delivered(stage, alice)
    asked = await bob.click(result, "Continue")
    (field,) = asked["modal"]["components"]
    assert field["component"]["value"] == first.request.prompt
    second_result = await done(bob, await submit(bob, asked, "the boat tips over"))
    second = await stage.job(short_id_of(second_result))
    assert second.user_id == int(bob.user_id)
    assert second.origin == Origin(parent=first.id, relation=Relation.CONTINUATION)
    assert second.request.prompt == "the boat tips over"
    assert second.request.picture is not None

    answer = await alice.click(second_result, "Join with the part before")
    status = await alice.until(answer["message"]["id"], lambda message: bool(message["content"]))
    joined_result = await done(alice, status)
    joined = await stage.job(short_id_of(joined_result))
    assert joined.user_id == int(alice.user_id)
    assert joined.request.join is not None
    assert joined.request.join.sources == (first.id, second.id)
    whole = await kept(alice, joined_result, tmp_path / "whole.mp4")
    parts = [await kept(alice, found, tmp_path / f"{found['id']}.mp4") for found in (result, second_result)]
    assert abs(seconds_of(whole) - sum(map(seconds_of, parts))) < 0.1
    assert await stage.bought() == 2, "a join is not bought"

    # The whole goes on where its last part ends, and is then the part before.
    third = await done(bob, await go_on(bob, short_id_of(joined_result), "it sinks"))
    made = await stage.job(short_id_of(third))
    assert made.origin.parent == joined.id
    longer = await bob.click(third, "Join with the part before")
    longer_status = await bob.until(longer["message"]["id"], lambda message: bool(message["content"]))
    last = await stage.job(short_id_of(await done(bob, longer_status)))
    assert last.request.join is not None
    assert last.request.join.sources == (joined.id, made.id)


async def test_no_words_no_video_and_no_file_are_answered_in_words(stage: Stage) -> None:
    owner = stage.owner
    _, result, job = await delivered(stage, owner)
    answer = await owner.invoke("continue", id=job.short_id)
    assert answer["modal"]["title"] == f"What happens after {job.short_id}"
    assert "I know no video ZZZZZ" in await owner.refused("continue", id="ZZZZZ", prompt="x")
    assert "4, 8, 12" in (await owner.refused("continue", id=job.short_id, prompt="x", seconds=5))
    file = stage.tmp_path / "data" / (job.result_file or "")
    await asyncio.to_thread(file.unlink)
    assert "cannot be continued" in await owner.refused("continue", id=job.short_id, prompt="x")
    assert await stage.bought() == 1
    asked = await owner.click(result, "Continue")
    (field,) = asked["modal"]["components"]
    values = {field["component"]["custom_id"]: "next"}
    sent = await owner.call("POST", "submit", {"interaction_id": asked["interaction_id"], "values": values})
    assert sent.get("error") is None, sent

    async def told() -> Message | None:
        found = [
            m for m in await owner.messages() if m["flags"] & 64 and "cannot be continued" in m["content"]
        ]
        return found[1] if len(found) > 1 else None

    await owner.eventually(told)


async def test_who_may_not_use_commands_gets_no_form(stage: Stage) -> None:
    _, result, _ = await delivered(stage, stage.owner)
    visitor = await stage.owner.another("visitor", stranger=True)
    answer = await visitor.click(result, "Continue")
    assert "modal" not in answer
    assert "may not use commands" in (await sentence(visitor, answer))["content"]


async def test_each_part_begins_as_the_one_before_ends_and_five_keep_their_brightness(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = stage.owner
    _, result, job = await delivered(stage, owner, "A lighthouse on a cliff at golden hour, waves rolling in")
    parts = [await kept(owner, result, tmp_path / "0.mp4")]
    for hop in range(HOPS):
        result = await done(owner, await go_on(owner, short_id_of(result), f"the light turns, part {hop}"))
        parts.append(await kept(owner, result, tmp_path / f"{hop + 1}.mp4"))
    seen = [await asyncio.to_thread(ends, part) for part in parts]
    likenesses = [likeness(before[1], after[0]) for before, after in pairwise(seen)]
    drifts = [mean / seen[0][2] - 1 for _, _, mean in seen[1:]]
    with capsys.disabled():
        rows = " ".join(f"{ssim:.3f}/{drift:+.2%}" for ssim, drift in zip(likenesses, drifts, strict=True))
        sys.stdout.write(f"\n{HOPS} hops through the bot, SSIM/drift of brightness: {rows}\n")
    assert min(likenesses) > 0.9
    assert max(map(abs, drifts)) < 0.03
    assert await stage.bought() == HOPS + 1
    assert (await stage.job(short_id_of(result))).origin.parent != job.id


@pytest.mark.parametrize("by", ["command", "button"])
async def test_a_bot_killed_in_the_middle_of_a_next_part_finishes_it_with_one_create(
    by: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=1.0) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            first = await done(owner, await owner.video("a bridge in fog", seconds=4))
            if by == "command":
                status = await go_on(owner, short_id_of(first), "the fog lifts")
            else:
                status = await submit(owner, await owner.click(first, "Continue"), "the fog lifts")
            await owner.until(status["id"], lambda message: "🎨" in message["content"])
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            second = await done(owner, status)
            assert len(await creates_of(session, base_url)) == 2
            # The join is killed too: nothing of it is lost, and nothing bought.
            answer = await owner.click(second, "Join with the part before")
            joining = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            await done(owner, joining)
            assert len(await creates_of(session, base_url)) == 2
            assert len([m for m in await owner.messages() if m["attachments"]]) == 3
