"""What a member asks for."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.join import Join


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Width and height in pixels, written "1280x720"."""

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> "Size":
        """Read "1280x720" (also "1280×720").

        Raises:
            ValueError: the text is not two positive integers.
        """
        width, _, height = text.strip().lower().replace("×", "x").partition("x")
        size = cls(int(width), int(height))
        if size.width < 1 or size.height < 1:
            raise ValueError(f"{text!r} is not a size")
        return size

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


class SourceUse(StrEnum):
    """What an API does with an earlier video of its own."""

    EXTEND = "extend"
    REMIX = "remix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An earlier video over there that this one goes on with or changes."""

    use: SourceUse
    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """One render, complete and checked: what is sent and what is paid for.

    `picture` and `last_picture` are the workspace's names of the fitted first and last frame. `seed`,
    `negative` and `audio` are None where nobody asked. `style` is a preset's name, `typed` the text before
    it was enhanced or given a style. `join` makes a video of others instead of rendering one.
    """

    prompt: str
    size: Size
    seconds: int
    model: str = ""
    picture: str | None = None
    seed: int | None = None
    negative: str | None = None
    audio: bool | None = None
    last_picture: str | None = None
    style: str | None = None
    typed: str | None = None
    source: Source | None = None
    join: Join | None = None
