"""`/video` as a member sees it, from the command to the playing file."""

import io
import re
from collections.abc import Mapping
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from bot.domain.states import JobState
from tests.actor import Message, picture_option, short_id_of
from tests.e2e.conftest import Stage


def facts_of(video: bytes) -> dict[str, Any]:
    """Read what a player would see."""
    with av.open(io.BytesIO(video), format="mp4") as container:
        stream, sound = container.streams.video[0], container.streams.audio[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        return {
            "codec": stream.codec_context.name,
            "profile": stream.codec_context.profile,
            "format": stream.codec_context.pix_fmt,
            "size": (stream.width, stream.height),
            "seconds": round(float(stream.duration * stream.time_base), 1),
            "sound": sound.codec_context.name,
            "faststart": video.find(b"moov") < video.find(b"mdat"),
        }


def first_frame(video: bytes) -> Any:
    with av.open(io.BytesIO(video), mode="r", format="mp4") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def stages(message: Message) -> list[str]:
    """Return the second line of every text that the message ever had."""
    texts = [entry["content"] for entry in message["history"]] + [message["content"]]
    return [text.splitlines()[1] for text in texts if "\n" in text]


@pytest.mark.pace(0.25)
async def test_a_prompt_becomes_a_video_in_the_channel(stage: Stage) -> None:
    owner = stage.owner
    status = await owner.video("A lighthouse in a storm, slow dolly in", seconds=8)
    result = await owner.result_of(status)
    short = short_id_of(result)

    assert facts_of(await owner.download(result)) == {
        "codec": "h264",
        "profile": "Main",
        "format": "yuv420p",
        "size": (1280, 720),
        "seconds": 8.0,
        "sound": "aac",
        "faststart": True,
    }
    attachment = result["attachments"][0]
    assert attachment["filename"] == f"lighthouse-storm-slow-{short}.mp4"
    assert attachment["description"] == "A lighthouse in a storm, slow dolly in"
    assert attachment["content_type"] == "video/mp4"
    assert [user["id"] for user in result["mentions"]] == [owner.user_id]
    assert result["content"].count(f"<@{owner.user_id}>") == 1

    status = await owner.until(status["id"], lambda message: "✅" in message["content"])
    assert status["components"] == []
    assert status["content"].splitlines()[1].endswith(f"/{result['id']}")
    seen = stages(status)
    bars = [re.search(r"(\d+) %", line) for line in seen if "🎨" in line]
    percentages = [int(found[1]) for found in bars if found]
    assert percentages == sorted(percentages)
    assert seen[-1].startswith("✅")

    rated = await owner.until(result["id"], lambda message: len(message.get("reactions", [])) == 2)
    assert [reaction["emoji"]["name"] for reaction in rated["reactions"]] == ["👍", "👎"]
    assert (await stage.job(short)).state is JobState.DELIVERED


def gradient(width: int, height: int) -> Image.Image:
    """Paint a picture that cannot be mistaken: red grows rightwards, green downwards."""
    x = np.linspace(0, 255, width, dtype=np.float32)[None, :].repeat(height, 0)
    y = np.linspace(0, 255, height, dtype=np.float32)[:, None].repeat(width, 1)
    blue = 255 - np.hypot(x - 128, y - 128)
    return Image.fromarray(np.stack([x, y, blue.clip(0, 255)], axis=-1).astype(np.uint8))


@pytest.mark.parametrize(
    ("shape", "size"), [((1600, 900), (1280, 720)), ((900, 1600), (720, 1280))], ids=["wide", "tall"]
)
async def test_a_picture_becomes_the_first_frame(
    stage: Stage, shape: tuple[int, int], size: tuple[int, int]
) -> None:
    picture = gradient(*shape)
    data = io.BytesIO()
    picture.save(data, "PNG")
    status = await stage.owner.video("it starts to move", seconds=4, image=picture_option(data.getvalue()))
    result = await stage.owner.result_of(status)
    frame = first_frame(await stage.owner.download(result)).astype(np.float32)
    assert (frame.shape[1], frame.shape[0]) == size
    expected = np.asarray(picture.resize(size)).astype(np.float32)
    top = frame[: int(size[1] * 0.75)]  # the caption may cover the lower part
    difference = np.abs(top - expected[: len(top)]).mean()
    assert difference < 12, f"mean difference {difference:.1f} of 255"


async def test_the_wanted_size_and_length_are_what_comes(stage: Stage) -> None:
    status = await stage.owner.video("a city", size="720x1280", seconds=4)
    result = await stage.owner.result_of(status)
    facts = facts_of(await stage.owner.download(result))
    assert (facts["size"], facts["seconds"]) == ((720, 1280), 4.0)


async def test_words_that_discord_would_read_stay_words(stage: Stage) -> None:
    prompt = "@everyone **bold** \u202eevil\u202c zero\u200bwidth <@1> https://x.y"
    status = await stage.owner.video(prompt, seconds=4)
    result = await stage.owner.result_of(status)
    assert not result["mention_everyone"]
    assert [user["id"] for user in result["mentions"]] == [stage.owner.user_id]
    assert "\u202e" not in result["content"]
    job = await stage.job(short_id_of(result))
    assert job.request.prompt == "@everyone **bold** evil zerowidth <@1> https://x.y"


async def test_show_and_queue_answer_privately(stage: Stage) -> None:
    owner = stage.owner
    assert "Nothing is being made" in await owner.refused("queue")
    status = await owner.video("a quiet harbour", seconds=4)
    result = await owner.result_of(status)
    await owner.until(status["id"], lambda message: "✅" in message["content"])
    shown = await owner.refused("show", id=short_id_of(result).lower())
    assert "a quiet harbour" in shown
    assert result["id"] in shown
    assert "👍 0 · 👎 0" in shown


def problem_pictures() -> Mapping[str, tuple[bytes, str]]:
    broken = io.BytesIO()
    gradient(800, 600).save(broken, "JPEG")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    return {
        "an SVG": (svg, "cannot open this picture"),
        "text named .png": (b"hello, I am a text", "cannot open this picture"),
        "a truncated JPEG": (broken.getvalue()[:5000], "cannot open this picture"),
        "an empty file": (b"", "cannot open this picture"),
    }


@pytest.mark.parametrize("name", list(problem_pictures()))
async def test_a_picture_that_is_none_is_refused_in_words(stage: Stage, name: str) -> None:
    data, sentence = problem_pictures()[name]
    answer = await stage.owner.refused("video", prompt="a fox", image=picture_option(data))
    assert sentence in answer
    await assert_nothing_was_bought(stage)


async def test_a_picture_of_too_many_pixels_is_refused(stage: Stage) -> None:
    data = io.BytesIO()
    Image.new("1", (60_000, 1000)).save(data, "PNG")
    answer = await stage.owner.refused("video", prompt="a fox", image=picture_option(data.getvalue()))
    assert "megapixels" in answer
    await assert_nothing_was_bought(stage)


async def test_a_file_of_40_mb_is_refused_before_it_is_read(stage: Stage) -> None:
    await stage.owner.call("POST", "guild", {"premium_tier": 2})
    answer = await stage.owner.refused("video", prompt="a fox", image=picture_option(b"x" * (40 << 20)))
    assert "25 MB" in answer
    await assert_nothing_was_bought(stage)


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("   ", "prompt is empty"),
        ("\u200b\u200e", "prompt is empty"),
        ("x" * 5000, "has 5,000 characters"),
    ],
    ids=["blank", "invisible", "5,000 characters"],
)
async def test_a_prompt_that_cannot_be_used_is_refused_in_words(
    stage: Stage, prompt: str, sentence: str
) -> None:
    assert sentence in await stage.owner.refused("video", prompt=prompt)
    await assert_nothing_was_bought(stage)


@pytest.mark.parametrize(
    ("options", "allowed"), [({"size": "1x1"}, "1280x720, 720x1280"), ({"seconds": 5}, "4, 8, 12")], ids=str
)
async def test_a_choice_that_is_not_offered_is_refused(
    stage: Stage, options: dict[str, Any], allowed: str
) -> None:
    assert f"Choose one of: {allowed}." in await stage.owner.refused("video", prompt="a fox", **options)
    await assert_nothing_was_bought(stage)


@pytest.mark.parametrize(
    ("denied", "name"),
    [(1 << 11, "Send Messages"), (1 << 15, "Attach Files"), (1 << 10, "View Channel")],
    ids=["may not post", "may not attach", "may not look"],
)
async def test_a_channel_where_the_bot_may_not_deliver_is_refused(
    stage: Stage, denied: int, name: str
) -> None:
    owner = stage.owner
    bot_id = (await owner.call("GET", "world"))["bot_id"]
    await owner.call(
        "POST",
        "permissions",
        {"channel_id": owner.world["channel_id"], "role_or_user_id": bot_id, "deny": str(denied)},
    )
    assert name in await owner.refused("video", prompt="a fox")
    await assert_nothing_was_bought(stage)


async def test_a_full_disk_is_told_before_anything_is_paid(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    # The disk of a test machine cannot be filled; the figure that the system gives is the edge.
    full = shutil.disk_usage(stage.tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    assert "disk is full" in await stage.owner.refused("video", prompt="a fox")
    await assert_nothing_was_bought(stage)


async def assert_nothing_was_bought(stage: Stage) -> None:
    assert "Nothing is being made" in await stage.owner.refused("queue")
    public = [m for m in await stage.owner.messages() if not m["flags"] & 64]
    assert public == [], "a refusal leaves nothing in the channel"
