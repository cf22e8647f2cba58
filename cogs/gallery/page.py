"""A page of videos as Discord shows it: the list, its sheet, and its buttons."""

import io
from dataclasses import dataclass

import discord

from bot.domain.gallery import Entry, Page
from bot.domain.prompt import shorten
from bot.domain.ratings import Tally
from cogs.gallery.button import PageButton, VideoButton
from cogs.looks import shown_style
from cogs.status import as_typed, jump_link
from cogs.texts import Texts

PROMPT_SHOWN = 70
IN_A_ROW = 5
SHEET = "videos.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a message with the page consists of."""

    embed: discord.Embed
    view: discord.ui.View | None
    files: list[discord.File]


def show_page(page: Page, sheet: bytes | None, texts: Texts) -> Shown:
    """Write the page; `sheet` is its picture, where there is one."""
    of_server = page.gallery.guild_id is not None
    title = texts("gallery-title" if of_server else "history-title", page=str(page.number + 1))
    lines = [entry_text(number, entry, texts) for number, entry in enumerate(page.entries, start=1)]
    if not lines:
        lines = [texts("gallery-more-below" if page.more else "gallery-empty")]
    embed, files = discord.Embed(title=title, description="\n".join(lines)), []
    if sheet is not None:
        listed = "; ".join(
            f"{number}: {short_words(entry)}" for number, entry in enumerate(page.entries, start=1)
        )
        files = [discord.File(io.BytesIO(sheet), SHEET, description=texts("gallery-alt", videos=listed))]
        embed.set_image(url=f"attachment://{SHEET}")
    return Shown(embed=embed, view=page_view(page, texts), files=files)


def entry_text(number: int, entry: Entry, texts: Texts) -> str:
    """Write one video: its words, then the facts in small letters."""
    job = entry.job
    request = job.request
    facts = [
        f"<@{job.user_id}>",
        as_typed(shown_style(request.style, texts)) if request.style is not None else "",
        as_typed(request.model),
        texts("gallery-format", size=str(request.size).replace("x", "×"), seconds=str(request.seconds)),
        votes_text(entry.tally, texts),
        f"⭐ {entry.favourites}" if entry.favourites else "",
        f"<t:{job.created_at // 1000}:R>",
        f"[{job.short_id}]({jump_link(job)})",
    ]
    words = as_typed(short_words(entry)).replace("\n", " ") or texts("gallery-wordless")
    return f"**{number}** · {words}\n-# {' · '.join(fact for fact in facts if fact)}"


def short_words(entry: Entry) -> str:
    """Return what was typed, without what a style or an enhancer has made of it."""
    request = entry.job.request
    return shorten(request.typed or request.prompt, PROMPT_SHOWN)


def votes_text(tally: Tally, texts: Texts) -> str:
    """Write what people think, nothing where nobody has voted."""
    if tally.approval is None:
        return ""
    return texts("gallery-votes", percent=str(round(100 * tally.approval)), votes=tally.people)


def page_view(page: Page, texts: Texts) -> discord.ui.View | None:
    """Return a numbered button for each video, and arrows to the pages beside."""
    view = discord.ui.View(timeout=None)
    for number, entry in enumerate(page.entries, start=1):
        row = (number - 1) // IN_A_ROW
        view.add_item(VideoButton(entry.job.short_id, label=str(number), row=row))
    if page.number > 0:
        view.add_item(PageButton(page.gallery.id, page.number - 1, label=texts("gallery-newer")))
    if page.more:
        view.add_item(PageButton(page.gallery.id, page.number + 1, label=texts("gallery-older")))
    return view if view.children else None
