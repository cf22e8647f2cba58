"""What is in the files: format, frames, picture, caption and sound."""

import itertools
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.preview.caption import caption, drawable
from bot.preview.clip import Clip
from bot.preview.encoder import ahead
from bot.preview.mood import mood_of
from bot.preview.palette import PALETTES
from bot.preview.render import frames_of, mood_in, render
from bot.preview.scene import scene
from bot.preview.sound import PEAK, RATE, sound
from bot.preview.sprites import canvas_of
from tests.preview.preview_client import photo


def make_clip(prompt: str = "hills at dawn", **over: object) -> Clip:
    fields: dict[str, object] = {"seed": 1, "width": 1280, "height": 720, "seconds": 4, **over}
    return Clip(prompt=prompt, **fields)  # type: ignore[arg-type]


def first(clip: Clip, count: int) -> list[NDArray[np.uint8]]:
    """Return the first frames of a clip as RGB."""
    frames = itertools.islice(frames_of(clip), count)
    return [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in frames]


def ignore(_done: int) -> None:
    """Take no notice of progress."""


@pytest.mark.parametrize(("width", "height", "seconds"), [(1280, 720, 4), (720, 1280, 8)])
def test_a_render_is_h264_main_with_aac_that_starts_at_once(
    tmp_path: Path, width: int, height: int, seconds: int
) -> None:
    path = tmp_path / "clip.mp4"
    done: list[int] = []
    render(make_clip(width=width, height=height, seconds=seconds), path, on_frame=done.append)
    assert done == list(range(1, seconds * 24 + 1))
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    assert list(tmp_path.iterdir()) == [path]
    with av.open(BytesIO(data), "r", format="mp4") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        context = video.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "Main", "yuv420p")
        assert (video.width, video.height) == (width, height)
        assert video.average_rate == 24
        assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (
            1,
            1,
            1,
            1,
        )
        assert video.frames == seconds * 24
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 44_100, 1)
        assert container.duration is not None
        assert abs(container.duration / av.time_base - seconds) < 0.05
        frames = list(container.decode(video))
    assert len(frames) == seconds * 24
    assert sum(frame.key_frame for frame in frames) == seconds // 2


def test_the_same_seed_gives_the_same_frames_and_another_seed_others() -> None:
    same, again = first(make_clip(seed=3), 30), first(make_clip(seed=3), 30)
    assert all(np.array_equal(a, b) for a, b in zip(same, again, strict=True))
    other = first(make_clip(seed=4), 30)
    assert np.abs(same[-1].astype(int) - other[-1]).mean() > 5


def test_the_picture_moves() -> None:
    frames = first(make_clip(), 60)
    assert np.abs(frames[20].astype(int) - frames[59]).mean() > 1


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280)])
def test_a_clip_with_a_picture_starts_from_it_and_then_zooms(tmp_path: Path, width: int, height: int) -> None:
    picture = photo(width, height)
    rows = tmp_path / "picture.rgb"
    rows.write_bytes(picture.tobytes())
    path = tmp_path / "clip.mp4"
    render(make_clip("a red box", picture=rows, width=width, height=height), path, on_frame=ignore)
    with av.open(str(path), "r", format="mp4") as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    wanted = np.asarray(picture).astype(int)
    assert np.abs(frames[0] - wanted).mean() < 3
    assert np.abs(frames[-1] - wanted).mean() > 6


def test_a_render_stops_by_what_its_callback_raises_and_leaves_no_file(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        if done == 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        render(make_clip(), tmp_path / "clip.mp4", on_frame=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_frames_are_made_reaches_the_encoder() -> None:
    clip = make_clip()

    def broken() -> Iterator[av.VideoFrame]:
        yield from itertools.islice(frames_of(clip), 3)
        raise ArithmeticError

    frames = ahead(broken())
    assert len(list(itertools.islice(frames, 3))) == 3
    with pytest.raises(ArithmeticError):
        next(frames)


def written(prompt: str) -> NDArray[np.bool_]:
    """Return which pixels a caption makes white on grey."""
    frame = av.VideoFrame(1280, 240, "yuv420p")
    canvas = canvas_of(frame)
    for plane in canvas:
        plane[...] = 128
    text = caption(prompt, 1280)
    if text is not None:
        text.draw(canvas, 0, 0)
    white: NDArray[np.bool_] = canvas[0] > 200
    return white


def test_each_script_is_drawn_with_glyphs_and_not_with_boxes() -> None:
    letters = ["猫", "犬", "ね", "고", "Ж", "ß", "Ω", "龍", "龙"]
    drawn = [written(letter) for letter in letters]
    assert all(20 < pixels.sum() < 1500 for pixels in drawn)
    for (a, one), (b, two) in itertools.combinations(zip(letters, drawn, strict=True), 2):
        assert not np.array_equal(one, two), f"{a} and {b} look the same"


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("a cat 🐈 plays", "a cat plays"),
        ("مرحبا hello שלום", "hello"),
        ("a\u200bb\u202ec\u200f\ufeffd", "abcd"),
        ("tab\tand\r\nline\x07", "tab and line"),
        ("★\ufe0f e\u0301", "★ é"),
        ("角马吃甜甜圈", "角马吃甜甜圈"),
        ("half \ud83d a pair", "half a pair"),
        ("👩‍🚀🦊🎬", ""),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(prompt: str, text: str) -> None:
    assert drawable(prompt) == text


def test_a_prompt_of_emoji_leaves_the_picture_without_a_caption() -> None:
    assert caption("👩‍🚀🦊🎬", 1280) is None
    assert not written("👩‍🚀🦊🎬").any()


@pytest.mark.parametrize(
    "prompt", ["word " * 6000, "很长的提示词" * 5000, "x" * 32_000], ids=["words", "chinese", "x"]
)
@pytest.mark.parametrize("width", [1280, 720])
def test_a_long_prompt_keeps_to_three_lines_inside_the_frame(prompt: str, width: int) -> None:
    text = caption(prompt, width)
    assert text is not None
    assert (text.width, text.height < 240) == (width, True)
    frame = av.VideoFrame(width, 240, "yuv420p")
    canvas = canvas_of(frame)
    canvas[0][...] = 16
    text.draw(canvas, 0, 0)
    columns = np.flatnonzero((canvas[0] > 150).any(axis=0))
    assert columns.min() > width * 0.04
    assert columns.max() < width * 0.96
    assert len(columns) > width * 0.5


@pytest.mark.parametrize(
    ("prompt", "palettes", "motes"),
    [
        ("a red fox in the snow", "snow", "snow"),
        ("雪の中の狐", "snow", "snow"),
        ("a snowy night", "night", "snow"),
        ("neon city in the rain", "city", "rain"),
        ("火山喷发", "fire", "embers"),
        ("바다 위의 배", "sea", "dust"),
    ],
)
def test_words_of_a_prompt_steer_the_picture(prompt: str, palettes: str, motes: str) -> None:
    mood = mood_in(make_clip(prompt))
    turns = [mood.palette.near == palette.near for palette in PALETTES[palettes]]
    assert any(turns)
    assert mood.motes == motes


def test_a_word_of_the_negative_prompt_no_longer_steers() -> None:
    clip = make_clip("a fox in snow")
    assert mood_of(clip.prompt, "", clip.rng("mood")).motes == "snow"
    assert mood_of(clip.prompt, "snow", clip.rng("mood")).motes != "snow"


@pytest.mark.parametrize(
    "prompt",
    ["space", "fire", "city night", "sunset desert", "rain", "sea", "blossom", "forest fireflies", "day"],
)
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280)])
def test_every_kind_of_scene_draws_a_full_lit_frame(prompt: str, width: int, height: int) -> None:
    clip = make_clip(prompt, width=width, height=height)
    frame = next(itertools.islice(scene(clip, mood_in(clip)), 20, None))
    luma, u, v = canvas_of(frame)
    assert luma.shape == (height, width)
    assert luma.std() > 8
    assert u.std() + v.std() > 2


@pytest.mark.parametrize("prompt", ["sea", "rain", "fire", "mountains", "night"])
def test_the_sound_is_as_long_as_the_clip_soft_and_never_clips(prompt: str) -> None:
    clip = make_clip(prompt, seconds=8)
    samples = sound(clip, mood_in(clip))
    assert samples.shape == (8 * RATE,)
    assert np.abs(samples).max() <= PEAK + 1e-6
    assert -32 < 20 * np.log10(np.sqrt(np.mean(samples**2))) < -12
    assert np.abs(samples[:50]).max() < 0.01
    assert np.abs(samples[-50:]).max() < 0.01
    power = np.abs(np.fft.rfft(samples)) ** 2
    highest = np.fft.rfftfreq(len(samples), 1 / RATE) > 8000
    assert power[highest].sum() < 0.02 * power.sum()
