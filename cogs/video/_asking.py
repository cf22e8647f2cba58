"""From what a member gave to an accepted job, or to the question how the picture shall fit."""

import asyncio
from dataclasses import dataclass, replace

import discord

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.job import JobId
from bot.domain.prompt import clean_prompt
from bot.domain.video import Size
from bot.jobs.drafts import loses_much
from bot.jobs.models import Options
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import texts_of, think
from cogs.enhance.dialog import show_proposal
from cogs.places import check_place
from cogs.prompt_notes import hint
from cogs.services import services_of
from cogs.video._draft import show_offer
from cogs.video._earlier import show_earlier, standing
from cogs.video._longer import Parts, parts_needed, propose_parts
from cogs.video._pictures import (
    PICTURE_LIMIT,
    PICTURE_SECONDS,
    check_attachment,
    declared_size,
    read_attachment,
)

ANY_SHAPE = Size(1, 1)
"""Stands for a picture of which nothing is known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came with a command; pictures are not read yet.

    `enhance` asks for better words before anything is ordered; without `hints` nothing is said of them.
    """

    options: Options
    image: discord.Attachment | None = None
    image_url: str | None = None
    last_image: discord.Attachment | None = None
    enhance: bool = False
    hints: bool = True

    def check(self) -> None:
        """Refuse what cannot be meant, before anything is read.

        Raises:
            InvalidRequest: two first pictures, one that is too large, or an address that is none.
        """
        if self.image is not None and self.image_url is not None:
            raise InvalidRequest(code=Code.PICTURE_TWICE)
        if self.image_url is not None and not _address(self.image_url).lower().startswith("https://"):
            raise InvalidRequest(code=Code.PICTURE_ADDRESS, reason="it is no https:// link")
        check_attachment(self.image)
        check_attachment(self.last_image)

    def shapes(self) -> tuple[Size | None, Size | None]:
        """Return the sizes of first and last picture as far as they are told; None where there is none."""
        first = self.image is not None or self.image_url is not None
        return (
            (declared_size(self.image) or ANY_SHAPE) if first else None,
            (declared_size(self.last_image) or ANY_SHAPE) if self.last_image is not None else None,
        )


async def ask(interaction: discord.Interaction, given: Given) -> None:
    """Accept a video and show its status, or ask which words to take, or how its picture shall fit.

    What can be refused without waiting is refused privately; then Discord is answered, because 3 s are short:
    privately where a question will follow; then the job is committed; only then does a message say so.

    Raises:
        UserError: refused; nothing was paid.
    """
    services = services_of(interaction.client)
    check_place(interaction, texts_of(interaction))
    given.check()
    parts = parts_needed(services.videos.models, given.options) if services.boards is not None else None
    if parts is not None and given.last_image is None:
        await _ask_for_parts(interaction, given, parts)
        return
    _, request = services.videos.models.check(given.options, *given.shapes())
    declared = [size for size in (declared_size(given.image), declared_size(given.last_image)) if size]
    will_ask = services.drafts is not None and any(loses_much(request.size, size) for size in declared)
    prompts = services.prompts if given.enhance else None
    message_id = 0
    if will_ask or prompts is not None:
        await think(interaction)
    else:
        message_id = await defer_publicly(interaction)
    key, user_id = JobId(str(interaction.id)), interaction.user.id
    picture = await first_picture(interaction, given)
    last = await read_attachment(given.last_image) if given.last_image is not None else None
    if prompts is not None:
        proposal = await prompts.propose(
            given.options, key=key, user_id=user_id, picture=picture, last_picture=last
        )
        await show_proposal(interaction, proposal)
        return
    if services.drafts is not None and picture is not None:
        offer = await services.drafts.open(
            given.options, key=key, user_id=user_id, picture=picture, last_picture=last, anyway=will_ask
        )
        if offer is not None:
            await show_offer(interaction, offer)
            return
    if await shown_earlier(interaction, given.options, picture, last):
        return
    job = await services.videos.submit(
        given.options,
        key=key,
        user_id=user_id,
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
        picture=picture,
        last_picture=last,
    )
    await show_accepted(interaction, job)
    if given.hints:
        await hint(interaction, job.request.prompt, picture=picture is not None)


async def _ask_for_parts(interaction: discord.Interaction, given: Given, parts: Parts) -> None:
    """Propose a video of parts; what can be refused without its picture is refused before that is read."""
    models = services_of(interaction.client).videos.models
    models.check(replace(given.options, seconds=parts.lengths[0]), *given.shapes())
    await think(interaction)
    picture, options = await first_picture(interaction, given), given.options
    prompts = services_of(interaction.client).prompts
    if given.enhance and prompts is not None:
        better = clean_prompt((await prompts.rewriter.enhance(options.prompt)).text)
        if 0 < len(better) <= models.choose(options.model)[1].prompt_limit:
            options = replace(options, prompt=better, typed=options.typed or options.prompt)
    await propose_parts(interaction, options, parts, picture, declared_size(given.image))


async def shown_earlier(
    interaction: discord.Interaction, options: Options, picture: bytes | None, last: bytes | None
) -> bool:
    """Offer an earlier video of the same request; say whether there is one."""
    services, guild_id = services_of(interaction.client), interaction.guild_id
    if services.earlier is None or services.drafts is None or guild_id is None:
        return False
    found = await services.earlier.find(options, guild_id=guild_id, picture=picture, last_picture=last)
    job = await standing(interaction, found)
    if job is None:
        return False
    draft = await services.drafts.keep(
        options,
        key=JobId(str(interaction.id)),
        user_id=interaction.user.id,
        picture=picture,
        last_picture=last,
    )
    await show_earlier(interaction, job, draft.id)
    return True


async def first_picture(interaction: discord.Interaction, given: Given) -> bytes | None:
    """Read the picture that the video begins with, from wherever it was given.

    Raises:
        InvalidRequest: it cannot be read.
    """
    if given.image is not None:
        return await read_attachment(given.image)
    pictures = services_of(interaction.client).pictures
    if given.image_url is None or pictures is None:
        return None
    try:
        async with asyncio.timeout(PICTURE_SECONDS):
            return await pictures.fetch(_address(given.image_url), limit=PICTURE_LIMIT)
    except TimeoutError as error:
        raise InvalidRequest(str(error), code=Code.PICTURE_UNREACHABLE) from error


def _address(typed: str) -> str:
    # Members put links in <> so that Discord shows no preview of them.
    return typed.strip().strip("<>")
