"""The picture of a family of videos: a tree of thumbnails with ids, legible on a phone."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from bot.domain.errors import UnreadableImage
from bot.domain.lineage import FamilyMember
from bot.media.family_tree import Place, places
from bot.media.header import open_picture
from bot.media.lettering import drawable, font_for, lines_of

MOST = 40
_WIDTH = 1080
_MARGIN = 28
_GAP = 14
_ROWS = ((5, 200), (9, 160), (16, 124), (26, 100), (MOST, 88))
"""Up to so many members, the height of a row in pixels."""
_LANES = 320  # pixels that all lanes may take
_WIDEST_LANE = 52
_BACK, _CARD, _EMPTY, _LINE = (24, 25, 28), (43, 45, 49), (34, 36, 40), (99, 104, 115)
_INK, _SOFT, _ACCENT = (242, 243, 245), (190, 194, 202), (148, 156, 247)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The measures of one picture, in pixels."""

    row: int
    lane: float
    thumb: tuple[int, int]
    cards: int  # where they begin

    def dot(self, row: int, lane: int) -> tuple[int, int]:
        """Return the middle of a member's dot: a dot is as high as its card's middle."""
        return round(_MARGIN + (lane + 0.4) * self.lane), _MARGIN + row * self.row + (self.row - _GAP) // 2


def family_picture(members: Sequence[FamilyMember]) -> bytes:
    """Return a JPEG of the first 40 members as a tree. Blocks for some tenths of a second."""
    shown = places(members[:MOST])
    thumbs = [_thumbnail(place.member.thumbnail) for place in shown]
    look = _look(shown, thumbs)
    high = 2 * _MARGIN + max(1, len(shown)) * look.row - _GAP
    picture = Image.new("RGB", (_WIDTH, high), _BACK)
    draw = ImageDraw.Draw(picture)
    for place in shown:
        _line(draw, place, look)
    for place, thumb in zip(shown, thumbs, strict=True):
        _dot(draw, place, look)
        _card(picture, place, thumb, look)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def _look(shown: Sequence[Place], thumbs: Sequence[Image.Image | None]) -> _Look:
    row = next(height for most, height in _ROWS if len(shown) <= most)
    lanes = max((place.lane for place in shown), default=0) + 1
    lane = min(_WIDEST_LANE, _LANES / lanes)
    high = row - _GAP
    lying = any(thumb is None or thumb.width >= thumb.height for thumb in thumbs)
    wide = round(high * (16 / 9 if lying else 0.7))
    return _Look(row=row, lane=lane, thumb=(wide, high), cards=round(_MARGIN + lanes * lane + 6))


def _thumbnail(path: Path | None) -> Image.Image | None:
    """Open a picture, if there is one that can be read."""
    if path is None:
        return None
    try:
        image = open_picture(path.read_bytes()).image
        image.draft("RGB", (640, 640))
        image.thumbnail((640, 640))
        return image.convert("RGB")
    except (UnreadableImage, OSError, SyntaxError, ValueError):
        return None


def _line(draw: ImageDraw.ImageDraw, place: Place, look: _Look) -> None:
    """Draw the line from the parent: straight down, then with a round turn to the right."""
    if place.parent_row is None or place.parent_lane is None:
        return
    x, y = look.dot(place.parent_row, place.parent_lane)
    own_x, own_y = look.dot(place.row, place.lane)
    width = 4
    if own_x == x:
        draw.line((x, y, x, own_y), _LINE, width)
        return
    turn = min(16, own_x - x)
    draw.line((x, y, x, own_y - turn), _LINE, width)
    # An arc's line lies inside its box, a straight one on both sides of its middle.
    half = width // 2
    draw.arc((x - half + 1, own_y - 2 * turn, x + 2 * turn, own_y + half), 90, 180, _LINE, width)
    draw.line((x + turn, own_y, own_x, own_y), _LINE, width)


def _dot(draw: ImageDraw.ImageDraw, place: Place, look: _Look) -> None:
    x, y = look.dot(place.row, place.lane)
    radius = min(10.0, look.lane * 0.32)
    draw.line((x, y, look.cards, y), _LINE, 2)
    draw.circle((x, y), radius, _ACCENT, _BACK, 3)


def _no_picture(draw: ImageDraw.ImageDraw, left: int, top: int, box: tuple[int, int]) -> None:
    """Draw what stands for a video where there is no picture of it."""
    draw.rounded_rectangle((left, top, left + box[0], top + box[1]), 10, _EMPTY)
    x, y, side = left + box[0] / 2, top + box[1] / 2, box[1] * 0.16
    draw.polygon(((x - side * 0.8, y - side), (x - side * 0.8, y + side), (x + side, y)), _LINE)


def _card(picture: Image.Image, place: Place, thumb: Image.Image | None, look: _Look) -> None:
    draw, member = ImageDraw.Draw(picture), place.member
    left, top = look.cards, _MARGIN + place.row * look.row
    high = look.row - _GAP
    draw.rounded_rectangle((left, top, _WIDTH - _MARGIN, top + high), 10, _CARD)
    if thumb is None:
        _no_picture(draw, left, top, look.thumb)
    else:
        small = ImageOps.contain(thumb, look.thumb, Image.Resampling.LANCZOS)
        at = (left + (look.thumb[0] - small.width) // 2, top + (look.thumb[1] - small.height) // 2)
        mask = Image.new("L", small.size)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, small.width - 1, small.height - 1), 10, 255)
        picture.paste(small, at, mask)
    x, end = left + look.thumb[0] + 18, _WIDTH - _MARGIN - 14
    large, small_letters = max(28, round(high * 0.2)), max(24, round(high * 0.16))
    caption = drawable(member.caption)
    font = font_for(caption, small_letters)
    room = max(1, int((high - large * 1.5 - 8) / (small_letters * 1.3)))
    lines = lines_of(caption, font, end - x, room)
    block = large * 1.35 + len(lines) * small_letters * 1.3
    y = top + (high - block) / 2 + large * 0.65
    name = font_for(member.short_id, large)
    draw.text((x, y), drawable(member.short_id), _INK, name, "lm", stroke_width=large / 60)
    after = x + name.getlength(member.short_id) + 18
    relation = drawable(member.relation)
    if relation and after < end - 40:
        chip = font_for(relation, large * 0.82)
        draw.text((after, y), lines_of(relation, chip, end - after, 1)[0], _ACCENT, chip, "lm")
    for number, line in enumerate(lines):
        draw.text((x, y + large * 0.72 + small_letters * (0.65 + 1.3 * number)), line, _SOFT, font, "lm")
