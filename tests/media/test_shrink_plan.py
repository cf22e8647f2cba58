"""Bit rates and sizes, from figures alone."""

from dataclasses import replace

import pytest

from bot.domain.codes import Code
from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.plan import Footage, plan

MIB = 1 << 20
SCENE = Footage(seconds=12, fps=30, size=Size(1280, 720), audio_rate=64_000, audio_is_aac=True)


def test_the_rates_stay_below_the_limit() -> None:
    aim = plan(SCENE, 10 * MIB)
    spent = (aim.video_rate + 64_000) * SCENE.seconds / 8
    assert 0.93 * 10 * MIB < spent < 0.98 * 10 * MIB
    assert aim.size == SCENE.size


def test_a_retry_with_a_smaller_share_gets_smaller_rates() -> None:
    assert plan(SCENE, 10 * MIB, 0.93).video_rate < plan(SCENE, 10 * MIB).video_rate * 0.94


def test_sparse_bits_scale_the_picture_down_to_where_they_suffice() -> None:
    aim = plan(SCENE, MIB)
    assert aim.size < SCENE.size
    per_pixel = aim.video_rate / 0.98 / (aim.size.width * aim.size.height * SCENE.fps)
    assert per_pixel == pytest.approx(0.035, rel=0.02)
    assert aim.size.ratio == pytest.approx(SCENE.size.ratio, rel=0.01)


@pytest.mark.parametrize("size", [Size(1281, 721), Size(321, 241), Size(1279, 719), Size(999, 1001)])
@pytest.mark.parametrize("limit", [10 * MIB, MIB])
def test_sizes_are_even_and_never_larger(size: Size, limit: int) -> None:
    aim = plan(replace(SCENE, size=size), limit)
    assert (aim.size.width % 2, aim.size.height % 2) == (0, 0)
    assert aim.size.width <= size.width
    assert aim.size.height <= size.height


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        pytest.param({"audio_rate": None, "audio_is_aac": False}, None, id="no audio"),
        pytest.param({}, None, id="AAC of 64 kbit/s is copied"),
        pytest.param({"audio_rate": 130_000}, None, id="AAC of 130 kbit/s is copied"),
        pytest.param({"audio_rate": 130_001}, 96_000, id="richer AAC is encoded anew"),
        pytest.param({"audio_is_aac": False}, 96_000, id="another codec is encoded anew"),
        pytest.param({"audio_rate": 0}, 96_000, id="an unknown rate is encoded anew"),
    ],
)
def test_audio_is_copied_where_it_is_modest(over: dict[str, int | None], expected: int | None) -> None:
    assert plan(replace(SCENE, **over), 10 * MIB).audio_rate == expected  # type: ignore[arg-type] # a table


def test_audio_never_takes_more_than_a_fifth_when_bits_are_short() -> None:
    aim = plan(replace(SCENE, audio_rate=128_000), MIB // 2)
    assert aim.audio_rate is not None
    assert aim.audio_rate / (aim.audio_rate + aim.video_rate) < 0.21


def test_a_short_clip_gets_a_small_buffer() -> None:
    assert plan(SCENE, MIB).buffer == pytest.approx(plan(SCENE, MIB).video_rate / 0.98 * 2, rel=0.001)
    short = plan(replace(SCENE, seconds=3), MIB)
    assert short.buffer == pytest.approx(short.video_rate / 0.98 / 2, rel=0.001)


@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"seconds": 0.0}, id="no length"),
        pytest.param({"seconds": -1.0}, id="negative length"),
        pytest.param({"seconds": 3600.0}, id="an hour"),
        pytest.param({"seconds": 1e300}, id="absurd length"),
        pytest.param({"fps": 0.0}, id="no frame rate"),
        pytest.param({"size": Size(9000, 100)}, id="too wide"),
        pytest.param({"size": Size(8000, 8000)}, id="too many pixels"),
        pytest.param({"size": Size(8, 8)}, id="too small"),
    ],
)
def test_what_cannot_be_watched_cannot_fit(over: dict[str, float | Size]) -> None:
    with pytest.raises(CannotFit) as caught:
        plan(replace(SCENE, **over), MIB)  # type: ignore[arg-type] # a table
    assert caught.value.code is Code.RESULT_TOO_LARGE


@pytest.mark.parametrize("limit", [0, 1, 1000, 100_000])
def test_a_limit_below_the_floor_cannot_fit(limit: int) -> None:
    with pytest.raises(CannotFit):
        plan(SCENE, limit)
