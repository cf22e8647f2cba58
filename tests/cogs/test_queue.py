"""`/queue` as Discord hands it over: what it lists, for whom, its pages and its menu."""

import discord
import pytest
from simcord import Env

from bot.domain.codes import Code
from bot.domain.job import Failure
from bot.domain.states import JobState
from cogs.queue import PAGE, queue_line
from cogs.texts import load_library
from storage.jobs import SqlJobStore
from tests.cogs.conftest import QuietEngine
from tests.factories import NOW, make_job, make_place, make_request

S = JobState
TEXTS = load_library().texts("en-US")


class Place:
    """A server with a channel, a member, another one and a moderator."""

    def __init__(self, env: Env) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.alice = guild.add_member(env.create_user("alice"))
        self.bob = guild.add_member(env.create_user("bob"))
        keepers = guild.create_role("keepers", permissions=discord.Permissions(manage_messages=True))
        self.keeper = guild.add_member(env.create_user("keeper"), roles=[keepers])
        self.guild = guild


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


def ids_in_menu(message: object) -> list[str]:
    """Return the values that a message's menu offers."""
    rows = message.components  # type: ignore[attr-defined]  # simcord's message
    parts = [part for row in rows for part in row["components"]]
    return [option["value"] for part in parts if part["type"] == 3 for option in part["options"]]


async def test_everybody_is_listed_and_mine_are_mine(place: Place) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox")
    await place.bob.slash(place.channel, "video", prompt="an owl")
    everyone = await place.alice.slash(place.channel, "queue")
    assert everyone.ephemeral
    assert everyone.response is not None
    text = everyone.response.content
    assert "2 videos in the works" in text
    assert f"<@{place.alice.id}> · number 1 · a fox" in text
    assert f"<@{place.bob.id}> · number 2 · an owl" in text
    mine = await place.alice.slash(place.channel, "queue", show="mine")
    assert mine.response is not None
    assert "One video" in mine.response.content
    assert "owl" not in mine.response.content


async def test_an_empty_queue_says_how_to_start(place: Place) -> None:
    result = await place.alice.slash(place.channel, "queue")
    assert result.response is not None
    assert "/video" in result.response.content
    assert result.response.components == []


async def test_a_member_cancels_his_own_from_the_list(
    place: Place, store: SqlJobStore, engine: QuietEngine
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox")
    await place.bob.slash(place.channel, "video", prompt="an owl")
    fox = (await store.line())[0]
    listed = await place.alice.slash(place.channel, "queue")
    assert listed.response is not None
    assert ids_in_menu(listed.response) == [fox.short_id]
    chosen = await place.alice.select(listed.response.message, [fox.short_id])
    (answer,) = chosen.followups
    assert answer.ephemeral
    assert "Cancelled" in answer.content
    assert [job.id for job in engine.over] == [fox.id]
    assert chosen.response is not None
    assert "a fox" not in chosen.response.content
    assert "an owl" in chosen.response.content
    assert ids_in_menu(chosen.response) == []


async def test_a_moderator_cancels_anybodys(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox")
    (fox,) = await store.line()
    listed = await place.keeper.slash(place.channel, "queue")
    assert listed.response is not None
    await place.keeper.select(listed.response.message, [fox.short_id])
    ended = await store.get(fox.id)
    assert ended is not None
    assert ended.state is S.CANCELLED


async def test_a_choice_that_came_too_late_is_told_and_the_list_goes_on(
    place: Place, store: SqlJobStore
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox")
    (fox,) = await store.line()
    listed = await place.alice.slash(place.channel, "queue")
    assert listed.response is not None
    await store.request_cancel(fox.id)
    chosen = await place.alice.select(listed.response.message, [fox.short_id])
    assert "can no longer be cancelled" in chosen.followups[0].content
    assert chosen.response is not None
    assert "Nothing is being made" in chosen.response.content


async def test_a_long_list_has_pages(place: Place, store: SqlJobStore) -> None:
    number = 2 * PAGE + 3
    at = make_place(guild_id=place.guild.id, channel_id=place.channel.id)
    ugly = make_request(prompt="*_`~|<@>" * 50)
    for n in range(number):
        await store.add(make_job(id=str(n), user_id=10**18 + n, place=at, created_at=NOW + n, request=ugly))
    result = await place.keeper.slash(place.channel, "queue")
    seen: list[str] = []
    for page in (1, 2, 3):
        assert result.response is not None
        assert f"Page {page} of 3" in result.response.content
        assert f"{number} videos" in result.response.content
        assert len(result.response.content) <= 2000
        seen += ids_in_menu(result.response)
        if page < 3:
            result = await place.keeper.click(result.response.message, label="▶")
    assert seen == [job.short_id for job in await store.line()]
    assert result.response is not None
    back = await place.keeper.click(result.response.message, label="◀")
    assert back.response is not None
    assert "Page 2 of 3" in back.response.content


async def test_a_page_that_is_no_more_becomes_the_last_one(place: Place, store: SqlJobStore) -> None:
    at = make_place(guild_id=place.guild.id, channel_id=place.channel.id)
    jobs = [
        await store.add(make_job(id=str(n), user_id=n, place=at, created_at=NOW + n)) for n in range(PAGE + 1)
    ]
    result = await place.keeper.slash(place.channel, "queue")
    await store.request_cancel(jobs[0].id)
    assert result.response is not None
    turned = await place.keeper.click(result.response.message, label="▶")
    assert turned.response is not None
    assert f"{PAGE} videos" in turned.response.content
    assert "Page" not in turned.response.content


@pytest.mark.parametrize(
    ("state", "changes", "words"),
    [
        (S.RENDERING, {}, "rendering"),
        (S.UNSURE, {}, "waiting for a decision"),
        (S.QUEUED, {}, "far behind"),
        (S.QUEUED, {"failure": Failure(code=Code.PROVIDER_BUSY), "due_at": 5_000}, "trying again <t:6:R>"),
    ],
    ids=["running", "unsure", "behind", "provider down"],
)
def test_a_line_says_how_far_a_job_is(state: JobState, changes: dict[str, object], words: str) -> None:
    line = queue_line(make_job(state=state, **changes), None, TEXTS)
    assert f"<@42> · {words} · a red fox" in line
