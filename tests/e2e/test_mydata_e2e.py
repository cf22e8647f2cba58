"""`/mydata` in the sandbox: a ZIP that opens, and a data folder in which no byte names the person."""

import io
import json
import zipfile
from pathlib import Path

from PIL import Image

from tests.actor import Actor, Message, picture_option, short_id_of
from tests.e2e.conftest import Stage

WORDS = "zebra crossing 斑马"


async def answers(who: Actor, since: set[str], wanted: str) -> list[Message]:
    """Wait for a private answer that says so; return all that have come."""

    async def look() -> list[Message] | None:
        new = [message for message in await who.messages() if message["id"] not in since]
        return new if any(wanted in message["content"] for message in new) else None

    return await who.eventually(look, lambda: wanted)


def bytes_that_name(folder: Path, wanted: list[bytes]) -> list[str]:
    """Return the files of the folder with what of the person stands in them."""
    return [
        f"{file.name}: {word!r}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for word in wanted
        if word in file.read_bytes()
    ]


async def test_a_copy_that_opens_and_then_nothing_left(stage: Stage) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(picture, "PNG")
    status = await alice.video(WORDS, seconds=4, image=picture_option(picture.getvalue()))
    result = await alice.result_of(status)
    await alice.until(status["id"], lambda message: "✅" in message["content"])
    job = await stage.job(short_id_of(result))
    other = await bob.video("a horse", seconds=4)
    others = await bob.result_of(other)
    await bob.until(other["id"], lambda message: "✅" in message["content"])
    await alice.react(others, "👍")
    await alice.invoke("history", search="zebra")

    async def voted() -> bool | None:
        show = await bob.refused("show", id=short_id_of(others))
        return "👍 1" in show or "1 vote" in show or None

    await alice.eventually(voted, lambda: "the vote")

    before = {message["id"] for message in await alice.messages()}
    await alice.invoke("mydata export")
    parts = await answers(alice, before, "That is all")
    [part] = [message for message in parts if message["attachments"]]
    data_dir = stage.tmp_path / "data"
    with zipfile.ZipFile(io.BytesIO(await alice.download(part))) as archive:
        assert archive.testzip() is None
        video, kept = f"videos/{job.short_id}.mp4", data_dir / str(job.result_file)
        assert set(archive.namelist()) == {"data.json", video, str(job.request.picture)}
        assert archive.read(video) == kept.read_bytes()
        data = json.loads(archive.read("data.json"))
    assert [asked["prompt"] for asked in data["jobs"]] == [WORDS]
    assert [vote["emoji"] for vote in data["votes"]] == ["👍"]

    person = int(alice.user_id)
    wanted = [alice.user_id.encode(), person.to_bytes(8), WORDS.encode(), b"zebra", "斑马".encode()]
    found = "\n".join(bytes_that_name(data_dir, wanted))
    assert all(repr(word) in found for word in wanted[1:]), "ids are numbers in a row, not text"
    before = {message["id"] for message in await alice.messages()}
    await alice.invoke("mydata delete")
    [question] = await answers(alice, before, "What stays")
    await stage.stop_bot()
    await stage.start_bot()
    await alice.click(question, "Delete my data and the messages with my videos")
    await alice.until(question["id"], lambda message: "is deleted" in message["content"])
    assert bytes_that_name(data_dir, wanted) == []
    assert not kept.exists()
    assert not (data_dir / str(job.request.picture)).exists()

    async def withdrawn() -> bool | None:
        left = [await alice.message(message["id"]) for message in (status, result)]
        return left == [None, None] or None

    await alice.eventually(withdrawn, lambda: "the end of the messages")
    line = await stage.job(job.short_id)
    assert (line.user_id, line.request.prompt, line.request.size) == (0, "", job.request.size)
    assert (line.remote_id, line.finished_at) == (job.remote_id, job.finished_at)
    assert (await stage.job(short_id_of(others))).request.prompt == "a horse"
    assert await bob.message(others["id"]) is not None

    await stage.stop_bot()
    assert bytes_that_name(data_dir, wanted) == []
