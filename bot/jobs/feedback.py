"""What servers set about votes, emoji commands, their best-of channel and reel."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import STARS, THUMBS, RatingStyle, Scale
from bot.domain.scale import parse_scale
from bot.ports import Clock
from bot.ports_feedback import FeedbackStore


class FeedbackService:
    """Reads and changes a server's settings; what is None stays as it is."""

    def __init__(self, *, store: FeedbackStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # Two changes of one server must not undo each other; a server is heard by one process only.
        self._turn = asyncio.Lock()

    async def settings(self, guild_id: int | None) -> FeedbackSettings:
        """Return what is set."""
        return await self._store.settings(guild_id)

    async def set_ratings(
        self,
        guild_id: int,
        *,
        style: RatingStyle | None = None,
        emoji: str | None = None,
        author_votes: bool | None = None,
    ) -> FeedbackSettings:
        """Set how members vote; earlier votes keep what they were worth.

        Raises:
            InvalidRequest: the emoji are no scale, or do not belong to the style.
        """
        own = None if emoji is None else parse_scale(emoji)

        def change(settings: FeedbackSettings) -> FeedbackSettings:
            return replace(
                settings,
                scale=_scale(settings.scale, style, own),
                author_votes=settings.author_votes if author_votes is None else author_votes,
            )

        return await self._change(guild_id, change)

    async def set_commands(
        self,
        guild_id: int,
        *,
        letter: bool | None = None,
        favourite: bool | None = None,
        removal: bool | None = None,
    ) -> FeedbackSettings:
        """Switch the emoji commands on or off."""

        def change(settings: FeedbackSettings) -> FeedbackSettings:
            return replace(
                settings,
                letter=settings.letter if letter is None else letter,
                favourite=settings.favourite if favourite is None else favourite,
                removal=settings.removal if removal is None else removal,
            )

        return await self._change(guild_id, change)

    async def set_best(
        self,
        guild_id: int,
        *,
        channel_id: int | None = None,
        best_from: int | None = None,
        copies: bool = True,
        reel: ReelEvery | None = None,
        reels: bool = True,
        reel_channel_id: int | None = None,
    ) -> FeedbackSettings:
        """Set where the best videos go; without `copies` or `reels` there are none from now on.

        Raises:
            InvalidRequest: nobody has said where the reel goes.
        """

        def change(settings: FeedbackSettings) -> FeedbackSettings:
            settings = replace(
                settings,
                best_channel_id=channel_id or settings.best_channel_id if copies else None,
                best_from=best_from or settings.best_from,
                reel_channel_id=reel_channel_id or settings.reel_channel_id,
            )
            if not reels:
                return replace(settings, reel_every=None, reel_since=None)
            if reel is None:
                return settings
            goes_to = settings.reel_channel_id or settings.best_channel_id
            if goes_to is None:
                raise InvalidRequest(code=Code.REEL_WITHOUT_CHANNEL)
            now = self._clock.now()
            return replace(settings, reel_every=reel, reel_channel_id=goes_to, reel_since=now)

        return await self._change(guild_id, change)

    async def _change(
        self, guild_id: int, change: Callable[[FeedbackSettings], FeedbackSettings]
    ) -> FeedbackSettings:
        async with self._turn:
            settings = change(await self._store.settings(guild_id))
            await self._store.save(settings)
        return settings


def _scale(before: Scale, style: RatingStyle | None, own: Scale | None) -> Scale:
    if own is not None:
        if style not in {None, RatingStyle.OWN}:
            raise InvalidRequest(code=Code.SCALE_NOT_OWN)
        return own
    match style:
        case None:
            return before
        case RatingStyle.THUMBS:
            return Scale(style=style, values=THUMBS)
        case RatingStyle.STARS:
            return Scale(style=style, values=STARS)
        case RatingStyle.OWN:
            if before.style is not RatingStyle.OWN:
                raise InvalidRequest(code=Code.SCALE_MISSING)
            return before
