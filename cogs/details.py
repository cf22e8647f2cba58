"""*Details*: everything about one video, for whoever asks alone."""

import io

import discord

from bot.domain.job import Job
from bot.domain.prompt import shorten
from bot.domain.states import JobState
from bot.domain.suggestions import Hint, Trait
from bot.jobs.lineage import Details
from cogs.answers import actor_of, say, texts_of, think
from cogs.buttons.views import details_view
from cogs.looks import shown_style
from cogs.remix import lineage_of
from cogs.status import as_typed, clock_time, jump_link
from cogs.texts import Texts

MESSAGE = 2000
"""Characters of a message (https://discord.com/developers/docs/resources/message)."""
WORDS_SHOWN = 300


async def press_details(interaction: discord.Interaction, short_id: str) -> None:
    """Show the details; words that do not fit come whole as a file."""
    await think(interaction)
    details = await lineage_of(interaction.client).details(short_id, actor_of(interaction))
    texts = texts_of(interaction)
    view = details_view(details.job, texts, family=details.has_family)
    text = details_text(details, texts)
    if len(text) <= MESSAGE:
        await say(interaction, text, view=view)
        return
    text = details_text(details, texts, shown=WORDS_SHOWN)
    words = io.BytesIO(whole_words(details.job, texts).encode())
    file = discord.File(words, f"prompt-{details.job.short_id}.txt")
    await interaction.followup.send(text, ephemeral=True, view=view, file=file)


def details_text(details: Details, texts: Texts, *, shown: int | None = None) -> str:
    """Write the details a line each, without what is not known; words are cut to `shown` characters."""
    job, model = details.job, details.model
    request = job.request
    lines = [texts("details-title", id=job.short_id), *_words(job, texts, shown)]
    lines.append(
        texts("details-format", size=str(request.size).replace("x", "×"), seconds=str(request.seconds))
    )
    if request.join is None:
        lines += _makers(details, texts)
    else:
        lines.append(texts("details-join", count=len(request.join.sources)))
    if request.style is not None:
        lines.append(texts("details-style", style=as_typed(request.style)))
    if request.seed is not None:
        lines.append(texts("details-seed", seed=str(request.seed)))
    if request.audio is not None:
        lines.append(texts("details-sound", sound="yes" if request.audio else "no"))
    if request.picture is not None:
        lines.append(texts("details-picture", both="no" if request.last_picture is None else "yes"))
    if model is not None and model.price_per_second is not None and request.join is None:
        price = model.price_per_second * request.seconds
        lines.append(texts("details-cost", price=f"{price:.2f}"))
    if details.hint is not None:
        lines.append(_hint(details.hint, details, texts))
    lines += _around(details, texts)
    member = f"<@{job.user_id}>" if job.user_id else texts("somebody-gone")
    made = {"member": member, "made": f"<t:{job.created_at // 1000}:f>"}
    if job.state is JobState.DELIVERED and job.finished_at is not None:
        elapsed = clock_time(job.finished_at - job.created_at)
        lines.append(texts("details-made-in", elapsed=elapsed, **made))
    else:
        lines.append(texts("details-made", **made))
    return "\n".join(lines)


def _makers(details: Details, texts: Texts) -> list[str]:
    model, service = details.model, details.service
    name = model.shown_as if model is not None else details.job.request.model
    lines = [texts("details-model", model=as_typed(name))] if name else []
    if service is not None and service != name:
        lines.append(texts("details-service", service=as_typed(service)))
    return lines


def _hint(hint: Hint, details: Details, texts: Texts) -> str:
    """Say how members voted on videos like this one in one respect."""
    request, model = details.job.request, details.model
    match hint.trait:
        case Trait.STYLE:
            what = shown_style(request.style or "", texts)
        case Trait.MODEL:
            name = model.shown_as if model is not None else request.model
            what = name or details.service or details.job.provider
        case Trait.SECONDS:
            what = str(request.seconds)
    return texts(
        "details-hint",
        trait=hint.trait.value,
        what=as_typed(what),
        percent=str(hint.standing.percent),
        votes=str(hint.standing.votes),
    )


def whole_words(job: Job, texts: Texts) -> str:
    """Write all that was said, for a file."""
    request, parts = job.request, []
    if request.typed is not None and request.typed != request.prompt:
        parts.append(f"{texts('details-file-typed')}\n{request.typed}")
    parts.append(f"{texts('details-file-prompt')}\n{request.prompt}")
    if request.negative is not None:
        parts.append(f"{texts('details-file-negative')}\n{request.negative}")
    return "\n\n".join(parts) + "\n"


def _words(job: Job, texts: Texts, shown: int | None) -> list[str]:
    request, lines = job.request, []
    if request.typed is not None and request.typed != request.prompt:
        lines.append(texts("details-typed", prompt=_quoted(request.typed, shown)))
    if request.prompt:
        lines.append(texts("details-prompt", prompt=_quoted(request.prompt, shown)))
    if request.negative is not None:
        lines.append(texts("details-negative", prompt=_quoted(request.negative, shown)))
    return lines


def _quoted(words: str, shown: int | None) -> str:
    return as_typed(words if shown is None else shorten(words, shown)).replace("\n", "\n> ")


def _around(details: Details, texts: Texts) -> list[str]:
    job, parent, board, lines = details.job, details.parent, details.board, []
    if parent is not None:
        relation = texts("relation", relation=job.origin.relation or "other")
        lines.append(texts("details-parent", relation=relation, parent=linked(parent)))
    if board is not None:
        name = board.short_id
        if board.place is not None:
            place = board.place
            where = f"{place.guild_id or '@me'}/{place.channel_id}/{place.status_message_id}"
            name = f"[{name}](https://discord.com/channels/{where})"
        lines.append(texts("details-board", board=name, clip=job.origin.clip or 0))
    return lines


def linked(job: Job) -> str:
    """Return the id as a link to the posted video, where that stands."""
    return f"[{job.short_id}]({jump_link(job)})" if job.result is not None else job.short_id
