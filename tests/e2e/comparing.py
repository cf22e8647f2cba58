"""What a person does with boards whose clips are there to choose from, and what the sheet must be."""

import io
import re
from typing import Any

import av
import numpy as np
from PIL import Image

from tests.actor import Actor, Message

CLIP = re.compile(r"(?:Variation|Look) (\d+) is ready")


async def proposed(owner: Actor, command: str, **options: Any) -> Message:
    """Use a command and return its private proposal."""
    answer = await owner.invoke(command, **options)
    assert answer.get("error") is None, answer
    return await private(owner, answer)


async def private(owner: Actor, answer: dict[str, Any]) -> Message:
    """Return the private answer once it has a text."""
    assert answer.get("error") is None, answer
    shown = await owner.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))
    assert shown["flags"] & 64
    return shown


async def choose(owner: Actor, message: Message, *values: str) -> None:
    """Choose from the message's menu."""
    body = {
        "message_id": message["id"],
        "custom_id": message["components"][0]["components"][0]["custom_id"],
        "values": list(values),
        "user_id": owner.user_id,
    }
    answer = await owner.call("POST", "click", body)
    assert answer.get("error") is None, answer


async def started(owner: Actor, proposal: Message, icon: str) -> Message:
    """Start a proposal and return the board's message."""
    answer = await owner.click(proposal, "Start")
    assert answer.get("error") is None, answer
    return await owner.until(str(answer["message"]["id"]), lambda message: icon in message["content"])


async def ended(owner: Actor, board: Message) -> Message:
    """Wait for the end of the board, with its contact sheet."""
    return await owner.until(
        board["id"], lambda message: "✅ Done" in message["content"] and bool(message["attachments"])
    )


async def clips_of(owner: Actor) -> list[Message]:
    """Return the messages with videos."""
    return [m for m in await owner.messages() if m["attachments"] and CLIP.search(m["content"])]


def labels(message: Message) -> list[str]:
    """Return what stands on the buttons."""
    return [item.get("label") or "" for row in message["components"] for item in row["components"]]


async def sheet_of(owner: Actor, board: Message) -> Image.Image:
    """Return the contact sheet, the only thing that is attached."""
    [attachment] = board["attachments"]
    assert attachment["filename"].endswith(".jpg")
    sheet = Image.open(io.BytesIO(await owner.download(board)))
    assert sheet.format == "JPEG"
    sheet.load()
    return sheet


def shows(sheet: Image.Image, video: bytes, column: int, row: int, *, columns: int, rows: int) -> bool:
    """Say whether this place of the sheet shows a frame of the video: its colours, coarsely."""
    wide, high = sheet.width / columns, sheet.height / rows
    box = (int(column * wide + 0.3 * wide), int(row * high + 0.2 * high))
    tile = sheet.crop((*box, box[0] + int(0.6 * wide), box[1] + int(0.4 * high))).convert("RGB")
    seen = np.asarray(tile.resize((6, 4), Image.Resampling.BOX), np.float32)
    with av.open(io.BytesIO(video), "r") as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 4:
                continue
            picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
            inner = picture.crop(
                (
                    int(0.3 * picture.width),
                    int(0.2 * picture.height),
                    int(0.9 * picture.width),
                    int(0.65 * picture.height),
                )
            )
            known = np.asarray(inner.resize((6, 4), Image.Resampling.BOX), np.float32)
            if float(np.abs(known - seen).mean()) < 12:
                return True
    return False
