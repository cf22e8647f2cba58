"""The words of comparisons: pure functions from the rows to what is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.comparison import Comparison, Facet, Side, Votes, differing, said
from bot.domain.job import Job
from bot.domain.prompt import shorten
from cogs.details import linked
from cogs.looks import shown_style
from cogs.status import as_typed
from cogs.texts import Texts

PROMPT_SHOWN = 120
NAMES: Mapping[Side, str] = {Side.A: "A", Side.B: "B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A comparison that is over."""

    left: Job
    right: Job
    votes: Votes


def open_text(comparison: Comparison, texts: Texts) -> str:
    """Ask which is better; nothing in it tells which is which."""
    return texts("compare-open", enough=comparison.enough, until=moment(comparison.ends_at))


def end_text(end: End, texts: Texts, *, prompt: bool = True) -> str:
    """Say who has won and which was which; without `prompt` nothing stands in it that a member typed."""
    facets = differing(end.left, end.right)
    enhanced = said(end.left) == said(end.right)
    lines = [_result(end.votes, texts)]
    if prompt and Facet.PROMPT not in facets:
        lines.append(_prompt(said(end.left), texts))
    for side, job, votes in ((Side.A, end.left, end.votes.a), (Side.B, end.right, end.votes.b)):
        lines.append(_one(side, job, votes, facets, texts))
        if prompt and Facet.PROMPT in facets:
            lines.append(_prompt(job.request.prompt if enhanced else said(job), texts))
    if not facets:
        lines.append(texts("compare-no-difference"))
    return "\n".join(lines)


def withdrawn_text(votes: Votes, texts: Texts) -> str:
    """Say who has won where a video has been deleted: nothing of it is told."""
    return f"{_result(votes, texts)}\n{texts('compare-deleted')}"


def moment(at: int) -> str:
    """Write a moment (ms); Discord counts down to it by itself."""
    return f"<t:{at // 1000}:R>"


def _result(votes: Votes, texts: Texts) -> str:
    if not votes.a and not votes.b:
        return texts("compare-nobody")
    if votes.winner is None:
        return texts("compare-tie", votes=votes.a)
    more, fewer = max(votes.a, votes.b), min(votes.a, votes.b)
    return texts("compare-won", side=NAMES[votes.winner], more=more, fewer=fewer)


def _one(side: Side, job: Job, votes: int, facets: Sequence[Facet], texts: Texts) -> str:
    facts = [_fact(facet, job, texts) for facet in facets if facet is not Facet.PROMPT]
    member = f"<@{job.user_id}>"
    was = texts("compare-was", side=NAMES[side], video=linked(job), member=member, votes=votes)
    return " · ".join([was, *facts])


def _fact(facet: Facet, job: Job, texts: Texts) -> str:
    request = job.request
    match facet:
        case Facet.MODEL:
            return as_typed(request.model or job.provider)
        case Facet.STYLE:
            if not request.style:
                return texts("compare-plain")
            return texts("compare-style", style=as_typed(shown_style(request.style, texts)))
        case Facet.SIZE:
            return str(request.size).replace("x", "×")
        case Facet.SECONDS:
            return texts("compare-seconds", seconds=request.seconds)
        case _ if request.seed is None:
            return texts("compare-no-seed")
        case _:
            return texts("compare-seed", seed=str(request.seed))


def _prompt(words: str, texts: Texts) -> str:
    return texts("compare-prompt", prompt=as_typed(shorten(words, PROMPT_SHOWN)))
