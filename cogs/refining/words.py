"""The words of a refinement's rounds: pure functions from the rows to a text."""

from collections.abc import Iterable, Mapping

from bot.domain.board import Board, BoardState, Clip, ClipState
from bot.domain.errors import Fact
from bot.domain.job import Job, JobId
from bot.domain.prompts.refine import Criterion
from bot.domain.refinement import Judge, Loop, Verdict, current
from bot.jobs.sketch import Quote
from cogs.status import jump_link
from cogs.texts import Texts


def round_about(board: Board, clip: Clip, texts: Texts) -> str:
    """Write what the words of a round were changed for, and how it is rated."""
    verdicts = Loop.of(board).verdicts
    earlier, verdict = verdicts.get(clip.position - 1), verdicts.get(clip.position)
    about = texts("refine-round-first")
    if earlier is not None:
        about = texts("refine-round-for", criteria=criteria_text(earlier.aims, texts))
    if verdict is None:
        return about
    return texts("refine-round-rated", about=about, score=score_text(verdict.overall))


def loop_line(board: Board, quote: Quote, jobs: Mapping[JobId, Job], texts: Texts) -> str:
    """Write where the loop stands, what it waits for, and what it may still take."""
    loop, clip = Loop.of(board), current(board)
    known: dict[str, Fact] = {"round": str(board.clips[-1].position), "rounds": str(loop.rounds)}
    if board.state is BoardState.PROPOSED:
        line = texts("refine-proposed", judge=loop.judge.value)
        return f"{line}\n{_both_quotes(quote, texts)}"
    if board.state is BoardState.DONE:
        return end_text(board, texts, jobs)
    if clip is None:
        failed = board.clips[-1].state is ClipState.FAILED
        lines = [texts("refine-failed" if failed else "refine-in-work", **known)]
    elif loop.revision is not None:
        lines = [texts("refine-words-wait", next=str(clip.position + 1))]
    else:
        lines = [_vote_line(loop, loop.verdicts.get(clip.position), known, texts)]
    if quote.clips:
        lines.append(_money(quote, "left", texts))
    return "\n".join(lines)


def end_text(board: Board, texts: Texts, jobs: Mapping[JobId, Job] | None = None) -> str:
    """Write why the loop is over, and which round is the best one."""
    loop = Loop.of(board)
    if loop.best is None:
        return texts("refine-over-unrated", made=len(board.done))
    best = board.clip(loop.best)
    job = None if best is None or best.job_id is None else (jobs or {}).get(best.job_id)
    link = "" if job is None or job.result is None else jump_link(job)
    return texts(
        "refine-over",
        why=loop.ending.value,
        rounds=str(loop.rounds),
        best=str(loop.best),
        score=score_text(loop.verdicts[loop.best].overall),
        linked="yes" if link else "no",
        link=link,
    )


def one_round(quote: Quote, texts: Texts) -> str:
    """Write what one round takes."""
    price = None if quote.price is None or not quote.clips else quote.price / quote.clips
    one = Quote(clips=1, seconds=quote.seconds // max(1, quote.clips), price=price)
    return _money(one, "one", texts)


def verdict_text(verdict: Verdict, texts: Texts) -> str:
    """Write every criterion's score: "visual quality 5, consistency 7.5"."""
    return ", ".join(
        texts(
            "refine-score",
            criterion=texts(f"criterion-{criterion}"),
            score=score_text(verdict.mean(criterion)),
        )
        for criterion in Criterion
    )


def criteria_text(criteria: Iterable[Criterion], texts: Texts) -> str:
    """Write criteria as members know them."""
    return ", ".join(texts(f"criterion-{criterion}") for criterion in criteria)


def score_text(score: float) -> str:
    """Write a score: 7, 7.5, 7.25."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def _vote_line(loop: Loop, verdict: Verdict | None, known: dict[str, Fact], texts: Texts) -> str:
    if verdict is None:
        return texts("refine-rate", judge=loop.judge.value, **known)
    score = score_text(verdict.overall)
    if loop.judge is Judge.CHANNEL:
        return texts("refine-votes", votes=verdict.votes, score=score, **known)
    return texts("refine-rated", score=score, **known)


def _both_quotes(quote: Quote, texts: Texts) -> str:
    return f"{one_round(quote, texts)}\n{_money(quote, 'most', texts)}"


def _money(quote: Quote, what: str, texts: Texts) -> str:
    known: dict[str, Fact] = {"what": what, "rounds": quote.clips, "seconds": str(quote.seconds)}
    if quote.price is None:
        return texts("refine-quote", **known)
    return texts("refine-quote-price", **known, price=f"{quote.price:.2f}")
