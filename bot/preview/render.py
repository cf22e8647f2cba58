"""Render: one clip into one file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import av

from bot.preview.clip import Clip
from bot.preview.encoder import ahead, encode
from bot.preview.kenburns import kenburns
from bot.preview.mood import Mood, mood_of
from bot.preview.scene import scene
from bot.preview.sound import sound


def frames_of(clip: Clip) -> Iterator[av.VideoFrame]:
    """Yield the frames of a clip: its picture in motion, or a scene."""
    mood = mood_in(clip)
    return scene(clip, mood) if clip.picture is None else kenburns(clip, mood)


def mood_in(clip: Clip) -> Mood:
    """Return the mood that follows from a clip's prompts and seed."""
    return mood_of(clip.prompt, clip.negative_prompt, clip.rng("mood"))


def render(clip: Clip, path: Path, *, on_frame: Callable[[int], None]) -> None:
    """Render a clip into an MP4 at `path`; blocks for about a fifteenth of the clip's length.

    `on_frame` hears how many of `clip.frames` are done; whatever it raises stops the render. Raises
    av.FFmpegError or OSError if the file cannot be written.
    """
    with closing(ahead(frames_of(clip))) as frames:
        encode(path, frames, sound(clip, mood_in(clip)), size=(clip.width, clip.height), on_frame=on_frame)
