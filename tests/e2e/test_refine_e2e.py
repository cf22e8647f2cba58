"""`/refine` in the sandbox: rounds are rated until one is good, and nothing is ordered unasked."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.actor import Actor, Message
from tests.e2e.conftest import Stage
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

CRITERIA = ("visual-quality", "prompt-adherence", "consistency", "narrative")

CARD = """
[[provider]]
name = "preview"
base_url = "{base_url}"
profile = "preview"

[[provider.model]]
name = "preview"
price_per_second = 0.1
"""


async def propose(owner: Actor, **options: Any) -> Message:
    """Ask for a refinement and return the private proposal."""
    answer = await owner.invoke("refine", prompt="a red fox in snow", seconds=4, **options)
    assert answer.get("error") is None, answer
    shown = await owner.until(answer["message"]["id"], lambda message: bool(message["components"]))
    assert shown["flags"] & 64
    return shown


async def begin(owner: Actor, **options: Any) -> str:
    """Start a refinement and return the id of its message."""
    pressed = await owner.click(await propose(owner, **options), "Start")
    assert pressed.get("error") is None, pressed
    return str(pressed["message"]["id"])


async def rate(owner: Actor, message_id: str, number: int, *scores: int, comment: str = "") -> Message:
    """Wait for a round, rate it, and return the private answer."""
    board = await owner.until(message_id, has_button(f"Rate round {number}"))
    opened = await owner.click(board, f"Rate round {number}")
    assert opened.get("error") is None, opened
    return await send(owner, opened["interaction_id"], scores, comment)


async def send(owner: Actor, interaction_id: str, scores: tuple[int, ...], comment: str = "") -> Message:
    """Send the form of a rating, one score for all criteria or four, and return the private answer."""
    four = scores * 4 if len(scores) == 1 else scores
    values: dict[str, Any] = {name: [str(score)] for name, score in zip(CRITERIA, four, strict=True)}
    body = {
        "interaction_id": interaction_id,
        "values": values | {"comment": comment},
        "user_id": owner.user_id,
    }
    answer = await owner.call("POST", "submit", body)
    assert answer.get("error") is None, answer
    told = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert told["flags"] & 64
    return told


def has_button(label: str) -> Any:
    """Say whether a message has a button of this label."""
    return lambda message: any(
        (button.get("label") or "").endswith(label)
        for row in message["components"]
        for button in row["components"]
    )


def says(*parts: str) -> Any:
    """Say whether a message has all of these parts."""
    return lambda message: all(part in message["content"] for part in parts)


async def told_privately(owner: Actor, part: str) -> Message | None:
    """Find a private message that says so."""
    found = [m for m in await owner.messages() if m["flags"] & 64 and part in m["content"]]
    return found[0] if found else None


async def order(owner: Actor, words: Message, number: int) -> None:
    """Press Render under the words that wait."""
    pressed = await owner.click(words, f"Render round {number}")
    assert pressed.get("error") is None, pressed
    await owner.until(words["id"], says(f"Round {number} is ordered"))


async def test_three_rounds_of_5_7_and_9_stop_with_the_third_as_the_best(stage: Stage) -> None:
    owner = stage.owner
    proposal = await propose(owner)
    assert "At most 4 rounds: 16 s" in proposal["content"]
    assert "One round: 4 s" in proposal["content"]
    assert await stage.bought() == 0
    pressed = await owner.click(proposal, "Start")
    board_id = pressed["message"]["id"]

    words = await rate(owner, board_id, 1, 4, 8, 4, 4)
    assert "**5** of 10" in words["content"]
    assert "changed the words for **visual quality, consistency, narrative**" in words["content"]
    before, after = words["embeds"]
    assert before["description"] == "a red fox in snow"
    assert after["description"].startswith("a red fox in snow. Sharp focus on the subject")
    waiting = await owner.until(board_id, says("words for round 2 wait", "⭐ 5 ", "Still possible: 3 rounds"))
    assert has_button("Words of round 2")(waiting)
    assert await stage.bought() == 1, "nothing is ordered without the author's press"

    await order(owner, words, 2)
    words = await rate(owner, board_id, 2, 8, 6, 7, 7)
    assert "changed the words for **prompt adherence**" in words["content"]
    assert "Everything described here is clearly visible" in words["embeds"][1]["description"]
    await order(owner, words, 3)
    told = await rate(owner, board_id, 3, 9)
    assert "Good enough" in told["content"]
    assert "best is round 3 with 9 of 10" in told["content"]
    ended = await owner.until(board_id, says("Good enough", "best is round 3", "⭐ 7 ", "⭐ 9 "))
    assert ended["components"] == []
    assert "`2` ✅ for visual quality, consistency, narrative" in ended["content"]
    assert "`3` ✅ for prompt adherence" in ended["content"]
    assert await stage.bought() == 3
    videos = [message for message in await owner.messages() if message["attachments"]]
    assert [f"Round {number} is ready" in video["content"] for number, video in enumerate(videos, 1)] == [
        True,
        True,
        True,
    ]
    assert videos[2]["id"] in ended["content"], "the best is linked"


async def test_a_bot_killed_in_the_middle_of_round_two_goes_on_and_orders_nothing_twice(
    tmp_path: Path,
) -> None:
    async with (
        sandbox_process(tmp_path) as world,
        preview_process(tmp_path, pace=3.0) as base_url,
        aiohttp.ClientSession() as session,
    ):
        (tmp_path / "providers.toml").write_text(CARD.format(base_url=base_url))
        settings = bot_settings(world, base_url, tmp_path / "data") | {"PROVIDERS_FILE": "providers.toml"}
        del settings["VIDEO_API_BASE_URL"], settings["VIDEO_API_PROFILE"]
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            proposal = await propose(owner)
            assert "One round: 4 s · about $0.40" in proposal["content"]
            assert "At most 4 rounds: 16 s · about $1.60" in proposal["content"]
            board_id = (await owner.click(proposal, "Start"))["message"]["id"]
            words = await rate(owner, board_id, 1, 5)
            assert "4 s · about $0.40" in words["content"]
            left = await owner.until(board_id, has_button("Words of round 2"))
            assert "Still possible: 3 rounds, 12 s · about $1.20" in left["content"]
            await order(owner, words, 2)
            await owner.until(board_id, says("`2` ⏳", "%"))
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            board = await owner.until(board_id, has_button("Rate round 2"))
            opened = await owner.click(board, "Rate round 2")
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            await owner.bot_online()
            words = await send(owner, opened["interaction_id"], (6, 8, 7, 7))
            assert "changed the words for **visual quality**" in words["content"]
            await order(owner, words, 3)
            await rate(owner, board_id, 3, 9)
            await owner.until(board_id, says("best is round 3 with 9 of 10"))
        async with session.get(f"{base_url}/videos", params={"limit": "100"}) as response:
            created = (await response.json())["data"]
    assert len(created) == 3


async def test_the_channel_votes_and_the_author_closes_the_vote(stage: Stage) -> None:
    owner = stage.owner
    friend = await owner.another("friend")
    board_id = await begin(owner, judge="channel", rounds=2)
    told = await rate(friend, board_id, 1, 2)
    assert "stands at 2 of 10 by 1 rating" in told["content"]
    await rate(friend, board_id, 1, 4)
    told = await rate(owner, board_id, 1, 7)
    assert "stands at 5.5 of 10 by 2 ratings" in told["content"], "the last one of each counts"
    board = await owner.until(board_id, says("5.5 of 10 by 2 ratings so far"))
    assert "Only the author decides" in await friend.press(board, "Go on")
    answer = await owner.click(board, "Go on")
    words = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert "**5.5** of 10" in words["content"]
    board = await owner.until(board_id, says("words for round 2 wait"))
    assert not has_button("Rate round 1")(board), "the vote is closed"
    await order(owner, words, 2)
    await rate(friend, board_id, 2, 5)
    await rate(owner, board_id, 2, 6)
    board = await owner.until(board_id, says("by 2 ratings so far"))
    answer = await owner.click(board, "Go on")
    told = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert "All 2 rounds are made" in told["content"]
    assert "best is round 1 with 5.5 of 10" in told["content"], "of two that are alike, the earlier"
    await owner.until(board_id, says("All 2 rounds are made"))
    assert await stage.bought() == 2


async def test_words_are_edited_and_old_ones_order_nothing(stage: Stage) -> None:
    owner = stage.owner
    board_id = await begin(owner)
    old = await rate(owner, board_id, 1, 3)
    new = await rate(owner, board_id, 1, 9, 5, 9, 8, comment="the fox must run")
    assert "**7.75** of 10" in new["content"]
    assert "error" not in await owner.click(old, "Render round 2")
    await owner.eventually(lambda: told_privately(owner, "These words are past"))
    opened = await owner.click(new, "Edit")
    body = {
        "interaction_id": opened["interaction_id"],
        "values": {"words": "a red fox runs through snow"},
        "user_id": owner.user_id,
    }
    sent = await owner.call("POST", "submit", body)
    assert sent.get("error") is None, sent
    edited = await owner.until(new["id"], says("Your own words"))
    assert edited["embeds"][1]["description"] == "a red fox runs through snow"
    stranger = await owner.another("stranger")
    board = await owner.until(board_id, has_button("Words of round 2"))
    assert "Only the author rates" in await stranger.press(board, "Rate round 1")
    assert await stage.bought() == 1
    await order(owner, edited, 2)
    await owner.until(board_id, has_button("Rate round 2"))
    videos, _ = await stage.preview.videos.page(after=None, limit=100, newest_first=True)
    assert videos[0].body()["prompt"] == "a red fox runs through snow"
    board = await owner.until(board_id, has_button("Stop here"))
    assert "Nothing more is ordered" in await owner.press(board, "Stop here")
    await owner.until(board_id, says("Stopped.", "best is round 1 with 7.75 of 10"))
    assert await stage.bought() == 2


async def test_a_round_is_ordered_once_however_often_it_is_pressed(stage: Stage) -> None:
    owner = stage.owner
    board_id = await begin(owner)
    words = await rate(owner, board_id, 1, 5)
    await asyncio.gather(*(owner.click(words, "Render round 2") for _ in range(3)))
    await owner.until(board_id, has_button("Rate round 2"))
    assert await stage.bought() == 2
