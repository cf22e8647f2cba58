"""Caption: the prompt, written into the picture."""

import functools
import unicodedata

import numpy as np
from fontTools.ttLib import TTFont
from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.preview.sprites import Field, Sprite

LINES = 3
ELLIPSIS = "…"
WIDTH_SHARE = 0.86
READ_AHEAD = 600  # characters of a prompt that are looked at; three lines never hold more

# Han characters are drawn differently by language; the collection has one face for each.
FACES = {"ja": 0, "ko": 1, "zh-Hans": 2, "zh-Hant": 3}
ONLY_TRADITIONAL = frozenset("們個這來時國說對過還裡麼學會於後點開關長門車東馬鳥魚龍風飛電夢燈貓書見無熱愛")


@functools.cache
def glyphs() -> frozenset[int]:
    """Return every code point that the font can draw."""
    with TTFont(FONT_PATH, fontNumber=FACES["zh-Hans"], lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """Return the text in one line without what the font cannot draw: emoji, controls, unknown scripts."""
    known = glyphs()
    kept = []
    for letter in unicodedata.normalize("NFC", text[:READ_AHEAD]):
        if letter.isspace():
            kept.append(" ")
        elif ord(letter) in known and unicodedata.category(letter)[0] not in "CM":
            kept.append(letter)
    return " ".join("".join(kept).split())


def face_of(text: str) -> int:
    """Return the face of the font collection that suits the language of the text."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return FACES["ja"]
    if any("\uac00" <= letter <= "\ud7a3" for letter in text):
        return FACES["ko"]
    return FACES["zh-Hant" if ONLY_TRADITIONAL.intersection(text) else "zh-Hans"]


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into at most `LINES` lines of `width` pixels; what is left over becomes an ellipsis.

    Lines break at spaces, between Chinese, Japanese or Korean characters, and inside a word wider than one.
    """
    lines: list[str] = []
    rest = text
    while rest and len(lines) < LINES:
        end = _fitting(rest, font, width)
        last = len(lines) == LINES - 1
        if last and end < len(rest):
            while end > 1 and font.getlength(rest[:end].rstrip() + ELLIPSIS) > width:
                end -= 1
            lines.append(rest[:end].rstrip(" ,.;:，。、；：") + ELLIPSIS)
            break
        if end < len(rest):
            end = _break_before(rest, end)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """Return how many characters from the start fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _break_before(text: str, end: int) -> int:
    """Return the best place at or before `end` to break; closing marks never start a line."""
    for place in range(end, 0, -1):
        before, after = text[place - 1], text[place]
        if after == " " or before == " ":
            return place
        if (_is_wide(before) or _is_wide(after)) and unicodedata.category(after) not in ("Po", "Pe", "Pf"):
            return place
    return end


def caption(prompt: str, width: int) -> Sprite | None:
    """Return the prompt in white on a soft dark shade, `width` pixels wide; None if nothing can be drawn."""
    text = drawable(prompt)
    if not text:
        return None
    size = 34 if width >= 1000 else 32
    font = ImageFont.truetype(FONT_PATH, size, index=face_of(text))
    lines = wrapped(text, font, width * WIDTH_SHARE)
    pad, leading = size, round(size * 1.38)
    letters = Image.new("L", (width, leading * len(lines) + 2 * pad))
    draw = ImageDraw.Draw(letters)
    for number, line in enumerate(lines):
        draw.text(
            (width / 2, pad + number * leading), line, fill=255, font=font, anchor="ma", stroke_width=0.5
        )
    sharp = np.asarray(letters, np.float32) / np.float32(255)
    shade = _shade(letters, size)
    return Sprite(_over(sharp, shade))


def _shade(letters: Image.Image, size: int) -> Field:
    """Return a soft dark cloud behind the letters, darkest close to them."""
    small = letters.resize((letters.width // 4, letters.height // 4), Image.Resampling.BOX)
    total = np.zeros((letters.height, letters.width), np.float32)
    for radius, weight in ((size / 20, 1.3), (size / 8, 1.5)):
        blurred = small.filter(ImageFilter.GaussianBlur(radius)).resize(
            letters.size, Image.Resampling.BICUBIC
        )
        total += np.asarray(blurred, np.float32) * np.float32(weight / 255)
    shade: Field = np.clip(total, 0, 0.72)
    return shade


def _over(sharp: Field, shade: Field) -> Field:
    """Return RGBA of near-white letters over a near-black shade."""
    alpha = sharp + shade * (1 - sharp)
    rgba = np.empty((*sharp.shape, 4), np.float32)
    white = np.where(alpha > 0, sharp / np.maximum(alpha, 1e-6), 0)
    rgba[..., :3] = (0.02 + 0.96 * white)[..., None]
    rgba[..., 3] = alpha
    return rgba
