"""A server's own rating scale, as an owner types it: `😍=100 🙂=60 😴=0`."""

import re
from collections.abc import Sequence

from bot.domain.codes import Code
from bot.domain.emoji_command import EmojiCommand, read_command
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import shorten
from bot.domain.ratings import BEST, RatingStyle, Scale, plain

FEWEST, MOST = 2, 10
SHOWN = 40
"""Characters of a wrong part that are repeated."""

_OF_A_SERVER = re.compile(r"<a?:\w{2,32}:\d{15,20}>", re.ASCII)
_TONE = "\U0001f3fb-\U0001f3ff"
_FLAG = "\U0001f1e6-\U0001f1ff"
_PICTURE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f004-\U0001f1e5\U0001f200-\U0001f3fa"
    "\U0001f400-\U0001faff"
)
_ONE = f"[{_PICTURE}]\ufe0f?[{_TONE}]?[\U000e0020-\U000e007f]*"
# Not every sign in these blocks is an emoji: what Discord does not know is left out when the bot adds them.
_OF_UNICODE = re.compile(f"[0-9#*]\ufe0f?\u20e3|[{_FLAG}]{{2}}|{_ONE}(?:\u200d{_ONE})*")


def parse_scale(text: str) -> Scale:
    """Read emoji with weights, from `FEWEST` to `MOST`, in the order in which the bot adds them.

    Raises:
        InvalidRequest: with the sentence for the owner.
    """
    parts = _parts(text)
    if not FEWEST <= len(parts) <= MOST:
        raise InvalidRequest(code=Code.SCALE_COUNT, count=len(parts), least=FEWEST, most=MOST)
    values: dict[str, int] = {}
    for part in parts:
        emoji, weight = _emoji_and_weight(part)
        if (
            read_command(emoji) is EmojiCommand.REMOVAL
        ):  # would delete where it stays seeded under a later scale
            raise InvalidRequest(code=Code.SCALE_REMOVAL)
        if plain(emoji) in map(plain, values):
            raise InvalidRequest(code=Code.SCALE_TWICE, emoji=emoji)
        values[emoji] = weight
    return Scale(style=RatingStyle.OWN, values=values)


def _parts(text: str) -> Sequence[str]:
    return re.sub(r"\s*=\s*", "=", text.replace(",", " ")).split()


def _emoji_and_weight(part: str) -> tuple[str, int]:
    emoji, separator, weight = part.partition("=")
    if not _OF_A_SERVER.fullmatch(emoji) and not _OF_UNICODE.fullmatch(emoji):
        raise InvalidRequest(code=Code.SCALE_NO_EMOJI, part=_shown(emoji))
    if not separator or not re.fullmatch(r"\d{1,3}", weight, re.ASCII) or int(weight) > BEST:
        raise InvalidRequest(code=Code.SCALE_WEIGHT, part=_shown(part), most=BEST)
    return emoji, int(weight)


def _shown(part: str) -> str:
    return shorten(part.replace("`", "'"), SHOWN)
