"""A contact sheet: numbered pictures side by side, to choose from."""

from collections.abc import Sequence
from math import ceil, log

from PIL import Image, ImageDraw, ImageOps

from bot.domain.errors import CannotFit
from bot.media.lettering import drawable, font_for, lines_of

FEWEST, MOST = 2, 10
_WIDTH = 1600  # pixels of the sheet
_TALLEST = 2000
_SHAPE = 1.35  # width to height that shows well in a chat, also on a phone
_BACK, _CELL, _INK = (24, 25, 28), (43, 45, 49), (242, 243, 245)
_GAP = 16


def columns_for(count: int, ratio: float) -> int:
    """Return in how many columns pictures of this shape (width to height) are largest and tidiest."""

    def cost(columns: int) -> float:
        rows = ceil(count / columns)
        empty = columns * rows - count
        return abs(log(columns * ratio / rows / _SHAPE)) + 0.6 * empty / count

    # One number of columns for each number of rows: the one that fills the rows evenly.
    return min({ceil(count / rows) for rows in range(1, count + 1)}, key=cost)


def contact_sheet(
    pictures: Sequence[Image.Image | None], captions: Sequence[str], numbers: Sequence[int] = ()
) -> Image.Image:
    """Return the sheet; pictures of other shapes than the first one's are shown whole, None is an empty cell.

    Without `numbers` they count from 1.

    Raises:
        CannotFit: there is no picture at all.
    """
    first = next((picture for picture in pictures if picture is not None), None)
    if first is None:
        raise CannotFit("there is nothing to show")
    ratio = first.width / first.height
    columns = columns_for(len(pictures), ratio)
    rows = ceil(len(pictures) / columns)
    texts = [drawable(caption) for caption in captions]
    wide = _cell_width(columns, rows, ratio, captioned=any(texts))
    high = round(wide / ratio)
    letters = _letters(wide)
    strip = round(letters * 1.7) if any(texts) else 0
    size = (columns * (wide + _GAP) + _GAP, rows * (high + strip + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _BACK)
    for index, picture in enumerate(pictures):
        column, row = index % columns, index // columns
        in_row = min(columns, len(pictures) - row * columns)
        left = (size[0] - in_row * (wide + _GAP) + _GAP) // 2 + column * (wide + _GAP)
        top = _GAP + row * (high + strip + _GAP)
        ImageDraw.Draw(sheet).rectangle((left, top, left + wide - 1, top + high + strip - 1), _CELL)
        if picture is not None:
            shown = ImageOps.contain(picture.convert("RGB"), (wide, high), Image.Resampling.LANCZOS)
            sheet.paste(shown, (left + (wide - shown.width) // 2, top + (high - shown.height) // 2))
        number = numbers[index] if index < len(numbers) else index + 1
        _number(sheet, number, (left, top), min(wide, high))
        if index < len(texts) and texts[index]:
            font = font_for(texts[index], letters)
            line = lines_of(texts[index], font, wide - letters, 1)[0]
            at = (left + wide / 2, top + high + strip / 2)
            ImageDraw.Draw(sheet).text(at, line, _INK, font, "mm")
    return sheet


def _cell_width(columns: int, rows: int, ratio: float, *, captioned: bool) -> int:
    wide = (_WIDTH - _GAP) // columns - _GAP
    room = (_TALLEST - _GAP) // rows - _GAP - (round(_letters(wide) * 1.7) if captioned else 0)
    return min(wide, round(room * ratio))


def _letters(wide: int) -> int:
    """Return the size of a caption's letters: legible where the sheet is a third as large."""
    return max(30, min(44, wide // 12))


def _number(sheet: Image.Image, number: int, corner: tuple[int, int], side: int) -> None:
    size = max(56, round(side * 0.2))
    high = round(size * 1.25)
    text = str(number)
    font = font_for(text, size)
    wide = max(high, round(font.getlength(text) + size * 0.6))
    badge = Image.new("L", (wide, high))
    ImageDraw.Draw(badge).rounded_rectangle(
        (0, 0, wide - 1, high - 1), size // 3, 216, corners=(False, False, True, False)
    )
    sheet.paste((12, 12, 14), corner, badge)
    ImageDraw.Draw(sheet).text(
        (corner[0] + wide / 2, corner[1] + high / 2),
        text,
        (255, 255, 255),
        font,
        "mm",
        stroke_width=size / 40,
    )
