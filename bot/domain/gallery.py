"""Lists of finished videos, a page at a time: what somebody wants to see, and where its pages begin."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.job import Job
from bot.domain.ratings import Tally

PAGE = 9
"""Videos on a page: as many as show well on one sheet, and as many buttons as fit above the arrows."""
GALLERY_KEPT = 30 * 24 * 3_600_000
"""How long the pages of a list can be turned, milliseconds."""
SEARCH_LIMIT = 100
"""Characters of the words to look for."""


class Rating(StrEnum):
    """Which videos by what people think of them; the value is what the database holds."""

    LIKED = "liked"
    DISLIKED = "disliked"
    UNRATED = "unrated"
    FAVOURITES = "favourites"  # of whoever looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which videos are wanted. `model` is an address `<API>/<model>` or a model's name, `member_id` whose."""

    search: str | None = None
    style: str | None = None
    model: str | None = None
    rating: Rating | None = None
    member_id: int | None = None

    def fits(self, job: Job) -> bool:
        """Say whether the words are in the prompt, in any case: databases know that of English alone."""
        if self.search is None:
            return True
        wanted, said = self.search.casefold(), (job.request.prompt, job.request.typed or "")
        return any(wanted in words.casefold() for words in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """A list that somebody looks at: their own videos, or a server's where `guild_id` is one.

    `trail[n]` is the short id of the video after which page n + 1 begins (page 0 begins with the newest).
    """

    id: str
    user_id: int
    guild_id: int | None
    wish: Wish
    created_at: int
    trail: tuple[str, ...] = ()

    def begins_after(self, page: int) -> str | None:
        """Return the short id after which the page begins, None for the first."""
        return self.trail[page - 1] if page > 0 else None

    def nearest(self, page: int) -> int:
        """Return the page itself, or the last one that has been found yet."""
        return max(0, min(page, len(self.trail)))

    def going_on(self, page: int, after: str | None) -> "Gallery":
        """Return the list with the knowledge where the page after this one begins; None: there is none."""
        return replace(self, trail=self.trail[:page] if after is None else (*self.trail[:page], after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One video of a list; `favourites` is how many people marked it."""

    job: Job
    tally: Tally = field(default_factory=Tally)
    favourites: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is shown at once: the first page is number 0."""

    gallery: Gallery
    number: int
    entries: tuple[Entry, ...]
    more: bool


def prefilter(search: str) -> str:
    """Return a pattern for LIKE with the escape sign `!` that finds at least all that `Wish.fits` does.

    It is compared with what `lower()` returns. That leaves letters such as Ä as they are on SQLite and not on
    PostgreSQL, and casefold may make two letters of one: they match anything here.
    """
    signs = []
    for sign in search.lower():
        if sign in "!%_":
            signs.append(f"!{sign}")
        elif sign.isascii() or not (sign.isupper() or sign.islower()):
            signs.append(sign)
        else:
            signs.append("%")
    return f"%{''.join(signs)}%"
