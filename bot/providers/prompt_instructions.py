"""What a language model is told to do, and how it begins what is no prompt: `prompt_instructions.toml`."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.prompts.refine import Criterion


def to_enhance() -> str:
    """Return how to improve a prompt."""
    return _whole(texts()["enhance"], "prompt")


def to_split(count: int) -> str:
    """Return how to split an idea into scenes."""
    return _whole(texts()["split"].format(count=count), "scenes")


def to_revise(weak: Sequence[Criterion], *, comment: bool) -> str:
    """Return how to change a prompt whose video was rated low, or that its author commented on."""
    faults = [texts()["faults"][name] for name in (*weak, *(("comment",) if comment else ()))]
    return _whole(texts()["revise"].format(faults="\n".join(f"- {fault}" for fault in faults)), "prompt")


def to_digest(most: int) -> str:
    """Return how to sum up what people wrote about videos."""
    data = texts()
    return f"{data['digest'].format(most=most).strip()} {data['manners'].strip()} {data['form']['themes']}"


def refuses(text: str) -> bool:
    """Whether the answer begins like a refusal."""
    return _opening("refusal", r"^\W*(?:%s)").match(text) is not None


def without_label(text: str) -> str:
    """Return the answer without a "Here is the prompt:" before it."""
    return _opening("label", r"^\W*(?:%s)\W{0,3}[:：]\W{0,3}\s*").sub("", text, count=1)


def _whole(task: str, form: str) -> str:
    data = texts()
    return f"{data['craft'].strip()}\n\n{task.strip()} {data['manners'].strip()} {data['form'][form]}"


@cache
def _opening(kind: str, around: str) -> re.Pattern[str]:
    return re.compile(around % "|".join(texts()["opening"][kind]), re.IGNORECASE)


@cache
def texts() -> dict[str, Any]:
    """Read the file, once. Blocks."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
