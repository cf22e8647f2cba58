"""Charts: looked at by their pixels, and drawn in a real child process."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from bot.domain.chart import Bar, Bars, Chart, Course, Lines, Point, accent_of
from bot.domain.errors import CannotFit
from bot.media.chart_drawing import drawn
from bot.media.charts import draw_chart
from bot.media.child import Allowance

ACCENT = (90, 220, 120)
HALVES = (Bars(title="left", bars=(Bar(label="a", value=0.5, note="50 %"),)),) * 2


def chart(*rows: object, **changes: object) -> Chart:
    plain = Chart(title="Trends", accent=ACCENT, rows=())
    panels = tuple(row if isinstance(row, tuple) else (row,) for row in rows)
    return replace(plain, rows=panels, **changes)  # type: ignore[arg-type]


def bars(*values: float, pale: bool = False, label: str = "noir") -> Bars:
    return Bars(
        title="Style", bars=tuple(Bar(label=label, value=value, note="x", pale=pale) for value in values)
    )


def pixels_of(wanted: Chart) -> npt.NDArray[np.int16]:
    return np.asarray(drawn(wanted), np.int16)


def coloured(pixels: npt.NDArray[np.int16], colour: tuple[int, int, int] = ACCENT) -> int:
    """Count the pixels of about this colour."""
    return int((np.abs(pixels - np.array(colour)).max(axis=2) < 24).sum())


def test_a_longer_bar_has_more_colour_and_a_pale_one_none() -> None:
    half = coloured(pixels_of(chart(bars(0.5))))
    whole = coloured(pixels_of(chart(bars(1.0))))
    pale = coloured(pixels_of(chart(bars(1.0, pale=True))))
    title = coloured(pixels_of(chart()))
    assert whole - title == pytest.approx(2 * (half - title), rel=0.1)
    assert pale == pytest.approx(title, rel=0.2), "the mark beside the title alone"


def test_every_kind_of_panel_has_its_room() -> None:
    course = Course(
        title="Approval",
        points=(Point(label="1", value=0.5, volume=3), Point(label="2", value=None, volume=0)),
        ticks=((0.0, "0 %"), (1.0, "100 %")),
        caption="votes",
    )
    heights = [
        (pixels_of(wanted)).shape[0]
        for wanted in (
            chart(),
            chart(course),
            chart(course, bars(0.1, 0.2)),
            chart(course, bars(0.1, 0.2), Lines(title="words", lines=("one", "two"))),
            chart(course, bars(0.1, 0.2), Lines(title="words", lines=("one", "two")), footnote="small print"),
        )
    ]
    assert heights == sorted(set(heights)), heights
    side_by_side, below = pixels_of(chart(HALVES)), pixels_of(chart(HALVES[:1], HALVES[1:]))
    assert side_by_side.shape[0] < below.shape[0]


def ink(pixels: npt.NDArray[np.int16]) -> int:
    """Count the light pixels where labels stand."""
    return int((pixels[:, :300].min(axis=2) > 180).sum())


@pytest.mark.parametrize("label", ["电影感", "動漫風格", "アニメ", "네온", "🦊", "🦊 noir"])
def test_a_label_in_any_script_is_drawn(label: str) -> None:
    empty = ink(pixels_of(chart(bars(0.0, label=" "))))
    assert ink(pixels_of(chart(bars(0.0, label=label)))) > empty + 40


def test_an_unknown_sign_leaves_no_box() -> None:
    plain = pixels_of(chart(bars(0.5, label="noir")))
    decorated = pixels_of(chart(bars(0.5, label="🦊noir\ufe0f\u200d")))
    assert np.abs(plain - decorated).max() < 8


def test_a_long_label_and_title_stay_within_the_picture() -> None:
    long = "an endless name " * 40
    pixels = pixels_of(
        chart(bars(0.5, label=long), title=long, subtitle=long, footnote=long * 3, accent=(255, 255, 255))
    )
    edges = np.concatenate([pixels[:, :30], pixels[:, -30:]], axis=1)
    assert edges.max() < 60


def test_text_is_no_formula() -> None:
    plain = ink(pixels_of(chart(bars(0.0, label=r"$\frac{a}{b}$ 5$ _x_"))))
    assert plain > 0


async def test_a_child_process_draws_the_same() -> None:
    """Every kind of panel goes over to it and back."""
    course = Course(title="Approval", points=(Point(label="1", value=0.5, volume=3),), ticks=((0.5, "50 %"),))
    wanted = chart(course, HALVES, bars(0.3, pale=True), Lines(title="words", lines=("画面",)), footnote="x")
    picture = Image.open(io.BytesIO(await draw_chart(wanted)))
    assert picture.format == "JPEG"
    assert np.abs(np.asarray(picture, np.int16) - pixels_of(wanted)).mean() < 1


async def test_one_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(CannotFit):
        await draw_chart(chart(), allowance=Allowance(start=0.01))


def test_accents_differ_between_servers_and_stand_out_from_the_ground() -> None:
    accents = {accent_of((1_200_000_000_000 + number * 86_400_000 << 22) + number) for number in range(50)}
    assert len(accents) > 40
    for red, green, blue in accents:
        light = 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2
        assert (light + 0.05) / (0.018 + 0.05) > 4.5, (red, green, blue)


def test_the_bot_itself_never_loads_what_draws() -> None:
    names = "bot.app, bot.media.tools, bot.media.charts"
    code = f"import sys, {names}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120, check=False).returncode == 0
