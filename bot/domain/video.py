"""What a member asks for."""

from dataclasses import dataclass


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

    `picture` and `last_picture` are the workspace's names of the fitted first and last frame. `seed`,
    `negative` and `audio` are None where nobody asked.
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
