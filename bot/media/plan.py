"""How to encode a video so that it fits: bit rates and picture size, decided from its figures alone."""

from dataclasses import dataclass

from bot.domain.errors import CannotFit
from bot.domain.video import Size

_FILL = 0.975  # of the limit; the rest absorbs what rate control overshoots
_CONTAINER = 8_000  # bits a second for the index
_SPARSE = 0.035  # bits a pixel and frame: below, a smaller picture looks better (reference: media, section 5)
_WATCHABLE = 240  # pixels of the short side
_LONGEST_SIDE = 8192
_MOST_PIXELS = 36_000_000
_AUDIO_SHARE = 0.2
_AUDIO_RATE = range(32_000, 96_001)
_RICHEST = 100_000_000  # bits a second: more is never seen, and x264 counts its buffer in 31 bits
_KEPT_AUDIO = 130_000  # an AAC track up to here is copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """What matters of a video. `audio_rate` is in bits a second, 0 if unknown, None without audio.

    `plays_everywhere`: its codecs are H.264 and AAC, so that they can be copied into an MP4.
    """

    seconds: float
    fps: float
    size: Size
    audio_rate: int | None = None
    audio_is_aac: bool = False
    plays_everywhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Settings of one encode. Rates are bits a second; `buffer` is the rate control's, in bits.

    `audio_rate` None means that the audio, if there is any, is copied.
    """

    size: Size
    video_rate: int
    buffer: int
    audio_rate: int | None


def plan(footage: Footage, limit: int, share: float = 1.0) -> Plan:
    """Spread `share` of `limit` bytes over audio and video.

    Raises:
        CannotFit: the footage's figures are absurd, or the picture would have to be unwatchably small.
    """
    _check(footage)
    total = min(limit * 8 * _FILL * share / footage.seconds, _RICHEST) - _CONTAINER
    video, audio_rate = _split(footage, total)
    per_pixel = video / (footage.size.width * footage.size.height * footage.fps)
    scale = min(1.0, (max(per_pixel, 0) / _SPARSE) ** 0.5)
    short = min(footage.size.width, footage.size.height)
    if short * scale < min(short, _WATCHABLE):
        raise CannotFit(
            f"{footage.seconds:.0f} s in {limit} bytes leave {video / 1000:.0f} kbit/s for the picture"
        )
    return Plan(
        size=Size(_even(footage.size.width * scale), _even(footage.size.height * scale)),
        video_rate=int(video * 0.98),
        # Two seconds as measured; less for a short clip, which could spend a full buffer on top of its rate.
        buffer=int(video * min(2.0, footage.seconds / 6)),
        audio_rate=audio_rate,
    )


def _check(footage: Footage) -> None:
    width, height = footage.size.width, footage.size.height
    if footage.seconds <= 0 or footage.fps <= 0:
        raise CannotFit("the video does not say how long it is")
    if max(width, height) > _LONGEST_SIDE or width * height > _MOST_PIXELS or min(width, height) < 16:
        raise CannotFit(f"the video is {footage.size}")


def _split(footage: Footage, total: float) -> tuple[float, int | None]:
    """Return the video's rate, and the audio's where it must be encoded anew."""
    if footage.audio_rate is None:
        return total, None
    if footage.audio_is_aac and 0 < footage.audio_rate <= min(_KEPT_AUDIO, total * _AUDIO_SHARE):
        return total - footage.audio_rate, None
    rate = min(max(int(total * _AUDIO_SHARE), _AUDIO_RATE[0]), _AUDIO_RATE[-1])
    return total - rate, rate


def _even(pixels: float) -> int:
    """Round down to what 4:2:0 needs."""
    return max(16, int(pixels / 2) * 2)
