"""Lettering: text in pictures, in any language that the font has, without boxes for the rest."""

import functools
import unicodedata

from fontTools.ttLib import TTFont
from noto_cjk_sans_otc import FONT_PATH
from PIL import ImageFont

from bot.media.line_break import Measure, broken

_READ_AHEAD = 600  # characters that are looked at; no picture here holds more
# Han characters are drawn differently by language; the collection has one face for each.
_FACES = {"ja": 0, "ko": 1, "zh-Hans": 2, "zh-Hant": 3}
_ONLY_TRADITIONAL = frozenset("們個這來時國說對過還裡麼學會於後點開關長門車東馬鳥魚龍風飛電夢燈貓書見無熱愛")


def drawable(text: str) -> str:
    """Return the text in one line without what the font cannot draw: emoji, controls, unknown scripts."""
    known = _glyphs()
    kept = []
    for letter in unicodedata.normalize("NFC", text[:_READ_AHEAD]):
        if letter.isspace():
            kept.append(" ")
        elif ord(letter) in known and unicodedata.category(letter)[0] not in "CM":
            kept.append(letter)
    return " ".join("".join(kept).split())


def font_for(text: str, size: float) -> ImageFont.FreeTypeFont:
    """Return the font in the face that suits the language of the text; the size is in pixels."""
    return ImageFont.truetype(FONT_PATH, size, index=_FACES[_language(text)])


def lines_of(text: str, font: ImageFont.FreeTypeFont, width: float, most: int) -> list[str]:
    """Break a drawable text into at most `most` lines of `width` pixels; an ellipsis stands for the rest."""
    measure: Measure = font.getlength
    return broken(text, measure, width, most)


@functools.cache
def _glyphs() -> frozenset[int]:
    with TTFont(FONT_PATH, fontNumber=_FACES["zh-Hans"], lazy=True) as font:
        return frozenset(font.getBestCmap())


def _language(text: str) -> str:
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "ja"
    if any("\uac00" <= letter <= "\ud7a3" for letter in text):
        return "ko"
    return "zh-Hant" if _ONLY_TRADITIONAL.intersection(text) else "zh-Hans"
