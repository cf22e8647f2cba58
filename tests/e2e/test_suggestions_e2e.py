"""Votes come in, and whoever makes the next video sees what members like here; figures come as a picture."""

import io

from PIL import Image

from bot.jobs.actor import Actor as Asking
from tests.actor import Message, short_id_of
from tests.e2e.comparing import private
from tests.e2e.conftest import Stage

PEOPLE = 5


async def offered(stage: Stage, option: str, typed: str) -> list[Message]:
    owner = stage.owner
    wish = {"command": "video", "option": option, "value": typed, "user_id": owner.user_id}
    found: list[Message] = await owner.call(
        "POST", "autocomplete", wish | {"channel_id": owner.world["channel_id"]}
    )
    return found


async def test_votes_sort_and_mark_what_is_offered(stage: Stage) -> None:
    owner = stage.owner
    status = await owner.video("a red fox", seconds=4, style="film-noir")
    result = await owner.result_of(status)
    await owner.until(status["id"], lambda message: "✅" in message["content"])
    job = await stage.job(short_id_of(result))
    for number in range(PEOPLE):
        await (await owner.another(f"member{number}")).react(result, "👍")

    async def counted() -> bool | None:
        assert stage.app is not None
        asking = Asking(user_id=job.user_id, guild_id=job.place.guild_id)
        _, tally = await stage.app.videos.show(job.short_id, asking)
        return tally.people == PEOPLE or None

    await owner.eventually(counted, lambda: f"{PEOPLE} votes in the table")

    async def marked() -> list[Message] | None:
        looks = await offered(stage, "style", "")
        return looks if any("👍" in look["name"] for look in looks) else None

    looks = await owner.eventually(marked, lambda: "a mark: the first count may take longer than an answer")
    assert looks[0] == {"name": f"Film noir · 👍 100 % ({PEOPLE})", "value": "film-noir"}
    assert not [look for look in looks[1:] if "👍" in look["name"]]
    assert [look["value"] for look in await offered(stage, "style", "ani")] == ["anime", "animation"]
    lengths = await offered(stage, "seconds", "")
    assert lengths[0] == {"name": f"4 seconds · 👍 100 % ({PEOPLE})", "value": 4}
    assert f"**Here** Film noir rates 100 %, {PEOPLE} votes" in await owner.press(result, "Details")
    again = await stage.job(short_id_of(await owner.video("a red fox", seconds=4, style="film-noir")))
    assert again.request.prompt == job.request.prompt
    figures = await private(owner, await owner.invoke("stats", period="7"))
    assert "**2** videos asked for" in figures["content"]
    assert "Figures of videos as a picture, Last 7 days" in figures["attachments"][0]["description"]
    picture = Image.open(io.BytesIO(await owner.download(figures)))
    assert picture.width == 1080
