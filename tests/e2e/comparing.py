"""What a person does with boards whose clips are there to choose from, and what the sheet must be."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.actor import Actor, Message

CLIP = re.compile(r"(?:Variation|Look) (\d+) is ready")
GAP = 16
"""Pixels between the pictures of a sheet."""
Look = NDArray[np.float32]


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


def looks_of(video: bytes) -> list[Look]:
    """Return every fourth frame of the video, its colours coarsely."""
    with av.open(io.BytesIO(video), "r") as container:
        frames = [frame for n, frame in enumerate(container.decode(video=0)) if n % 4 == 0]
    return [_look(Image.fromarray(frame.to_ndarray(format="rgb24"))) for frame in frames]


def looks_of_four(sheet: Image.Image) -> list[Look]:
    """Return the pictures of a sheet of two by two videos of 16:9, their colours coarsely."""
    wide = (sheet.width - 3 * GAP) // 2
    pitch = (sheet.height - GAP) // 2
    corners = [(GAP + column * (wide + GAP), GAP + row * pitch) for row in (0, 1) for column in (0, 1)]
    return [_look(sheet.crop((x, y, x + wide, y + round(wide * 9 / 16)))) for x, y in corners]


def nearest(look: Look, videos: Mapping[str, Sequence[Look]]) -> str:
    """Return which video has the frame that looks most like this picture."""
    return min(videos, key=lambda name: distance(look, videos[name]))


def distance(look: Look, frames: Sequence[Look]) -> float:
    """Return how far the picture is from the frame most like it, of 255."""
    return min(float(np.abs(look - frame).mean()) for frame in frames)


def _look(picture: Image.Image) -> Look:
    """Leave out the corner where the sheet's number stands."""
    wide, high = picture.size
    inner = picture.convert("RGB").crop((int(0.3 * wide), int(0.3 * high), wide, high))
    return np.asarray(inner.resize((14, 7), Image.Resampling.BOX), np.float32)
