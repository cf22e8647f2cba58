"""Emoji become votes, also those that came while the bot was away."""

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
    wanted = f"👍 {up} · 👎 {down}"

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


async def test_bots_do_not_vote(stage: Stage) -> None:
    result = await delivered(stage)
    machine = await stage.owner.another("machine", bot=True)
    person = await stage.owner.another("person")
    await machine.react(result, "👍")
    await person.react(result, "👎")
    await votes_become(stage, result, 0, 1)


async def test_votes_made_while_the_bot_was_away_are_counted_at_start(stage: Stage) -> None:
    result = await delivered(stage)
    stays, goes, comes, both = await members(stage, 4)
    for member in (stays, goes, both):
        await member.react(result, "👍")
    await votes_become(stage, result, 3, 0)
    await stage.stop_bot()
    await goes.unreact(result, "👍")
    await comes.react(result, "👎")
    await both.react(result, "👎")
    await stage.start_bot()
    await votes_become(stage, result, 2, 1)


async def test_clearing_all_reactions_clears_the_votes(stage: Stage) -> None:
    result = await delivered(stage)
    one, two = await members(stage, 2)
    await one.react(result, "👍")
    await two.react(result, "👎")
    await votes_become(stage, result, 1, 1)
    await stage.owner.call("DELETE", f"messages/{result['id']}/reactions", emoji="👎")
    await votes_become(stage, result, 1, 0)
    await stage.owner.call("DELETE", f"messages/{result['id']}/reactions")
    await votes_become(stage, result, 0, 0)


async def test_votes_survive_a_dropped_connection(stage: Stage) -> None:
    result = await delivered(stage)
    person = await stage.owner.another("person")
    await stage.owner.call("POST", "gateway", {"action": "drop"})
    await person.react(result, "👍")
    await votes_become(stage, result, 1, 0)
