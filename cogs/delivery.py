"""Shows jobs on Discord: implements the `Announcer` port, by bot token alone so that it works at any age."""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import discord

from bot.domain.errors import DeliveryError, Forbidden, Gone, TextRefused, TryLater
from bot.domain.job import Job, JobId, Posted, Venue
from bot.domain.progress import Progress
from bot.domain.ratings import Scale
from bot.ports import Clock
from cogs.board import Look, StatusBoard, no_matter
from cogs.discord_errors import EmojiGone, Malformed, ReplyRefused, mapped
from cogs.operator_log import OperatorLog
from cogs.own_messages import find_own
from cogs.result_message import Beside, Form, is_result_of, result_forms, result_nonce
from cogs.status import status_text
from cogs.texts import Library, Texts
from cogs.venues import Channel, Venues

log = logging.getLogger(__name__)

StatusView = Callable[[Job, Texts], discord.ui.View | None]
ResultView = Callable[[Job, Texts], discord.ui.View]
ScaleOf = Callable[[int | None], Awaitable[Scale]]
"""Says how a server votes."""
BesideOf = Callable[[Job], Awaitable[Beside | None]]
"""Says what stands beside a video, None for nearly all."""

NO_GUILD_LIMIT = 10 * 1024 * 1024
"""Bytes per file where no server says otherwise (reference: discord, uploads)."""
EDIT_SECONDS = 30.0
UPLOAD_SECONDS = 600.0
REACTION_ATTEMPTS = 3
SHEET = "clips.jpg"


async def nothing_beside(_job: Job) -> None:
    """Post the video alone."""


class ClipDisplay(Protocol):
    """Shows the clips of boards, each in its board's message."""

    def clip_moved(self, job: Job, progress: Progress) -> None:
        """Show soon how far a clip is; never waits, never fails."""

    async def stop(self) -> None:
        """End all edits."""


class DiscordAnnouncer:
    """What members see of a job. `operators` are told of its end once the member has been."""

    def __init__(
        self,
        *,
        client: discord.Client,
        library: Library,
        clock: Clock,
        status_view: StatusView,
        result_view: ResultView,
        scale_of: ScaleOf,
        beside_of: BesideOf = nothing_beside,
        operators: OperatorLog | None = None,
        edited: Look = no_matter,
        boards: ClipDisplay | None = None,
    ) -> None:
        self._client = client
        self._venues = Venues(client)
        self._library = library
        self._status_view = status_view
        self._result_view = result_view
        self._scale_of = scale_of
        self._beside_of = beside_of
        self._clock = clock
        self._operators = operators
        self._boards = boards
        self.board = StatusBoard(edit=self._edit_status, render=self.render, clock=clock, edited=edited)

    def render(self, job: Job, progress: Progress, *, prompt: bool = True) -> str:
        """Write the text of the job's status message."""
        texts = self._library.texts(job.locale)
        return status_text(job, progress, self._clock.now(), texts, prompt=prompt)

    def view(self, job: Job) -> discord.ui.View | None:
        """Return the buttons that fit the job's state."""
        return self._status_view(job, self._library.texts(job.locale))

    def progress(self, job: Job, progress: Progress) -> None:
        """Show the state soon; the latest call wins. A clip is shown in its board's message."""
        if self._boards is not None and job.origin.board is not None:
            self._boards.clip_moved(job, progress)
        else:
            self.board.show(job, progress)

    def forget(self, job_id: JobId) -> None:
        """Show nothing more of a job that another process has now."""
        self.board.forget(job_id)

    async def close(self, job: Job) -> None:
        """Show the end in the status message, then in the log channel."""
        if self._boards is not None and job.origin.board is not None:
            self._boards.clip_moved(job, Progress())
        else:
            await self.board.close(job)
        if self._operators is not None:
            self._operators.report(job)

    async def stop(self) -> None:
        """End all edits and reports."""
        await self.board.stop()
        if self._boards is not None:
            await self._boards.stop()
        if self._operators is not None:
            await self._operators.stop()

    async def upload_limit(self, job: Job) -> int:
        """Return the limit of the job's venue; a server that does not tell has the smallest."""
        try:
            return await self._venues.upload_limit(job) or NO_GUILD_LIMIT
        except (Forbidden, Gone) as error:
            if job.venue is not Venue.PLACE:
                raise
            log.info("job %s: the server's upload limit is unknown: %s", job.short_id, error)
            return NO_GUILD_LIMIT

    async def deliver(self, job: Job, file: Path, *, in_doubt: bool) -> Posted:
        """Post the file and mention the author once, as a reply to the status message where that stands.

        Where words are refused the next plainer form is posted at once: a refused message does not exist.
        """
        channel, texts = await self._venues.of(job), self._library.texts(job.locale)
        beside = await self._beside_of(job) if job.request.join is not None else None
        refusal: DeliveryError = TextRefused()
        for form in result_forms(job, texts, in_doubt=in_doubt, beside=beside):
            try:
                return await self._post(channel, job, file, form)
            except (TextRefused, Malformed, Forbidden) as error:
                if isinstance(error, Forbidden) and form.sheet is None:
                    raise  # with a sheet it may be the embed alone that is not allowed
                log.warning("job %s: Discord refuses the message, plainer now: %s", job.short_id, error)
                refusal = error
        raise refusal

    async def _post(self, channel: Channel, job: Job, file: Path, form: Form) -> Posted:
        if job.venue is not Venue.PLACE:
            return await self._send(channel, job, file, form, None)
        try:
            return await self._send(channel, job, file, form, self._status_reference(job))
        except ReplyRefused:
            return await self._send(channel, job, file, form, None)

    async def _send(
        self,
        channel: Channel,
        job: Job,
        file: Path,
        form: Form,
        reference: discord.MessageReference | None,
    ) -> Posted:
        mentions = discord.AllowedMentions(
            users=[discord.Object(job.user_id)], everyone=False, roles=False, replied_user=False
        )
        options: dict[str, Any] = {} if reference is None else {"reference": reference}
        files = [discord.File(file, form.file_name, description=form.alt_text)]
        if form.sheet is not None:  # in an embed: two attachments beside each other are cut to squares
            files.append(discord.File(io.BytesIO(form.sheet), SHEET))
            options["embed"] = discord.Embed().set_image(url=f"attachment://{SHEET}")
        with mapped():
            async with asyncio.timeout(UPLOAD_SECONDS):
                message: discord.Message = await channel.send(
                    form.text,
                    files=files,
                    nonce=result_nonce(job),
                    suppress_embeds=form.sheet is None,
                    allowed_mentions=mentions,
                    view=self._result_view(job, self._library.texts(job.locale)),
                    **options,
                )
        return Posted(channel_id=message.channel.id, message_id=message.id)

    async def find_delivery(self, job: Job) -> Posted | None:
        """Search the venue after the first attempt for our own message with the job's file.

        Raises:
            Forbidden, Gone: the history cannot be read, or is too long: nobody can know.
            TryLater: Discord does not answer now.
        """
        if job.post_intent_at is None:
            return None
        channel = await self._venues.of(job)
        message = await find_own(
            self._client,
            channel,
            since=job.post_intent_at,
            is_it=lambda message: any(is_result_of(job, file.filename) for file in message.attachments),
            in_server=job.venue is not Venue.DIRECT and job.place.guild_id is not None,
        )
        return None if message is None else Posted(channel_id=channel.id, message_id=message.id)

    async def invite_rating(self, job: Job) -> None:
        """Add the vote emoji in order, where the video stands; what the place forbids is left out."""
        if job.result is None or job.still_file is not None:
            return
        channel = self._venues.channel(job.result.channel_id, job)
        message = channel.get_partial_message(job.result.message_id)
        for emoji in (await self._scale_of(job.place.guild_id)).values:
            try:
                await self._react(message, emoji)
            except EmojiGone:
                log.info("job %s: Discord does not know the emoji %s any more", job.short_id, emoji)
            except DeliveryError as error:
                log.info("job %s: no vote emoji %s: %s", job.short_id, emoji, error)
                if not emoji.startswith("<"):  # of one from another server only that may be forbidden
                    return

    async def _react(self, message: discord.PartialMessage, emoji: str) -> None:
        """Add an emoji; what is busy for long is left out.

        Raises:
            EmojiGone: this one does not exist, or not for the bot. DeliveryError: the place takes none.
        """
        for _ in range(REACTION_ATTEMPTS):
            try:
                with mapped():
                    async with asyncio.timeout(EDIT_SECONDS):
                        await message.add_reaction(discord.PartialEmoji.from_str(emoji))
                return
            except TryLater as error:
                await self._clock.sleep(error.retry_after or 2.0)

    async def _edit_status(self, job: Job, text: str) -> None:
        message = self._venues.place(job).get_partial_message(job.place.status_message_id)
        with mapped():
            async with asyncio.timeout(EDIT_SECONDS):
                await message.edit(content=text, view=self.view(job))

    @staticmethod
    def _status_reference(job: Job) -> discord.MessageReference:
        return discord.MessageReference(
            message_id=job.place.status_message_id,
            channel_id=job.place.channel_id,
            guild_id=job.place.guild_id,
            fail_if_not_exists=False,
        )
