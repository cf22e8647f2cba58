"""Emoji become votes, and the bot adds those that members choose from."""

from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage


async def delivered(stage: Stage) -> Message:
    status = await stage.owner.video("a fox", seconds=4)
    result = await stage.owner.result_of(status)
    await stage.owner.until(result["id"], lambda message: len(message.get("reactions", [])) == 2)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    return result


async def votes_become(stage: Stage, result: Message, up: int, down: int) -> None:
    """Wait until `/show` tells this count."""
    await shown_as(stage, result, f"👍 {up} · 👎 {down}")


async def shown_as(stage: Stage, result: Message, wanted: str) -> None:
    """Wait until `/show` tells the votes so."""

    async def look() -> bool | None:
        shown = await stage.owner.refused("show", id=short_id_of(result))
        return wanted in shown or None

    await stage.owner.eventually(look, lambda: wanted)


async def members(stage: Stage, count: int) -> list[Actor]:
    return [await stage.owner.another(f"member{number}") for number in range(count)]


async def test_a_vote_counts_changes_and_goes(stage: Stage) -> None:
    result = await delivered(stage)
    await votes_become(stage, result, 0, 0)
    one, two = await members(stage, 2)
    await one.react(result, "👍")
    await two.react(result, "👍")
    await votes_become(stage, result, 2, 0)
    await two.react(result, "👎")
    await votes_become(stage, result, 1, 1)
    await two.unreact(result, "👍")
    await votes_become(stage, result, 1, 1)
    await two.unreact(result, "👎")
    await votes_become(stage, result, 1, 0)
    await one.react(result, "❤️")
    await one.unreact(result, "👍")
    await votes_become(stage, result, 0, 0)


async def test_votes_survive_a_dropped_connection(stage: Stage) -> None:
    result = await delivered(stage)
    person = await stage.owner.another("person")
    await stage.owner.call("POST", "gateway", {"action": "drop"})
    await person.react(result, "👍")
    await votes_become(stage, result, 1, 0)


async def test_the_servers_own_emoji_are_added_as_far_as_that_is_possible(stage: Stage) -> None:
    keeper = await stage.owner.another("keeper", permissions=["manage_guild"])
    emoji = "😍=100 <:gone:123456789012345678>=60 🙂=40 😴=0"
    assert "😍 100 · <:gone:" in await keeper.refused("settings ratings", style="own", emoji=emoji)
    unknown = {"message": "Unknown Emoji", "code": 10014}
    await stage.owner.call(
        "POST", "faults", {"method": "PUT", "path": "reactions/gone", "status": 400, "body": unknown}
    )
    status = await stage.owner.video("a fox", seconds=4)
    result = await stage.owner.result_of(status)
    seeded = await stage.owner.until(result["id"], lambda message: len(message.get("reactions", [])) == 3)
    assert [reaction["emoji"]["name"] for reaction in seeded["reactions"]] == ["😍", "🙂", "😴"]
    (one, two) = await members(stage, 2)
    await one.react(result, "🙂")
    await two.react(result, "<:gone:123456789012345678>".strip("<>").removeprefix(":"))
    wanted = "😍 0 · <:gone:123456789012345678> 1 · 🙂 1 · 😴 0"
    await shown_as(stage, result, wanted)


async def test_where_the_bot_may_not_react_the_video_stands_all_the_same(stage: Stage) -> None:
    forbidden = {"message": "Missing Permissions", "code": 50013}
    await stage.owner.call(
        "POST", "faults", {"method": "PUT", "path": "reactions", "status": 403, "body": forbidden}
    )
    status = await stage.owner.video("a fox", seconds=4)
    result = await stage.owner.result_of(status)

    async def over() -> bool | None:
        return (await stage.job(short_id_of(result))).status_closed or None

    await stage.owner.eventually(over, lambda: "the end of the job")
    message = await stage.owner.message(result["id"])
    assert message is not None
    assert not message.get("reactions"), "after the first refusal no other emoji is tried"
    (person,) = await members(stage, 1)
    await person.react(result, "👎")
    await votes_become(stage, result, 0, 1)
