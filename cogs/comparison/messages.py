"""Edits of comparisons' messages, by bot token alone so that they work at any age."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import discord

from bot.domain.codes import Code
from bot.domain.comparison import Comparison, Side, Votes
from bot.domain.errors import Gone, TextRefused
from bot.domain.job import Job
from cogs.comparison.views import end_view, open_view
from cogs.comparison.words import NAMES, End, end_text, open_text, withdrawn_text
from cogs.delivery import EDIT_SECONDS, NO_GUILD_LIMIT, UPLOAD_SECONDS
from cogs.discord_errors import Malformed, mapped
from cogs.texts import Library, Texts


class ComparisonMessages:
    """Implements `bot.ports_comparison.ComparisonAnnouncer`."""

    def __init__(self, *, client: discord.Client, library: Library) -> None:
        self._client = client
        self._library = library

    async def upload_limit(self, comparison: Comparison) -> int:
        """Return the server's limit: an edit by bot token does not profit from the member's own."""
        if comparison.place.guild_id is None:
            return NO_GUILD_LIMIT
        with mapped():
            async with asyncio.timeout(EDIT_SECONDS):
                guild = await self._client.fetch_guild(comparison.place.guild_id, with_counts=False)
        return guild.filesize_limit

    async def fetch(self, job: Job, target: Path) -> None:
        """Download the posted video of a job; `Gone` where no message has one."""
        if job.result is None or job.still_file is not None:
            raise Gone(f"the video of job {job.short_id} is not kept, and stands in no message")
        channel = self._client.get_partial_messageable(job.result.channel_id, guild_id=job.place.guild_id)
        with mapped():
            async with asyncio.timeout(UPLOAD_SECONDS):
                message = await channel.fetch_message(job.result.message_id)
                if not message.attachments:
                    raise Gone(f"nothing is attached to the message of job {job.short_id}")
                data = await message.attachments[0].read()
        await asyncio.to_thread(target.write_bytes, data)

    async def open(self, comparison: Comparison, videos: Mapping[Side, Path]) -> None:
        """Show both videos with the buttons, in place of whatever is attached: a repeat adds none."""
        texts = self._texts(comparison)
        files = [
            discord.File(path, f"{NAMES[side]}.mp4", description=texts("compare-alt", side=NAMES[side]))
            for side, path in sorted(videos.items())
        ]
        await self._edit(
            comparison,
            UPLOAD_SECONDS,
            content=open_text(comparison, texts),
            attachments=files,
            view=open_view(comparison, texts),
        )

    async def reveal(self, comparison: Comparison, left: Job, right: Job, votes: Votes) -> None:
        """Show which was which; where the words are refused, without those that members typed."""
        texts, end = self._texts(comparison), End(left=left, right=right, votes=votes)
        if comparison.withdrawn:
            text = withdrawn_text(votes, texts)
            await self._edit(comparison, EDIT_SECONDS, content=text, attachments=[], view=None)
            return
        changes: dict[str, Any] = {"view": end_view(end, texts)}
        try:
            await self._edit(comparison, EDIT_SECONDS, content=end_text(end, texts), **changes)
        except (TextRefused, Malformed):
            text = end_text(end, texts, prompt=False)
            await self._edit(comparison, EDIT_SECONDS, content=text, **changes)

    async def give_up(self, comparison: Comparison, code: Code) -> None:
        """Say why there is nothing to compare."""
        text = self._texts(comparison).error(code, {})
        await self._edit(comparison, EDIT_SECONDS, content=text, attachments=[], view=None)

    async def _edit(self, comparison: Comparison, seconds: float, **changes: Any) -> None:
        place = comparison.place
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        with mapped():
            async with asyncio.timeout(seconds):
                await channel.get_partial_message(place.status_message_id).edit(**changes)

    def _texts(self, comparison: Comparison) -> Texts:
        return self._library.texts(comparison.locale)
