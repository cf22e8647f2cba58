"""What a model can do, how we know it, and whether a request fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import clean_prompt, visible_length
from bot.domain.video import Size, SourceUse, VideoRequest

NEGATIVE_LIMIT = 1000
SEED_LIMIT = 2**31 - 1
"""The widest range that every API takes."""


class Option(StrEnum):
    """What may be asked for beside prompt, size and length; `name-option-<value>` is its name in texts."""

    PICTURE = "picture"
    LAST_PICTURE = "last-picture"
    SEED = "seed"
    NEGATIVE = "negative"
    AUDIO = "audio"


class Support(StrEnum):
    """Whether a model takes an option."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # it is sent; the API may refuse or ignore it


class Source(StrEnum):
    """Where a piece of knowledge comes from; a later one wins over an earlier one."""

    PROFILE = "profile"
    DISCOVERED = "discovered"
    CARD = "card"
    LEARNT = "learnt"


@dataclass(frozen=True, slots=True)
class Known:
    """Whether something is supported, and who says so."""

    support: Support
    source: Source


NOBODY_KNOWS = Known(Support.UNKNOWN, Source.PROFILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a member typed, read but not checked; pictures by their size after rotation."""

    prompt: str
    size: str | None = None
    seconds: int | None = None
    seed: int | None = None
    negative: str | None = None
    audio: bool | None = None
    picture: Size | None = None
    last_picture: Size | None = None

    def options(self) -> frozenset[Option]:
        """Return the options that were used."""
        used = {
            Option.PICTURE: self.picture is not None,
            Option.LAST_PICTURE: self.last_picture is not None,
            Option.SEED: self.seed is not None,
            Option.NEGATIVE: bool(self.negative and self.negative.strip()),
            Option.AUDIO: self.audio is not None,
        }
        return frozenset(option for option, is_used in used.items() if is_used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one model takes. The first size and `default_seconds` stand where the member chose nothing.

    `model` is what the API is told ("" is not sent), `label` what members read. An option that `options` does
    not name is unknown. `sizes_from` and `seconds_from` say who knows these lists. `sources` is what its API
    makes of an earlier video of its own.
    """

    model: str
    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    default_seconds: int
    label: str = ""
    options: Mapping[Option, Known] = field(default_factory=lambda: MappingProxyType({}))
    prompt_limit: int = 4000
    price_per_second: Decimal | None = None
    sizes_from: Source = Source.PROFILE
    seconds_from: Source = Source.PROFILE
    sources: frozenset[SourceUse] = frozenset()

    @property
    def shown_as(self) -> str:
        """What members read of the model, "" where it has no name."""
        return self.label or self.model

    def known(self, option: Option) -> Known:
        """Say whether the model takes the option, and who knows it."""
        return self.options.get(option, NOBODY_KNOWS)

    def request(self, asked: Asked) -> VideoRequest:
        """Build a request from what a member asked for; its pictures are named later.

        Without a size the first picture's shape decides.

        Raises:
            InvalidRequest: an option is out of range or not for this model; code and facts name it.
        """
        text = clean_prompt(asked.prompt)
        if not visible_length(text):
            raise InvalidRequest(code=Code.PROMPT_EMPTY)
        if len(text) > self.prompt_limit:
            raise InvalidRequest(code=Code.PROMPT_TOO_LONG, length=len(text), limit=self.prompt_limit)
        for option in Option:
            if option in asked.options() and self.known(option).support is Support.NO:
                raise InvalidRequest(
                    code=Code.OPTION_UNSUPPORTED, option=option.value, model=self.shown_as or "-"
                )
        if asked.last_picture is not None and asked.picture is None:
            raise InvalidRequest(code=Code.LAST_PICTURE_ALONE)
        if asked.seed is not None and not 0 <= asked.seed <= SEED_LIMIT:
            raise InvalidRequest(code=Code.SEED_UNKNOWN, limit=SEED_LIMIT)
        negative = (asked.negative or "").strip()
        if len(negative) > NEGATIVE_LIMIT:
            raise InvalidRequest(code=Code.NEGATIVE_TOO_LONG, length=len(negative), limit=NEGATIVE_LIMIT)
        return VideoRequest(
            prompt=text,
            size=self.choose_size(asked.size, asked.picture),
            seconds=self.choose_seconds(asked.seconds),
            model=self.model,
            seed=asked.seed,
            negative=negative or None,
            audio=asked.audio,
        )

    def choose_size(self, wanted: str | None, picture: Size | None = None) -> Size:
        """Take the wanted size, else the one nearest to the picture's shape, else the first."""
        if wanted is None:
            if picture is None:
                return self.sizes[0]
            return min(self.sizes, key=lambda size: lost_by_crop(size, picture))
        try:
            size = Size.parse(wanted)
        except ValueError:
            size = None
        if size is None or size not in self.sizes:
            allowed = ", ".join(map(str, self.sizes))
            raise InvalidRequest(code=Code.SIZE_UNKNOWN, size=wanted[:20], allowed=allowed)
        return size

    def choose_seconds(self, wanted: int | None) -> int:
        """Take the wanted length, else the default."""
        if wanted is None:
            return self.default_seconds
        if wanted not in self.seconds:
            allowed = ", ".join(map(str, self.seconds))
            raise InvalidRequest(code=Code.SECONDS_UNKNOWN, seconds=str(wanted), allowed=allowed)
        return wanted


def lost_by_crop(size: Size, picture: Size) -> float:
    """Say how much of the picture a cover crop to this shape would lose, 0 to 1."""
    return 1 - min(size.ratio, picture.ratio) / max(size.ratio, picture.ratio)
