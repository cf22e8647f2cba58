"""Thirty members rate forty videos in every style: in the end the table is what the messages show."""

import asyncio
import random
import sqlite3
import time

import pytest

from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs import ratings
from tests.e2e.conftest import Stage
from tests.e2e.crowd import GOLD, OWN, SCALES, Crowd

MEMBERS, BOTS, VIDEOS = 30, 2, 40
MORE_THAN_A_PAGE = 110
"""Discord names a hundred people who gave an emoji at once."""
AUTHORS = 10
"""The first so many members behind the steady ones have asked for the videos."""


async def test_the_table_equals_the_messages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "PAUSE_SECONDS", 0.0)
    owner, sandbox = stage.owner, stage.sandbox.sandbox
    await owner.call("POST", "limits", {"enabled": False})
    keeper = await owner.another("keeper", permissions=["manage_guild"])
    members = [(await owner.another(f"member{number}")).user_id for number in range(MEMBERS)]
    bots = [(await owner.another(f"bot{number}", bot=True)).user_id for number in range(BOTS)]
    crowd = Crowd(sandbox=sandbox, members=members, bots=bots, rng=random.Random(7))
    authors = {}

    async def post(count: int) -> list[str]:
        new = [await video(stage, members[5 + number % AUTHORS]) for number in range(count)]
        for job in new:
            assert job.result is not None
            authors[str(job.result.message_id)] = str(job.user_id)
        posted = [str(job.result.message_id) for job in new if job.result is not None]
        for message_id in posted:
            message = sandbox.messages.find(message_id)
            assert message is not None
            assert [reaction.emoji_id or reaction.emoji_name for reaction in message.reactions.values()] == [
                "123456789012345678" if emoji == GOLD else emoji for emoji in crowd.scale
            ], "seeded in order"
            crowd.rate_steadily(message_id)
        return posted

    # Thumbs; the gateway declares the session invalid, and nothing of that is replayed.
    thumbs = await post(14)
    crowd.react(thumbs, 300)
    await agreed(stage, crowd, {})
    crowd.leave()
    await owner.call("POST", "gateway", {"action": "invalid_session"})
    crowd.react(thumbs, 60)
    crowd.clear(thumbs[0])
    await owner.bot_online()
    await agreed(stage, crowd, {})

    # Stars, under earlier videos too; then the bot is stopped.
    crowd.come_back()
    assert "5️⃣" in await keeper.refused("settings ratings", style="stars")
    crowd.scale = SCALES[1]
    stars = await post(13)
    crowd.react(thumbs + stars, 350)
    crowd.clear(stars[0], "5️⃣")
    await agreed(stage, crowd, {})
    await stage.stop_bot()
    crowd.leave()
    crowd.react(thumbs + stars, 120)
    crowd.clear(stars[1], "1️⃣")
    await stage.start_bot()
    await agreed(stage, crowd, {})

    # Own emoji, authors have no vote any more; then the bot is killed.
    crowd.come_back()
    weights = " ".join(f"{emoji}={value}" for emoji, value in OWN.items())
    told = await keeper.refused("settings ratings", style="own", emoji=weights, author_votes=False)
    assert "have no vote on their own videos" in told
    crowd.scale = SCALES[2]
    own = await post(13)
    crowd.react(crowd.videos, 400)
    await agreed(stage, crowd, authors)
    await stage.stop_bot(kill=True)
    crowd.leave()
    crowd.react(own, 150)
    crowd.clear(own[0])
    many = [(await owner.another(f"guest{number}")).user_id for number in range(MORE_THAN_A_PAGE)]
    crowd.rate_all(own[1], "😴", many)
    await stage.start_bot()
    await agreed(stage, crowd, authors)

    crowd.come_back()
    await keeper.refused("settings ratings", author_votes=True)
    await agreed(stage, crowd, {})
    assert len(crowd.votes({})) > len(crowd.votes(authors)), "otherwise authors have not voted at all"


async def video(stage: Stage, author: str) -> Job:
    """Post a message of the bot's and keep a row that says it carries a delivered video."""
    assert stage.app is not None
    channel = int(stage.owner.world["channel_id"])
    message = await stage.app.rest.get_partial_messageable(channel).send("a video")
    now, key = int(time.time() * 1000), JobId(str(message.id))
    guild = int(stage.owner.world["guild_id"])
    job = await stage.app.store.add(
        Job(
            id=key,
            short_id=short_id(key),
            provider="preview",
            user_id=int(author),
            place=Place(channel_id=channel, status_message_id=message.id, guild_id=guild),
            request=VideoRequest(prompt="a fox", size=Size(1280, 720), seconds=4),
            created_at=now,
            state=JobState.DELIVERED,
            finished_at=now,
            result_message_id=message.id,
            status_closed=True,
        )
    )
    await stage.app.announcer.invite_rating(job)
    return job


async def agreed(stage: Stage, crowd: Crowd, mute: dict[str, str]) -> None:
    """Wait until the table says what the messages say: who holds what, and what counts."""
    wrong = "nothing was compared"

    async def look() -> bool | None:
        nonlocal wrong
        held, votes = await asyncio.to_thread(read_table, stage)
        wrong = str(sorted(held.items() ^ crowd.held().items())[:8])
        wrong += str(sorted(votes.items() ^ crowd.votes(mute).items())[:8])
        return (held == crowd.held() and votes == crowd.votes(mute)) or None

    assert len(crowd.votes(mute)) > len(crowd.videos), "too few to tell anything"
    await stage.owner.eventually(look, lambda: f"agreement, but for {wrong}")


def read_table(
    stage: Stage,
) -> tuple[dict[tuple[str, str, str], int], dict[tuple[str, str], tuple[str, int]]]:
    """Read the file beside the bot: what is held with the kinds, and what counts with its value."""
    path = stage.tmp_path / "data" / "reelbot.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT job_id, user_id, emoji, value, held, counts FROM votes").fetchall()
    finally:
        connection.close()
    held = {(row[0], str(row[1]), row[2]): row[4] for row in rows}
    votes = {(row[0], str(row[1])): (row[2], row[3]) for row in rows if row[5]}
    return held, votes
