"""Votes and a rating in detail become a picture, in the sandbox, over a restart of the bot."""

import csv
import io
from typing import Any

from PIL import Image

from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage

SCORES = {"visual-quality": "5", "realism": "2", "usefulness": "4", "comment": "the hands"}


async def fetched(stage: Stage, message: Message, name: str) -> bytes:
    (file,) = [one for one in message["attachments"] if one["filename"] == name]
    return await stage.owner.download({"attachments": [file]})


async def test_votes_and_a_rating_become_a_picture_and_a_table(stage: Stage) -> None:
    owner = stage.owner
    status = await owner.video("a fox", seconds=4, style="anime")
    result = await owner.result_of(status)
    await owner.until(status["id"], lambda message: "✅" in message["content"])
    friend = await owner.another("friend")
    opened = await friend.click(result, "Rate")
    assert opened.get("error") is None, opened

    await stage.stop_bot()  # the form is open meanwhile
    await friend.react(result, "👍")
    await owner.react(result, "👍")
    await stage.start_bot()
    body: dict[str, Any] = {"interaction_id": opened["interaction_id"], "values": SCORES}
    sent = await friend.call("POST", "submit", body | {"user_id": friend.user_id})
    assert sent.get("error") is None, sent
    told = await friend.until(sent["message"]["id"], lambda message: bool(message["content"]))
    assert f"Your rating of **{short_id_of(result)}** is kept" in told["content"]

    async def voted() -> Message | None:
        answer = await owner.invoke("trends")
        shown = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
        return shown if "100 % approval from 2 votes" in shown["content"] else None

    shown = await owner.eventually(voted, lambda: "two votes in /trends")
    assert shown["flags"] & 64
    picture = Image.open(io.BytesIO(await fetched(stage, shown, "trends.jpg")))
    assert (picture.format, picture.width) == ("JPEG", 1080)
    assert "Anime 100 % · 2" in shown["attachments"][0]["description"]
    table = list(csv.reader(io.StringIO((await fetched(stage, shown, "trends.csv")).decode("utf-8-sig"))))
    assert ["criterion (detail)", "realism", "", "1", "", "", "", "2.00", "5"] in table

    await stage.stop_bot()
    await stage.start_bot()
    menu = shown["components"][0]["components"][0]["custom_id"]
    chosen = {"message_id": shown["id"], "custom_id": menu, "values": ["7"], "user_id": owner.user_id}
    picked = await owner.call("POST", "click", chosen)
    assert picked.get("error") is None, picked
    week = await owner.until(shown["id"], lambda message: "Last 7 days" in message["content"])
    assert [file["filename"] for file in week["attachments"]] == ["trends.jpg", "trends.csv"]
