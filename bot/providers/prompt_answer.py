"""Reading what a language model said: pure, from the answer of a chat completion to a prompt or scenes."""

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from bot.domain.codes import Code
from bot.domain.prompt import clean_prompt, shorten, visible_length
from bot.domain.prompts.story import without_bullet
from bot.ports_prompt import PromptApiError
from bot.providers.prompt_instructions import refuses, without_label

LONGEST = 4000
"""Characters of a prompt: what a member can still edit in one field of a form."""
LONGEST_THEME = 60
_SHORTEST = 4
_MOST_LINES = 12

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_JSON = re.compile(r"[{\[]")
_FENCE = re.compile(r"```[\w-]*\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
_QUOTES = {'"': '"', "“": "”", "「": "」", "'": "'", "«": "»"}


def said(data: object) -> str:
    """Return the text of the first choice of a chat completion.

    Raises:
        PromptApiError: it was refused (also by a content filter), is cut off, or is no chat completion.
    """
    choice = _first(data.get("choices")) if isinstance(data, dict) else None
    message = choice.get("message") if choice is not None else None
    if choice is None or not isinstance(message, dict):
        _nonsense("no chat completion")
    if choice.get("finish_reason") == "content_filter" or _text(message.get("refusal")):
        raise PromptApiError("the model refused", code=Code.PROMPT_API_REFUSED)
    text = _THOUGHTS.sub("", _text(message.get("content"))).strip()
    if not text:
        _nonsense("an empty message")
    if refuses(text):
        raise PromptApiError("the model refused", code=Code.PROMPT_API_REFUSED)
    if choice.get("finish_reason") == "length":
        _nonsense("an answer that was cut off")
    return text


def read_prompt(text: str) -> str:
    """Read {"prompt": "..."}, in fences and among other words too, or a plain text that looks like a prompt.

    Raises:
        PromptApiError: it is neither, a refusal, or longer than 4,000 characters.
    """
    for value in _values(text):
        if isinstance(value, dict) and isinstance(value.get("prompt"), str):
            return _checked(value["prompt"])
    return _checked(_plain(text))


def read_scenes(text: str, count: int) -> tuple[str, ...]:
    """Read {"scenes": [...]} or a bare list, of texts or of {"prompt": "..."}, else a list of plain lines.

    Raises:
        PromptApiError: there are not exactly `count` scenes; each is paid for, so none is made up.
    """
    scenes = next(filter(None, map(_listed, _values(text))), None)
    if scenes is None:
        lines = [without_bullet(line) for line in _unfenced(text).splitlines() if line.strip()]
        scenes = [line for line in lines if not line.endswith((":", "："))]
    if len(scenes) != count:
        _nonsense(f"{len(scenes)} scenes instead of {count}")
    return tuple(_checked(scene) for scene in scenes)


def read_themes(text: str, most: int) -> tuple[str, ...]:
    """Read {"themes": [...]} or a bare list of texts, at most so many; there may be none.

    Raises:
        PromptApiError: it is neither.
    """
    lists = (value.get("themes") if isinstance(value, dict) else value for value in _values(text))
    listed = next((one for one in lists if isinstance(one, list)), None)
    if listed is None or not all(isinstance(item, str) for item in listed):
        _nonsense("no list of themes")
    themes = (shorten(" ".join(clean_prompt(item).split()), LONGEST_THEME) for item in listed)
    return tuple(dict.fromkeys(theme for theme in themes if theme))[:most]


def _listed(value: object) -> list[str] | None:
    listed = value.get("scenes") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        return None
    texts = [item.get("prompt") if isinstance(item, dict) else item for item in listed]
    scenes = [text for text in texts if isinstance(text, str)]
    return scenes if len(scenes) == len(texts) else None


def _plain(text: str) -> str:
    """Return a text without what models say around a prompt."""
    bare = without_label(_unfenced(text).strip()).strip().strip("*").strip()
    if len(bare) > 2 and _QUOTES.get(bare[0]) == bare[-1]:
        bare = bare[1:-1]
    if bare[:1] in {"{", "[", "<"} or len(bare.splitlines()) > _MOST_LINES:
        _nonsense("text that is no prompt")
    return bare


def _checked(text: str) -> str:
    prompt = clean_prompt(text)
    if refuses(prompt):
        raise PromptApiError("the model refused", code=Code.PROMPT_API_REFUSED)
    if len(prompt) > LONGEST:
        _nonsense(f"a prompt of {len(prompt)} characters")
    if visible_length(prompt) < _SHORTEST:
        _nonsense("a prompt of hardly any characters")
    return prompt


def _unfenced(text: str) -> str:
    fenced = _FENCE.search(text)
    return fenced[1] if fenced else text


def _values(text: str) -> Iterator[object]:
    """Yield the JSON values in a text, the outer ones, at most a few."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(20):
        opening = _JSON.search(text, at)
        if opening is None:
            return
        try:
            value, at = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            at = opening.end()
        else:
            yield value


def _first(choices: object) -> dict[str, object] | None:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _text(content: object) -> str:
    """Return a text that may come in parts."""
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _nonsense(what: str) -> NoReturn:
    raise PromptApiError(f"the model sent {what}", code=Code.PROMPT_API_NONSENSE)
