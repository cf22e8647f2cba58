"""Reactions as commands: a video into one's own direct messages, favourites, removing."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from bot.domain.emoji_command import EmojiCommand, is_switched_on
from bot.domain.errors import UserError
from bot.domain.feedback import FeedbackSettings
from bot.domain.job import Job, JobId
from bot.domain.posting import best_copy
from bot.jobs.actor import Actor
from bot.jobs.copies import kept_copy
from bot.jobs.service import VideoService
from bot.ports import Clock, Workspace
from bot.ports_feedback import FeedbackStore
from bot.ports_posting import FavouriteStore, PostingStore

log = logging.getLogger(__name__)

AGAIN_AFTER = 60_000
"""Milliseconds in which a second ✉️ of a person on the same video sends nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What goes into a person's direct messages; without a file the link to the message must do.

    `nonce` makes a repeat within minutes the same message: at most 25 characters.
    """

    job: Job
    user_id: int
    file: Path | None
    nonce: str


class EmojiCommands:
    """What members ask for by reactions on videos and status messages. Other messages mean nothing."""

    def __init__(
        self,
        *,
        favourites: FavouriteStore,
        settings: FeedbackStore,
        postings: PostingStore,
        videos: VideoService,
        workspace: Workspace,
        clock: Clock,
    ) -> None:
        self._favourites = favourites
        self._settings = settings
        self._postings = postings
        self._videos = videos
        self._workspace = workspace
        self._clock = clock
        # In the order in which they came: two of one person must not overtake each other.
        self._turn = asyncio.Lock()
        self._letters: dict[tuple[JobId, int], int] = {}
        """When a person was last sent a video: only the last minute's, and only of this process."""

    async def letter(self, message_id: int, user_id: int, *, limit: int) -> Letter | None:
        """Return what to send to the person, with a file of at most `limit` bytes; None for nothing."""
        job = await self._of_video(EmojiCommand.LETTER, message_id)
        if job is None:
            return None
        now = self._clock.now()
        self._letters = {key: at for key, at in self._letters.items() if 0 <= now - at < AGAIN_AFTER}
        if (job.id, user_id) in self._letters:
            return None
        self._letters[job.id, user_id] = now
        return Letter(
            job=job,
            user_id=user_id,
            file=await kept_copy(self._workspace, job, limit=limit),
            nonce="l" + hashlib.sha256(f"{job.id}:{user_id}:{now}".encode()).hexdigest()[:24],
        )

    async def starred(self, message_id: int, user_id: int) -> None:
        """Keep a favourite; the video comes into the best-of channel when it has enough."""
        async with self._turn:
            job = await self._of_video(EmojiCommand.FAVOURITE, message_id)
            if job is not None:
                await self._favourites.add(job.id, user_id, self._clock.now())
                await self._honour(job)

    async def unstarred(self, message_id: int, user_id: int) -> None:
        """Take a favourite back; a copy in the best-of channel stays."""
        async with self._turn:
            job = await self._of_video(EmojiCommand.FAVOURITE, message_id)
            if job is not None:
                await self._favourites.remove(job.id, user_id)

    async def all_unstarred(self, message_id: int) -> None:
        """Forget all stars of a message."""
        async with self._turn:
            job = await self._of_video(EmojiCommand.FAVOURITE, message_id)
            if job is not None:
                await self._favourites.clear(job.id)

    async def recounted_favourites(self, job: Job, user_ids: frozenset[int]) -> None:
        """Make the table equal to the people who hold a star on the video's message, bots left out."""
        async with self._turn:
            if is_switched_on(EmojiCommand.FAVOURITE, await self._settings_of(job)):
                await self._favourites.replace(job.id, user_ids, self._clock.now())
                await self._honour(job)

    async def to_remove(self, message_id: int, actor: Actor) -> Job | None:
        """Cancel the job of a status message, or return the delivered video that is to be deleted.

        Who may not, and what has moved on meanwhile, is passed over: nobody is asked, so nobody is answered.
        """
        job = await self._favourites.of_message(message_id)
        if job is None or not actor.may_act_on(job):
            return None
        if not is_switched_on(EmojiCommand.REMOVAL, await self._settings_of(job)):
            return None
        if job.result_message_id == message_id:
            return job
        try:
            await self._videos.cancel(job.short_id, actor)
        except UserError as error:
            log.debug("job %s is not cancelled by a reaction: %s", job.short_id, error)
        return None

    async def _of_video(self, command: EmojiCommand, message_id: int) -> Job | None:
        """Return the job whose video stands in the message, where its server wants the command."""
        job = await self._favourites.of_message(message_id)
        if job is None or job.result_message_id != message_id:
            return None
        return job if is_switched_on(command, await self._settings_of(job)) else None

    async def _settings_of(self, job: Job) -> FeedbackSettings:
        return await self._settings.settings(job.place.guild_id)

    async def _honour(self, job: Job) -> None:
        """Owe the best-of channel a copy, once the video has enough stars of others than its author."""
        settings, guild_id = await self._settings_of(job), job.place.guild_id
        channel_id = settings.best_channel_id
        if guild_id is None or channel_id is None or job.result is None:
            return
        if job.result.channel_id == channel_id:
            return  # it stands there already
        if await self._favourites.stars(job) >= max(1, settings.best_from):
            await self._postings.owe(best_copy(job, guild_id=guild_id, channel_id=channel_id))
