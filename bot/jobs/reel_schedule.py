"""Reels that come by themselves: looked for every few minutes, by whichever process, made once.

Nothing is timed: what has ended and has no reel yet is seen in the tables. The message that opens a reel is
owed under the name of its time, and once it stands the reel is a job under the same name. So two processes
that see the same, or one that is killed in between, come to one message and one video.
"""

import logging
from collections.abc import Callable

from bot.domain.codes import Code
from bot.domain.errors import DeliveryError, InvalidRequest, NoRoom, StorageError
from bot.domain.feedback import FeedbackSettings
from bot.domain.job import Place
from bot.domain.posting import Posting, PostingKind, PostingState, reel_id
from bot.domain.reel import USUAL, Period, due, scheduled_id
from bot.jobs.reels import Reels, Wish
from bot.jobs.service import Engine
from bot.ports import Clock, JobStore
from bot.ports_feedback import FeedbackStore
from bot.ports_posting import PostingStore

log = logging.getLogger(__name__)

TICK_SECONDS = 180.0
SOON_SECONDS = 2.0
"""After an opening message is owed, its reel waits for nothing else."""


class ReelRunner:
    """Looks which servers wait for a reel. `whoami` names the bot, whose job it is."""

    def __init__(
        self,
        *,
        settings: FeedbackStore,
        reels: Reels,
        jobs: JobStore,
        postings: PostingStore,
        engine: Engine,
        clock: Clock,
        title: Callable[[Period], str],
        mark: Callable[[Period], str],
        whoami: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._reels = reels
        self._jobs = jobs
        self._postings = postings
        self._engine = engine
        self._clock = clock
        self._title = title
        self._mark = mark
        self._whoami = whoami
        self._empty: set[tuple[int, str]] = set()
        """Times that had nothing to show when they ended: votes that come later do not make them news."""

    async def run(self) -> None:
        """Look until cancelled; a database that is away is only waited for."""
        away = False
        while True:
            seconds = TICK_SECONDS
            try:
                if await self.look():
                    seconds = SOON_SECONDS
                away = False
            except StorageError as error:
                if not away:
                    log.error("reels wait for the database: %s", error)
                away = True
            await self._clock.sleep(seconds)

    async def look(self) -> bool:
        """Begin what is due; say whether an opening message is on its way.

        Raises:
            StorageError: the tables cannot be read.
        """
        on_its_way = False
        for settings in await self._settings.with_reels():
            try:
                on_its_way |= await self._look_at(settings)
            except StorageError:
                raise
            except (DeliveryError, NoRoom) as error:
                log.warning("the reel of server %s waits: %s", settings.guild_id, error)
            except Exception:  # one server must not keep the others from theirs
                log.exception("the reel of server %s cannot be made", settings.guild_id)
        return on_its_way

    async def _look_at(self, settings: FeedbackSettings) -> bool:
        guild_id, period = settings.guild_id, due(settings, self._clock.now())
        if guild_id is None or period is None or settings.reel_channel_id is None:
            return False
        if await self._jobs.get(scheduled_id(guild_id, period)) is not None:
            return False
        posting = await self._postings.get(reel_id(guild_id, period.key))
        if posting is None:
            posting = await self._open(guild_id, settings.reel_channel_id, period)
        if posting is not None and posting.state is PostingState.POSTED:
            await self._make(posting, period)
        return posting is not None and posting.state is PostingState.DUE

    async def _open(self, guild_id: int, channel_id: int, period: Period) -> Posting | None:
        """Owe the opening message, unless there is nothing to show."""
        if (guild_id, period.key) in self._empty:
            return None
        choice = await self._reels.choose(_wish(guild_id, channel_id, period))
        if not choice.best:
            self._empty.add((guild_id, period.key))
            return None
        posting = Posting(
            id=reel_id(guild_id, period.key),
            kind=PostingKind.REEL,
            guild_id=guild_id,
            channel_id=channel_id,
            mark=self._mark(period),
        )
        return await self._postings.owe(posting)

    async def _make(self, posting: Posting, period: Period) -> None:
        try:
            await self._reels.make(
                _wish(posting.guild_id, posting.channel_id, period),
                key=scheduled_id(posting.guild_id, period),
                user_id=self._whoami(),
                place=Place(
                    channel_id=posting.channel_id,
                    guild_id=posting.guild_id,
                    status_message_id=posting.message_id or 0,
                ),
                title=self._title(period),
                locale="en-US",
                limited=False,
            )
        except InvalidRequest as error:
            if error.code is not Code.REEL_NOTHING:
                raise
            await self._postings.take_back(posting.id)  # all that it would have shown is gone meanwhile
        else:
            self._engine.wake()


def _wish(guild_id: int, channel_id: int, period: Period) -> Wish:
    return Wish(guild_id=guild_id, channel_id=channel_id, period=period, count=USUAL)
