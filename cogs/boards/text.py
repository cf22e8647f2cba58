"""The words of a board's message: pure functions from the rows to a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.board import JOINED, Board, BoardKind, BoardState, Clip, ClipState
from bot.domain.errors import Fact
from bot.domain.job import Job, JobId
from bot.domain.progress import Progress
from bot.domain.prompt import shorten
from bot.domain.states import JobState
from bot.jobs.sheets import COMPARED
from bot.jobs.sketch import Quote
from cogs.looks import shown_style
from cogs.refining.words import loop_line, round_about
from cogs.status import as_typed, bar, failure_reason, jump_link
from cogs.texts import Texts

PROMPT_SHOWN = 200
WORDS_SHOWN = (60, 36, 20, 8)
"""Characters of a clip's text: the most with which the message is not too long."""
MESSAGE_LIMIT = 2000
REASON_SHOWN = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is known of a board besides its row: its jobs, and how far each render is in this process."""

    jobs: Mapping[JobId, Job] = field(default_factory=dict)
    progress: Mapping[JobId, Progress] = field(default_factory=dict)


def board_text(board: Board, live: Live, quote: Quote, texts: Texts, *, prompt: bool = True) -> str:
    """Write the whole message: what it is, a line a clip, what it comes to and what can be done.

    Without `prompt` nothing stands in it that the member typed: a server's filters may refuse that.
    """
    text = ""
    for words in WORDS_SHOWN if prompt else (0,):
        text = "\n".join(_lines(board, live, quote, texts, words))
        if len(text) <= MESSAGE_LIMIT:
            break
    return text


def _lines(board: Board, live: Live, quote: Quote, texts: Texts, words: int) -> list[str]:
    lines = [first_line(board, texts, prompt=words > 0)]
    lines += [clip_line(board, clip, live, texts, words=words) for clip in board.every_clip]
    lines.append(_state_line(board, live, quote, texts))
    if board.state is BoardState.PROPOSED and _seeds_missing(board):
        lines.append(texts("board-no-seeds"))
    if board.state is BoardState.DONE and board.kind in COMPARED and board.done:
        lines.append(texts("board-choose"))
    lines.append(facts_line(board, texts))
    return lines


def clip_line(board: Board, clip: Clip, live: Live, texts: Texts, *, words: int) -> str:
    """Write where one clip stands: `1 ✅ A fox wakes …`; `words` are the most characters of its text."""
    job = None if clip.job_id is None else live.jobs.get(clip.job_id)
    number = texts("board-joined") if clip.position == JOINED else str(clip.position)
    about = _about(board, clip, texts, words)
    known: dict[str, Fact] = {"number": number, "about": about}
    match clip.state:
        case ClipState.PLANNED:
            return texts("board-clip-planned", **known)
        case ClipState.SKIPPED:
            return texts("board-clip-skipped", **known)
        case ClipState.FAILED:
            return texts("board-clip-failed", **known, reason=_reason(clip, job, texts))
        case ClipState.DONE if job is not None and job.result is not None:
            return texts("board-clip-done", **known, link=jump_link(job))
        case ClipState.DONE:
            return texts("board-clip-deleted", **known)
    if job is None:
        return texts("board-clip-waiting", **known)
    return _running_line(job, live.progress.get(job.id, Progress()), known, texts)


def _running_line(job: Job, progress: Progress, known: dict[str, Fact], texts: Texts) -> str:
    if job.state is JobState.UNSURE:
        return texts("board-clip-unsure", **known, id=job.short_id)
    if job.state is JobState.QUEUED:
        if progress.place is not None:
            return texts("board-clip-place", **known, place=progress.place)
        return texts("board-clip-waiting", **known)
    if progress.trouble:
        return texts("board-clip-trouble", **known, id=job.short_id)
    if job.request.join is not None:
        return texts("board-clip-joining", **known)
    if job.state is JobState.RENDERING and progress.percent is not None:
        percent = progress.percent
        return texts("board-clip-percent", **known, bar=bar(percent), percent=str(percent))
    if job.state in {JobState.SUBMITTING, JobState.RENDERING}:
        return texts("board-clip-rendering", **known)
    return texts("board-clip-coming", **known)


def facts_line(board: Board, texts: Texts) -> str:
    """Write size, length, model and id."""
    each = board.kind is BoardKind.REFINEMENT
    return texts(
        "board-facts",
        size=board.size.replace("x", "×"),
        seconds=str(board.clips[0].plan.seconds if each else board.seconds),
        each="yes" if each else "no",
        model=as_typed(board.model) if board.model else "",
        named="yes" if board.model else "no",
        id=board.short_id,
    )


def quote_line(quote: Quote, texts: Texts) -> str:
    """Write what the clips that are still to be made take."""
    known: dict[str, Fact] = {"clips": quote.clips, "seconds": str(quote.seconds)}
    if quote.price is None:
        return texts("board-quote", **known)
    return texts("board-quote-price", **known, price=f"{quote.price:.2f}")


def first_line(board: Board, texts: Texts, *, prompt: bool = True) -> str:
    """Write what the board is; a story without a title is told by its scenes."""
    if not prompt:
        return texts("status-prompt-refused")
    if board.kind is BoardKind.STORY and board.title is None:
        return texts("board-story-untitled", scenes=len(board.clips))
    shown = board.title or board.clips[0].plan.typed or board.clips[0].plan.prompt
    return texts(f"board-{board.kind}", prompt=as_typed(shorten(shown, PROMPT_SHOWN)))


def clip_label(board: Board, clip: Clip, texts: Texts) -> str | None:
    """Name what is special about a clip among the others of its board, None where its words say it."""
    if clip.plan.label is not None:
        return clip.plan.label
    if board.kind is BoardKind.STYLES and clip.plan.style is not None:
        return shown_style(clip.plan.style, texts)
    if board.kind is not BoardKind.VARIATIONS:
        return None
    if clip.plan.seed is None:
        return texts("clip-take", number=str(clip.position))
    return texts("clip-seed", seed=str(clip.plan.seed))


def _seeds_missing(board: Board) -> bool:
    return board.kind is BoardKind.VARIATIONS and board.clips[0].plan.seed is None


def _about(board: Board, clip: Clip, texts: Texts, words: int) -> str:
    if clip.position == JOINED:
        return texts("board-joined-about")
    if board.kind is BoardKind.REFINEMENT:
        return round_about(board, clip, texts)
    label = clip_label(board, clip, texts)
    if label is not None:
        return as_typed(label)
    if not words or board.kind is BoardKind.LONGER:
        return texts("board-clip-seconds", seconds=str(clip.plan.seconds))
    return as_typed(shorten(clip.plan.prompt, words))


def _reason(clip: Clip, job: Job | None, texts: Texts) -> str:
    if clip.trouble is not None:
        return shorten(texts.error(clip.trouble, {}), REASON_SHOWN)
    if job is None or job.failure is None:
        return texts("board-clip-cancelled")
    return shorten(failure_reason(job, job.failure, texts), REASON_SHOWN)


def _state_line(board: Board, live: Live, quote: Quote, texts: Texts) -> str:
    if board.kind is BoardKind.REFINEMENT:
        return loop_line(board, quote, live.jobs, texts)
    if board.state is BoardState.DONE:
        made = len(board.done)
        return texts("board-done", made=made) if made else texts("board-nothing")
    if board.waits:
        return texts("board-waits")
    if board.state is BoardState.PROPOSED or quote.clips:
        return quote_line(quote, texts)
    return texts("board-running")
