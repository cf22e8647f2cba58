"""The words of a proposed story: pure functions of the row."""

from bot.domain.board import Board
from bot.domain.capabilities import Capabilities
from bot.domain.prompt import shorten
from bot.jobs.sketch import Quote
from bot.jobs.stories import asked_seconds
from bot.ports_prompt import WrittenScenes
from cogs.boards.text import MESSAGE_LIMIT, facts_line, first_line, quote_line
from cogs.status import as_typed
from cogs.texts import Texts

ROOMS = (1200, 700, 300)
"""Characters of all scenes together: the most with which the message is not too long."""


def story_text(
    board: Board,
    quote: Quote,
    model: Capabilities | None,
    texts: Texts,
    *,
    split: WrittenScenes | None = None,
) -> str:
    """Write the proposal: each scene with its length, how they become one video, and what it will take.

    `split` says who made the scenes of an idea.
    """
    text = ""
    for room in ROOMS:
        text = "\n".join(_lines(board, quote, model, texts, split, room // len(board.clips)))
        if len(text) <= MESSAGE_LIMIT:
            break
    return text


def _lines(
    board: Board,
    quote: Quote,
    model: Capabilities | None,
    texts: Texts,
    split: WrittenScenes | None,
    words: int,
) -> list[str]:
    lines = [first_line(board, texts)]
    if split is not None:
        lines.append(split_line(split, texts))
    for clip in board.clips:
        prompt = as_typed(shorten(clip.plan.prompt, words))
        number, seconds = str(clip.position), str(clip.plan.seconds)
        lines.append(texts("story-scene", number=number, seconds=seconds, prompt=prompt))
    changed = changed_line(board, model, texts)
    if changed is not None:
        lines.append(changed)
    lines += [quote_line(quote, texts), facts_line(board, texts)]
    return lines


def changed_line(board: Board, model: Capabilities | None, texts: Texts) -> str | None:
    """Say which scenes are not as long as they were wished, and what the model makes."""
    changed = [
        texts("story-length", scene=str(clip.position), asked=str(asked), seconds=str(clip.plan.seconds))
        for clip, asked in zip(board.clips, asked_seconds(board), strict=True)
        if asked not in {None, clip.plan.seconds}
    ]
    if not changed or model is None:
        return None
    offered = ", ".join(map(str, model.seconds))
    return texts("story-lengths", offered=offered, changed=", ".join(changed))


def split_line(split: WrittenScenes, texts: Texts) -> str:
    """Say who made scenes of the idea, and why not the language model where that failed."""
    if split.why is not None:
        return texts("story-split-instead", reason=texts.error(split.why, {}))
    return texts("story-split", offline="yes" if split.offline else "no")
