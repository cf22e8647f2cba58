"""A story as members type it: one scene a line."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import clean_prompt

MOST_SCENES = 10
LONGEST_SECONDS = 600
"""A larger number at the end of a line is no length: "a disco, 1980s"."""

_BULLET = re.compile(
    r"^(?:[-*•–—·]\s+|\(?\d{1,2}\s*[.):、．）：](?!\d)\s*"
    r"|(?:scene|shot)\s*\d{1,2}\s*[.):：\-–—]\s*"
    r"|(?:场景|場景|镜头|鏡頭|分镜|分鏡)\s*[\d一二三四五六七八九十]{1,2}\s*[.):：、．\-–—]\s*"
    r"|第\s*[\d一二三四五六七八九十]{1,2}\s*[幕场場镜鏡个個][^:：]{0,3}[:：]\s*)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?P<before>^|[\s,，;；|/(（\[【·:：。.!！?？—–-])(?P<number>\d{1,5}(?:[.,]\d+)?)\s*(?:s|secs?|seconds?|秒钟?|秒鐘)\s*[)）\]】]?\s*[.。]?$",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?:\b(?:the|early|mid|late)[\s-]+)$", re.IGNORECASE)
_AT_THE_END = " ,，;；|/(（[【·:：—–-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One scene; without `seconds` it is as long as the others are by default."""

    prompt: str
    seconds: int | None = None


def read_scenes(text: str) -> tuple[Scene, ...]:
    """Read one scene a line; "8s", "8 s", "8 seconds" or "8秒" at its end sets its length in seconds.

    Numbers and bullets at the front are no part of it. Whether a model can make that length is not asked.

    Raises:
        InvalidRequest: SCENES_NONE, SCENES_TOO_MANY (facts `count`, `most`), SCENE_EMPTY and SCENE_SECONDS
            (fact `scene`, from 1).
    """
    lines = [line for line in (clean_prompt(line) for line in text.splitlines()) if line]
    if not lines:
        raise InvalidRequest(code=Code.SCENES_NONE)
    if len(lines) > MOST_SCENES:
        raise InvalidRequest(code=Code.SCENES_TOO_MANY, count=len(lines), most=MOST_SCENES)
    return tuple(_scene(line, number) for number, line in enumerate(lines, 1))


def without_bullet(line: str) -> str:
    """Return the line without the number or the mark that lists begin their lines with."""
    return _BULLET.sub("", line, count=1).strip()


def _scene(line: str, number: int) -> Scene:
    prompt, seconds = without_bullet(line), None
    found = _length(prompt)
    if found is not None:
        start, written = found
        if not written.isdecimal() or int(written) < 1:
            raise InvalidRequest(code=Code.SCENE_SECONDS, scene=number)
        prompt, seconds = prompt[:start].rstrip(_AT_THE_END), int(written)
    if not prompt:
        raise InvalidRequest(code=Code.SCENE_EMPTY, scene=number)
    return Scene(prompt=prompt, seconds=seconds)


def _length(prompt: str) -> tuple[int, str] | None:
    """Return where the length begins and its number; full-width digits count as others."""
    match = _LENGTH.search(prompt)
    if match is None:
        return None
    written = unicodedata.normalize("NFKC", match["number"])
    whole = int(re.split("[.,]", written)[0])
    if whole > LONGEST_SECONDS or _DECADE.search(prompt[: match.start("number")]):
        return None
    return match.end("before"), written
