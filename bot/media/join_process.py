"""The child process that joins videos: `python -m bot.media.join_process` (see `bot.media.child`).

Its source is an order: `{"sources": ["/a.mp4", "/b.mp4"], "fade": false, "title": null, "captions": [],
"longest": null}`; a caption is `{"place": 1, "name": "Ada", "facts": "92 %"}`.
"""

import json
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from av.container import OutputContainer

from bot.domain.errors import CannotFit
from bot.domain.join import Caption
from bot.media.confined import Say, confined
from bot.media.join_copy import CannotCopy, CopiedPicture, CopiedSound
from bot.media.join_track import Silence, Track
from bot.media.plan import Footage, Plan, plan
from bot.media.reel import Reel, Splice, splice
from bot.media.reel_file import read_reel
from bot.media.transcode import reading, writing

_ATTEMPTS = 5
_SMALLER = 0.93
_LONGEST = 3600  # seconds; what claims more was made to keep us busy
_SOUND_RATE = 64_000  # bits a second and channel
_REORDERED = 1  # seconds by which a picture may be decoded before it is shown


def join_here(order: Path, target: Path, limit: int, say: Say) -> None:
    """Write one video of the order's sources, of at most `limit` bytes: by copying where that is possible."""
    wish = json.loads(order.read_text(encoding="utf-8"))
    sources = [Path(source) for source in wish["sources"]]
    reels = [read_reel(source) for source in sources]
    title: str | None = wish["title"]
    fade: bool = wish["fade"]
    captions = [Caption(**caption) for caption in wish["captions"]]
    longest = None if wish["longest"] is None else Fraction(wish["longest"]).limit_denominator(1000)
    cut = partial(
        splice, reels, fade=fade, title=title is not None, captioned=bool(captions), longest=longest
    )
    whole = cut()
    if whole.seconds > _LONGEST:
        raise CannotFit(f"the whole would last {float(whole.seconds):.0f} s")
    say(seconds=float(whole.seconds))
    join = _Join(sources, reels, title, captions, lambda percent: say(percent=percent))
    if whole.copy_picture and sum(source.stat().st_size for source in sources) <= limit:
        try:
            join.write(target, whole, None)
        except CannotCopy:
            pass
        else:
            if target.stat().st_size <= limit:
                return
    encoded = cut(may_copy=False)
    share = 1.0
    for _ in range(_ATTEMPTS):
        join.write(target, encoded, plan(_footage(encoded), limit, share))
        if target.stat().st_size <= limit:
            return
        share *= _SMALLER
    raise CannotFit(f"{_ATTEMPTS} attempts did not get below {limit} bytes")


def _footage(whole: Splice) -> Footage:
    return Footage(
        seconds=float(whole.seconds),
        fps=float(whole.fps),
        size=whole.size,
        audio_rate=whole.channels * _SOUND_RATE or None,
        audio_is_aac=True,
    )


class _Join:
    """One join, whose packets are written once or several times."""

    def __init__(
        self,
        sources: list[Path],
        reels: list[Reel],
        title: str | None,
        captions: Sequence[Caption],
        report: Callable[[int], None],
    ) -> None:
        self._sources = sources
        self._reels = reels
        self._title = title
        self._captions = captions
        self._report = report

    def write(self, target: Path, whole: Splice, aim: Plan | None) -> None:
        """Write the target: clip by clip, each packet as soon as it is read. `aim` None copies pictures."""
        with writing(target) as out:
            picture, sound = self._tracks(out, whole, aim)
            decodes = aim is not None or not whole.copy_sound
            clips = zip(self._sources, self._reels, whole.lengths, strict=True)
            for number, (source, reel, length) in enumerate(clips):
                picture.begin(number, reel)
                sound.begin(number, reel)
                with reading(source, probe=decodes) as container:
                    video = container.streams.video[0]
                    video.thread_type = "AUTO"
                    audio = container.streams.audio[:1] if reel.sound is not None else ()
                    percent = -1
                    for packet in container.demux(video, *audio):
                        if packet.stream.index != video.index:
                            sound.take(packet)
                            continue
                        if packet.pts is not None and packet.dts is not None:
                            if packet.dts * reel.tick - reel.start > length + _REORDERED:
                                continue  # not shown: not decoded either
                            at = (packet.pts * float(reel.tick) - float(reel.start)) / float(length)
                            percent = self._progress(number, at, percent)
                        picture.take(packet)
                picture.end()
                sound.end()
            picture.close()
            sound.close()

    def _tracks(self, out: OutputContainer, whole: Splice, aim: Plan | None) -> tuple[Track, Track]:
        with reading(self._sources[0]) as first:
            picture = (
                CopiedPicture(out, first.streams.video[0], whole)
                if aim is None
                else _encoded_picture(out, whole, aim, self._title, self._captions)
            )
            if not whole.channels:
                return picture, Silence()
            if whole.copy_sound and (aim is None or aim.audio_rate is None):
                return picture, CopiedSound(out, first.streams.audio[0], whole)
            rate = (aim and aim.audio_rate) or whole.channels * _SOUND_RATE
            return picture, _encoded_sound(out, whole, rate)

    def _progress(self, number: int, at: float, before: int) -> int:
        percent = max(before, min(99, int((number + min(max(at, 0.0), 1.0)) * 100 / len(self._reels))))
        if percent > before:
            self._report(percent)
        return percent


# numpy and the font are slow to import, and clips that match need neither.


def _encoded_picture(
    out: OutputContainer, whole: Splice, aim: Plan, title: str | None, captions: Sequence[Caption]
) -> Track:
    from bot.media.join_picture import EncodedPicture

    card, signs = None, []
    if title is not None:
        from bot.media.title_card import title_card

        card = partial(title_card, title)
    if captions:
        from bot.media.caption import Sign

        signs = [Sign(caption, aim.size).on for caption in captions]
    return EncodedPicture(out, whole, aim, card, signs)


def _encoded_sound(out: OutputContainer, whole: Splice, bit_rate: int) -> Track:
    from bot.media.join_sound import EncodedSound

    return EncodedSound(out, whole, bit_rate)


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], join_here))
