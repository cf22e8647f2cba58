"""What a member asks for, and what a model can do."""

from dataclasses import dataclass

from bot.domain.errors import Code, InvalidRequest
from bot.domain.prompt import clean_prompt, visible_length


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


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """One render, complete and checked: what is sent and what is paid for.

    `picture` is the workspace's name of the fitted reference picture.
    """

    prompt: str
    size: Size
    seconds: int
    model: str = ""
    picture: str | None = None
    seed: int | None = None
    negative: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one model takes. The first size and `default_seconds` stand where the member chose nothing."""

    model: str
    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    default_seconds: int
    picture: bool = True
    prompt_limit: int = 4000

    def request(
        self,
        *,
        prompt: str,
        size: str | None = None,
        seconds: int | None = None,
        picture: Size | None = None,
    ) -> VideoRequest:
        """Build a request from a member's options.

        `picture` is the size of the attached picture after rotation; without `size` its shape decides.

        Raises:
            InvalidRequest: an option is out of range; code and facts name it.
        """
        text = clean_prompt(prompt)
        if not visible_length(text):
            raise InvalidRequest(code=Code.PROMPT_EMPTY)
        if len(text) > self.prompt_limit:
            raise InvalidRequest(code=Code.PROMPT_TOO_LONG, length=len(text), limit=self.prompt_limit)
        if picture is not None and not self.picture:
            raise InvalidRequest(code=Code.PICTURE_UNSUPPORTED, model=self.model)
        return VideoRequest(
            prompt=text,
            size=self.choose_size(size, picture),
            seconds=self.choose_seconds(seconds),
            model=self.model,
        )

    def choose_size(self, wanted: str | None, picture: Size | None = None) -> Size:
        """Take the wanted size, else the one nearest to the picture's shape, else the first."""
        if wanted is None:
            if picture is None:
                return self.sizes[0]
            return min(self.sizes, key=lambda size: _mismatch(size, picture))
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


def _mismatch(size: Size, picture: Size) -> float:
    """Say how much of the picture a cover crop to this shape would lose, 0 to 1."""
    return 1 - min(size.ratio, picture.ratio) / max(size.ratio, picture.ratio)
